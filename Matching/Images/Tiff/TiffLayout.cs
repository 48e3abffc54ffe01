using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Images.Tiff;

/// <summary>How the samples of a picture lie in the file, checked against limits and the file's length.</summary>
internal sealed record TiffLayout
{
    /// <summary>Compression of the file.</summary>
    public const int Plain = 1;
    private const int FaxRuns = 2;
    private const int Fax3 = 3;
    private const int Fax4 = 4;
    private const int Lzw = 5;
    private const int Deflate = 8;
    private const int OldDeflate = 32946;
    private const int PackBits = 32773;

    /// <summary>Photometric interpretation of the file.</summary>
    public const int WhiteIsZero = 0;
    public const int BlackIsZero = 1;
    public const int Rgb = 2;
    public const int Palette = 3;
    public const int Cmyk = 5;

    private const int MostParts = 20_000;

    public required int Width { get; init; }

    public required int Height { get; init; }

    public required int Bits { get; init; }

    public required int Samples { get; init; }

    public required int Compression { get; init; }

    public required int Photometric { get; init; }

    public required int Predictor { get; init; }

    /// <summary>Size of the strips or tiles.</summary>
    public required int PartWidth { get; init; }

    public required int PartHeight { get; init; }

    public required bool IsTiled { get; init; }

    public required long[] Offsets { get; init; }

    public required long[] Lengths { get; init; }

    public int PartsAcross => (Width + PartWidth - 1) / PartWidth;

    public int PartsDown => (Height + PartHeight - 1) / PartHeight;

    /// <summary>Bytes of a row of a part.</summary>
    public int Stride => ((PartWidth * Samples * Bits) + 7) / 8;

    public static Decoded<TiffLayout> Read(TiffDirectory directory, long fileBytes)
    {
        long width = directory.Number(TiffTag.Width, 0);
        long height = directory.Number(TiffTag.Height, 0);
        long bits = directory.Number(TiffTag.Bits, 1);
        long samples = directory.Number(TiffTag.Samples, 1);
        if (FaultOf(directory, bits, samples) is { } fault)
        {
            return fault;
        }

        if (ImageLimits.FaultOf(-1, width, height, (int)(bits * samples)) is { } wrong)
        {
            return wrong;
        }

        bool isTiled = directory.Has(TiffTag.TileWidth);
        long partWidth = isTiled ? directory.Number(TiffTag.TileWidth, 0) : width;
        long partHeight = isTiled ? directory.Number(TiffTag.TileHeight, 0)
            : Math.Clamp(directory.Number(TiffTag.RowsPerStrip, height), 1, height);
        if (isTiled && (partWidth is < 16 or > 4096 || partHeight is < 16 or > 4096 || partWidth % 16 != 0
            || partHeight % 16 != 0))
        {
            return new Rejection(-1, $"tiles of {partWidth} x {partHeight}", "multiples of 16 up to 4096");
        }

        TiffLayout layout = new()
        {
            Width = (int)width,
            Height = (int)height,
            Bits = (int)bits,
            Samples = (int)samples,
            Compression = (int)directory.Number(TiffTag.Compression, Plain),
            Photometric = (int)directory.Number(TiffTag.Photometric, BlackIsZero),
            Predictor = (int)directory.Number(TiffTag.Predictor, 1),
            PartWidth = (int)partWidth,
            PartHeight = (int)partHeight,
            IsTiled = isTiled,
            Offsets = directory.Numbers(isTiled ? TiffTag.TileOffsets : TiffTag.StripOffsets, MostParts) ?? [],
            Lengths = directory.Numbers(isTiled ? TiffTag.TileBytes : TiffTag.StripBytes, MostParts) ?? [],
        };
        return layout.PartsFault(fileBytes) is { } missing ? missing : layout;
    }

    private static Rejection? FaultOf(TiffDirectory directory, long bits, long samples)
    {
        long photometric = directory.Number(TiffTag.Photometric, BlackIsZero);
        long compression = directory.Number(TiffTag.Compression, Plain);
        long[] depths = directory.Numbers(TiffTag.Bits, 8) ?? [1];
        bool fits = (photometric, bits, samples) switch
        {
            (WhiteIsZero or BlackIsZero, 1 or 2 or 4, 1) => true,
            (WhiteIsZero or BlackIsZero, 8 or 16, 1 or 2) => true,
            (Palette, 1 or 2 or 4 or 8, 1) => true,
            (Rgb, 8 or 16, 3 or 4) => true,
            (Cmyk, 8, 4) => true,
            _ => false,
        };
        if (!fits || depths.Any(depth => depth != bits))
        {
            return new Rejection(
                -1, $"a TIFF of photometric interpretation {photometric} with {samples} samples of {bits} bits",
                "grey, palette, RGB or CMYK");
        }

        if (directory.Number(TiffTag.Planar, 1) != 1 && samples > 1)
        {
            return new Rejection(-1, "a TIFF whose channels lie apart", "channels side by side");
        }

        if (directory.Number(TiffTag.SampleFormat, 1) is not (1 or 4))
        {
            return new Rejection(-1, "signed or floating samples", "unsigned integers");
        }

        if (directory.Number(TiffTag.Predictor, 1) is not (1 or 2))
        {
            return new Rejection(-1, $"predictor {directory.Number(TiffTag.Predictor, 1)}", "1 or 2");
        }

        return compression is Plain or FaxRuns or Fax3 or Fax4 or Lzw or Deflate or OldDeflate or PackBits ? null
            : new Rejection(
                -1, $"TIFF compression {compression}", "none, LZW, Deflate, PackBits or fax");
    }

    /// <summary>What is wrong with the places of the parts.</summary>
    private Rejection? PartsFault(long fileBytes)
    {
        int wanted = PartsAcross * PartsDown;
        bool lacksLengths = Compression == Plain && Lengths.Length == 0;
        if (wanted > MostParts || Offsets.Length < wanted || (Lengths.Length < wanted && !lacksLengths))
        {
            return new Rejection(
                -1, $"{Offsets.Length} strips or tiles", $"{wanted}, at most {MostParts}, with their lengths");
        }

        if (Lengths.Sum() > fileBytes)
        {
            return new Rejection(-1, "strips or tiles that overlap", $"at most {fileBytes} bytes of them together");
        }

        for (int i = 0; i < wanted; i++)
        {
            long length = lacksLengths ? 1 : Lengths[i];
            if (Offsets[i] > fileBytes || length > fileBytes - Offsets[i])
            {
                return new Rejection(
                    Offsets[i], $"strip or tile {i} of {length} bytes", "all of it before the end of the file");
            }
        }

        return null;
    }
}
