using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Images.Tiff;

/// <summary>
/// Reads the first picture of a TIFF 6.0: grey, palette, RGB and CMYK, in strips or tiles. The directory is read and
/// checked here; samples without compression are too, the rest goes through a library, part by part.
/// </summary>
internal static class TiffReader
{
    public static Decoded<GrayImage> Read(ReadOnlyMemory<byte> file)
    {
        if (TiffDirectory.Read(file) is not { } directory)
        {
            return new Rejection(4, "no directory of tags within the file", "the first directory of a TIFF");
        }

        Decoded<TiffLayout> read = TiffLayout.Read(directory, file.Length);
        if (!read.IsAccepted)
        {
            return read.Rejection;
        }

        TiffLayout layout = read.Value;
        TiffSamples samples = new(directory, layout);
        Rejection? fault;
        try
        {
            fault = layout.Compression == TiffLayout.Plain ? ReadPlain(file.Span, layout, samples)
                : ReadCompressed(file, directory, layout, samples);
        }
        catch (Exception damaged) when (damaged is IndexOutOfRangeException or ArgumentException
            or InvalidOperationException or NullReferenceException or IOException or ArithmeticException
            or InvalidCastException or NotSupportedException or FormatException)
        {
            // The library is not written for hostile data: whatever it throws means that they are damaged.
            fault = new Rejection(-1, "compressed samples that are damaged", "whole strips or tiles");
        }

        return fault is not null ? fault : ToImage(directory, layout, samples);
    }

    private static GrayImage ToImage(TiffDirectory directory, TiffLayout layout, TiffSamples samples)
    {
        List<string> warnings = [];
        if (directory.HasNext)
        {
            warnings.Add("of several pictures the first is taken");
        }

        int orientation = (int)directory.Number(TiffTag.Orientation, Orientation.Upright);
        GrayImage image = Orientation.Apply(
            layout.Width, layout.Height, samples.ToPixels(warnings), orientation, warnings);
        return image with { StatedPpi = PpiOf(directory, warnings), Warnings = warnings };
    }

    /// <summary>The resolution in the tags of a TIFF or of Exif data.</summary>
    public static int? PpiOf(TiffDirectory directory, List<string> warnings)
    {
        double across = directory.Fraction(TiffTag.ResolutionAcross);
        double down = directory.Fraction(TiffTag.ResolutionDown);
        return directory.Number(TiffTag.ResolutionUnit, 2) switch
        {
            2 => StatedResolution.OfInches(across, down, warnings),
            3 => StatedResolution.OfCentimetres(across, down, warnings),
            _ => null,
        };
    }

    private static Rejection? ReadPlain(ReadOnlySpan<byte> file, TiffLayout layout, TiffSamples samples)
    {
        for (int part = 0; part < layout.PartsAcross * layout.PartsDown; part++)
        {
            int rows = layout.IsTiled ? layout.PartHeight
                : Math.Min(layout.PartHeight, layout.Height - (part * layout.PartHeight));
            long bytes = (long)rows * layout.Stride;
            if (bytes > file.Length - layout.Offsets[part])
            {
                return new Rejection(
                    file.Length, $"the end in strip or tile {part}", $"{bytes} bytes from {layout.Offsets[part]}");
            }

            samples.Put(part, file.Slice((int)layout.Offsets[part], (int)bytes), isFileOrder: true);
        }

        return null;
    }

    private static Rejection? ReadCompressed(
        ReadOnlyMemory<byte> file, TiffDirectory directory, TiffLayout layout, TiffSamples samples)
    {
        using TiffParts parts = new(file, directory, layout);
        byte[] buffer = new byte[layout.Stride * layout.PartHeight];
        for (int part = 0; part < layout.PartsAcross * layout.PartsDown; part++)
        {
            int rows = layout.IsTiled ? layout.PartHeight
                : Math.Min(layout.PartHeight, layout.Height - (part * layout.PartHeight));
            if (!parts.Read(part, buffer, layout.IsTiled))
            {
                return new Rejection(
                    layout.Offsets[part], $"strip or tile {part} that is damaged", "whole strips or tiles");
            }

            samples.Put(part, buffer.AsSpan(0, rows * layout.Stride), isFileOrder: false);
        }

        return null;
    }
}
