using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Matching.Images.Records;

/// <summary>
/// ISO/IEC 19794-4:2005 and INCITS 381-2004, which share identifier and version; the American header has a product
/// identifier of four bytes more. Each is tried by its structure.
/// </summary>
internal static class FingerImages2005
{
    private const int ViewHeaderBytes = 14;
    private const int ProductIdBytes = 4;

    public static Decoded<RecordPictures> Read(ReadOnlyMemory<byte> bytes)
    {
        Decoded<RecordPictures> iso = Read(bytes, "ISO/IEC 19794-4:2005", 0);
        if (iso.IsAccepted)
        {
            return iso;
        }

        Decoded<RecordPictures> ansi = Read(bytes, "INCITS 381-2004", ProductIdBytes);
        return ansi.IsAccepted || ansi.Rejection.Offset > iso.Rejection.Offset ? ansi : iso;
    }

    private static Decoded<RecordPictures> Read(ReadOnlyMemory<byte> bytes, string standard, int productId)
    {
        List<string> warnings = [];
        List<RecordPicture> pictures = [];
        RecordReader reader = new(bytes.Span);
        reader.Skip(8, "identifier and version");
        long declared = ((long)reader.Word("record length") << 32) | reader.Long("record length");
        reader.Skip(productId, "product identifier");
        reader.Skip(4, "device and acquisition level");
        int fingers = reader.ByteIn(1, PictureRecords.MostPictures, "number of fingers");
        int units = reader.ByteIn(1, 2, "scale units");
        reader.Skip(4, "resolution of the scan");
        int? ppi = FingerFields.Ppi(ref reader, units, warnings);
        int depth = reader.ByteIn(1, 16, "pixel depth");
        int compression = reader.ByteIn(0, 6, "compression");
        reader.Skip(2, "reserved bytes");
        for (int left = fingers; left > 0 && !reader.Failed && pictures.Count < PictureRecords.MostPictures; left--)
        {
            int views = 1;
            for (int view = 0; view < views && !reader.Failed; view++)
            {
                views = ReadView(ref reader, bytes, depth, compression, ppi, pictures);
            }
        }

        if (reader.Rejection is { } wrong)
        {
            return wrong;
        }

        if (declared != bytes.Length)
        {
            warnings.Add($"the record states {declared} bytes and has {bytes.Length}");
        }

        return new RecordPictures(standard, pictures, warnings);
    }

    /// <returns>How many views its finger has.</returns>
    private static int ReadView(
        ref RecordReader reader, ReadOnlyMemory<byte> bytes, int depth, int compression, int? ppi,
        List<RecordPicture> pictures)
    {
        int at = reader.Offset;
        long length = reader.Long("length of a view");
        int position = reader.Byte("finger position");
        int views = reader.ByteIn(1, PictureRecords.MostPictures, "count of views");
        reader.Skip(1, "view number");
        int quality = reader.Byte("quality");
        reader.Skip(1, "impression type");
        int width = reader.Word("width");
        int height = reader.Word("height");
        reader.Skip(1, "reserved byte");
        long picture = length - ViewHeaderBytes;
        if (!reader.Failed && (picture < 1 || picture > reader.Remaining))
        {
            reader.Reject(
                at, $"a view of {length} bytes", $"{ViewHeaderBytes + 1}..{reader.Remaining + ViewHeaderBytes}");
        }

        FingerImage finger = new(position, width, height, depth, compression, ppi, quality);
        if (!reader.Failed && FingerFields.Picture(ref reader, bytes, finger, (int)picture) is { } read)
        {
            pictures.Add(read);
        }

        return views;
    }
}
