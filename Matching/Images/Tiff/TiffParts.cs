using BitMiracle.LibTiff.Classic;
using LibTiff = BitMiracle.LibTiff.Classic.Tiff;

namespace MatchCluster.Matching.Images.Tiff;

/// <summary>
/// The strips or tiles of a compressed picture. The library never sees the file: it is given a directory that holds
/// only what was checked, and the compressed parts.
/// </summary>
internal sealed class TiffParts : IDisposable
{
    private const int HeaderBytes = 8;
    private const int EntryBytes = 12;
    private const int WordType = 3;
    private const int LongType = 4;

    private readonly LibTiff? library;

    public TiffParts(ReadOnlyMemory<byte> file, TiffDirectory directory, TiffLayout layout)
    {
        LibTiff.SetErrorHandler(Silence.Instance);
        this.library = LibTiff.ClientOpen(
            "picture", "r", new MemoryStream(Rebuilt(file.Span, directory, layout), writable: false),
            new TiffStream());
    }

    /// <summary>One strip or tile without its compression.</summary>
    /// <returns>False where its data are damaged.</returns>
    public bool Read(int index, byte[] samples, bool isTiled)
    {
        if (this.library is null)
        {
            return false;
        }

        int read = isTiled ? this.library.ReadEncodedTile(index, samples, 0, samples.Length)
            : this.library.ReadEncodedStrip(index, samples, 0, samples.Length);
        return read > 0;
    }

    public void Dispose() => this.library?.Dispose();

    private static byte[] Rebuilt(ReadOnlySpan<byte> file, TiffDirectory directory, TiffLayout layout)
    {
        int parts = layout.PartsAcross * layout.PartsDown;
        List<(int Tag, long Value)> tags =
        [
            (TiffTag.Width, layout.Width), (TiffTag.Height, layout.Height), (TiffTag.Bits, layout.Bits),
            (TiffTag.Compression, layout.Compression),
            (TiffTag.Photometric, layout.Photometric == TiffLayout.WhiteIsZero ? 0 : 1),
            (TiffTag.FillOrder, directory.Number(TiffTag.FillOrder, 1) == 2 ? 2 : 1),
            (TiffTag.Samples, layout.Samples),
        ];
        tags.AddRange(layout.IsTiled
            ?
            [
                (TiffTag.Planar, 1), (TiffTag.FaxOptions, directory.Number(TiffTag.FaxOptions, 0) & 7),
                (TiffTag.Predictor, layout.Predictor), (TiffTag.TileWidth, layout.PartWidth),
                (TiffTag.TileHeight, layout.PartHeight), (TiffTag.TileOffsets, -1), (TiffTag.TileBytes, -1),
            ]
            :
            [
                (TiffTag.StripOffsets, -1), (TiffTag.RowsPerStrip, layout.PartHeight), (TiffTag.StripBytes, -1),
                (TiffTag.Planar, 1), (TiffTag.FaxOptions, directory.Number(TiffTag.FaxOptions, 0) & 7),
                (TiffTag.Predictor, layout.Predictor),
            ]);
        tags.RemoveAll(tag => tag.Tag == TiffTag.FaxOptions && layout.Compression != 3);
        tags.RemoveAll(tag => tag.Tag == TiffTag.Predictor && tag.Value == 1);

        int listsAt = HeaderBytes + 2 + (tags.Count * EntryBytes) + 4;
        int dataAt = listsAt + (parts * 8);
        TiffBytes built = new(dataAt + (int)layout.Lengths.Take(parts).Sum(), directory.IsBigEndian);
        built.Word(2, 42);
        built.Int(4, HeaderBytes);
        built.Word(HeaderBytes, tags.Count);
        for (int i = 0; i < tags.Count; i++)
        {
            (int tag, long value) = tags[i];
            int entry = HeaderBytes + 2 + (i * EntryBytes);
            bool isOffsets = tag is TiffTag.StripOffsets or TiffTag.TileOffsets;
            long listed = parts > 1 ? listsAt + (isOffsets ? 0 : parts * 4) : isOffsets ? dataAt : layout.Lengths[0];
            built.Word(entry, tag);
            bool isWord = value is >= 0 and <= ushort.MaxValue && tag != TiffTag.FaxOptions;
            built.Word(entry + 2, isWord ? WordType : LongType);
            built.Int(entry + 4, value < 0 ? parts : 1);
            if (isWord)
            {
                built.Word(entry + 8, (int)value);
            }
            else
            {
                built.Int(entry + 8, value < 0 ? listed : value);
            }
        }

        int at = dataAt;
        for (int i = 0; i < parts; i++)
        {
            int length = (int)layout.Lengths[i];
            built.Int(listsAt + (i * 4), at);
            built.Int(listsAt + ((parts + i) * 4), length);
            file.Slice((int)layout.Offsets[i], length).CopyTo(built.Bytes.AsSpan(at));
            at += length;
        }

        return built.Bytes;
    }

    /// <summary>The library writes what it finds to the console otherwise.</summary>
    private sealed class Silence : TiffErrorHandler
    {
        public static readonly Silence Instance = new();

        public override void ErrorHandler(LibTiff tif, string method, string format, params object[] args)
        {
            // What is wrong is seen by the parts that are not read.
        }

        public override void WarningHandler(LibTiff tif, string method, string format, params object[] args)
        {
            // A picture is checked by the limits, not by warnings.
        }

        public override void ErrorHandlerExt(
            LibTiff tif, object clientData, string method, string format, params object[] args)
        {
            // As above.
        }

        public override void WarningHandlerExt(
            LibTiff tif, object clientData, string method, string format, params object[] args)
        {
            // As above.
        }
    }
}
