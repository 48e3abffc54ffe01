namespace MatchCluster.Matching.Quality.Nfiq2;

/// <summary>A rectangle of a picture in pixels.</summary>
public readonly record struct PixelFrame(int X, int Y, int Width, int Height);

/// <summary>
/// The part of a picture inside its nearly white frame: rows and columns at each edge whose mean exceeds 250 are left
/// out before anything is measured.
/// </summary>
internal static class WhiteFrame
{
    private const int WhiteMean = 250;

    /// <summary>The part; null where every row or column is nearly white.</summary>
    public static PixelFrame? Inside(GreyPlane image)
    {
        int top = 0;
        while (top < image.Height && IsWhiteRow(image, top))
        {
            top++;
        }

        int bottom = image.Height - 1;
        while (bottom > top && IsWhiteRow(image, bottom))
        {
            bottom--;
        }

        int left = 0;
        while (left < image.Width && IsWhiteColumn(image, left))
        {
            left++;
        }

        int right = image.Width - 1;
        while (right > left && IsWhiteColumn(image, right))
        {
            right--;
        }

        return top >= bottom || left >= right ? null
            : new PixelFrame(left, top, right - left + 1, bottom - top + 1);
    }

    private static bool IsWhiteRow(GreyPlane image, int y)
    {
        long sum = 0;
        foreach (byte pixel in image.Row(y))
        {
            sum += pixel;
        }

        return sum > (long)WhiteMean * image.Width;
    }

    private static bool IsWhiteColumn(GreyPlane image, int x)
    {
        long sum = 0;
        for (int y = 0; y < image.Height; y++)
        {
            sum += image.Row(y)[x];
        }

        return sum > (long)WhiteMean * image.Height;
    }
}
