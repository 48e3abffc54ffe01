namespace MatchCluster.Matching.Images.Prints;

/// <summary>
/// Whether ridges are light on dark. What has no ridges round a print is paper or glass: where it is darker than the
/// print, the picture is a negative. A picture that is all print does not tell.
/// </summary>
internal static class Polarity
{
    private const int Block = 16;

    /// <summary>A block of ridges deviates by more.</summary>
    private const double Textured = 18;

    /// <summary>A block without anything deviates by less.</summary>
    private const double Flat = 8;

    /// <summary>The share of blocks that must be flat, and the share that must be print.</summary>
    private const double LeastShare = 0.06;

    /// <summary>Grey levels by which a negative's surroundings are darker than its print.</summary>
    private const double Darker = 25;

    /// <summary>True for light ridges on dark; false for dark ones and where it cannot be seen.</summary>
    public static bool IsNegative(GrayImage image)
    {
        ReadOnlySpan<byte> pixels = image.Pixels.Span;
        int blocks = 0;
        int flat = 0;
        int print = 0;
        double flatSum = 0;
        double printSum = 0;
        for (int y = 0; y + Block <= image.Height; y += Block)
        {
            for (int x = 0; x + Block <= image.Width; x += Block)
            {
                (double mean, double deviation) = Of(pixels, image.Width, x, y);
                blocks++;
                if (deviation < Flat)
                {
                    flat++;
                    flatSum += mean;
                }
                else if (deviation > Textured)
                {
                    print++;
                    printSum += mean;
                }
            }
        }

        int least = (int)Math.Ceiling(LeastShare * blocks);
        return flat >= least && print >= least && (flatSum / flat) + Darker < printSum / print;
    }

    /// <summary>The negative of a picture.</summary>
    public static GrayImage Invert(GrayImage image)
    {
        byte[] pixels = new byte[image.Pixels.Length];
        ReadOnlySpan<byte> source = image.Pixels.Span;
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)~source[i];
        }

        return image with { Pixels = pixels };
    }

    private static (double Mean, double Deviation) Of(ReadOnlySpan<byte> pixels, int width, int x, int y)
    {
        int sum = 0;
        int squares = 0;
        for (int row = y; row < y + Block; row++)
        {
            foreach (byte pixel in pixels.Slice((row * width) + x, Block))
            {
                sum += pixel;
                squares += pixel * pixel;
            }
        }

        double mean = sum / (double)(Block * Block);
        return (mean, Math.Sqrt(Math.Max(0, (squares / (double)(Block * Block)) - (mean * mean))));
    }
}
