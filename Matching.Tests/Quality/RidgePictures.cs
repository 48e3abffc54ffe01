using MatchCluster.Matching.Images;

namespace MatchCluster.Matching.Tests.Quality;

/// <summary>Pictures of ridges whose period and direction are known, drawn by formulas.</summary>
internal static class RidgePictures
{
    /// <summary>Stripes whose darkness is a cosine.</summary>
    /// <param name="period">Pixels from ridge to ridge.</param>
    /// <param name="degrees">Direction across the ridges.</param>
    /// <param name="contrast">Half of the difference between the darkest and the lightest pixel.</param>
    /// <param name="mean">Mean grey level.</param>
    public static GrayImage Stripes(
        double period, double degrees, int side = 256, double contrast = 100, double mean = 128) =>
        Draw(side, side, (x, y) =>
        {
            (double sine, double cosine) = Math.SinCos(degrees * Math.PI / 180);
            return mean - (contrast * Math.Cos(((x * cosine) + (y * sine)) * 2 * Math.PI / period));
        });

    /// <summary>Upright stripes with sharp edges: so many dark columns, then so many light ones.</summary>
    public static GrayImage Bars(int dark, int light, int side = 256) =>
        Draw(side, side, (x, _) => x % (dark + light) < dark ? 40 : 220);

    /// <summary>Grey levels by a seeded generator.</summary>
    public static GrayImage Noise(int seed, int side = 256)
    {
        var random = new Random(seed);
        return Draw(side, side, (_, _) => random.Next(256));
    }

    /// <summary>Rings about the middle: a direction at every angle, as on a whorl.</summary>
    public static GrayImage Rings(double period, int side = 256) =>
        Draw(side, side, (x, y) =>
        {
            double radius = Math.Sqrt(Math.Pow(x - (side / 2.0), 2) + Math.Pow(y - (side / 2.0), 2));
            return 128 - (100 * Math.Cos(radius * 2 * Math.PI / period));
        });

    /// <summary>A picture with a frame of one grey level about it.</summary>
    public static GrayImage Framed(GrayImage image, int left, int top, int right, int bottom, byte level)
    {
        int width = left + image.Width + right;
        byte[] pixels = new byte[width * (top + image.Height + bottom)];
        pixels.AsSpan().Fill(level);
        for (int y = 0; y < image.Height; y++)
        {
            image.Pixels.Span.Slice(y * image.Width, image.Width).CopyTo(pixels.AsSpan(((top + y) * width) + left));
        }

        return new GrayImage(width, top + image.Height + bottom, pixels);
    }

    public static GrayImage Draw(int width, int height, Func<int, int, double> level)
    {
        byte[] pixels = new byte[width * height];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)Math.Clamp(Math.Round(level(i % width, i / width)), 0, 255);
        }

        return new GrayImage(width, height, pixels);
    }
}
