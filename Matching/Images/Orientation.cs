namespace MatchCluster.Matching.Images;

/// <summary>
/// Turns pixels as the orientation tag of TIFF and Exif says (1 to 8): which side of the picture the first row and the
/// first column of the file are.
/// </summary>
internal static class Orientation
{
    public const int Upright = 1;
    private const int Last = 8;
    private const int FirstTransposed = 5;

    /// <summary>The picture upright, and a sentence about it where it was turned.</summary>
    /// <param name="width">Pixels of a row of the file.</param>
    /// <param name="height">Rows of the file.</param>
    /// <param name="pixels">Its pixels.</param>
    /// <param name="code">The tag; what it does not define is upright.</param>
    /// <param name="warnings">Gets the sentence.</param>
    public static GrayImage Apply(int width, int height, byte[] pixels, int code, List<string> warnings)
    {
        if (code is <= Upright or > Last)
        {
            return new GrayImage(width, height, pixels);
        }

        warnings.Add($"the picture is {Words(code)}, as its orientation tag {code} says");
        bool isTransposed = code >= FirstTransposed;
        int newWidth = isTransposed ? height : width;
        int newHeight = isTransposed ? width : height;
        byte[] turned = new byte[pixels.Length];
        for (int y = 0; y < newHeight; y++)
        {
            for (int x = 0; x < newWidth; x++)
            {
                (int column, int row) = Source(code, x, y, width, height);
                turned[(y * newWidth) + x] = pixels[(row * width) + column];
            }
        }

        return new GrayImage(newWidth, newHeight, turned);
    }

    /// <summary>A picture that is mirrored as it was before, with a sentence about it.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="across">Whether left and right are exchanged.</param>
    /// <param name="down">Whether top and bottom are.</param>
    public static GrayImage Unflip(GrayImage image, bool across, bool down)
    {
        byte[] pixels = new byte[image.Pixels.Length];
        for (int y = 0; y < image.Height; y++)
        {
            int from = down ? image.Height - 1 - y : y;
            Span<byte> row = pixels.AsSpan(y * image.Width, image.Width);
            image.Pixels.Span.Slice(from * image.Width, image.Width).CopyTo(row);
            if (across)
            {
                row.Reverse();
            }
        }

        string sides = across && down ? "left and right and top and bottom"
            : across ? "left and right" : "top and bottom";
        return image with
        {
            Pixels = pixels,
            Warnings = [.. image.Warnings, $"the picture had {sides} exchanged, as its record says"],
        };
    }

    private static (int Column, int Row) Source(int code, int x, int y, int width, int height) => code switch
    {
        2 => (width - 1 - x, y),
        3 => (width - 1 - x, height - 1 - y),
        4 => (x, height - 1 - y),
        5 => (y, x),
        6 => (y, height - 1 - x),
        7 => (width - 1 - y, height - 1 - x),
        _ => (width - 1 - y, x),
    };

    private static string Words(int code) => code switch
    {
        3 => "turned by 180 degrees",
        6 => "turned by 90 degrees",
        8 => "turned by 270 degrees",
        _ => "mirrored",
    };
}
