using MatchCluster.Matching.Images;

namespace MatchCluster.Matching.Tests.Images;

/// <summary>Pictures made for tests: waves like ridges with some noise, the same for everybody.</summary>
internal static class WsqPictures
{
    public static GrayImage Ridges(int width, int height, int seed = 1)
    {
        Random random = new(seed);
        byte[] pixels = new byte[width * height];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                double bend = Math.Sqrt(((x - (width / 2.0)) * (x - (width / 2.0))) + (y * (double)y));
                double value = 128 + (90 * Math.Sin(bend * 2 * Math.PI / 9)) + random.Next(-12, 13);
                pixels[(y * width) + x] = (byte)Math.Clamp(value, 0, 255);
            }
        }

        return new GrayImage(width, height, pixels) { StatedPpi = 500 };
    }

    /// <summary>From black at the top left to white at the bottom right.</summary>
    public static GrayImage Slope(int width, int height)
    {
        byte[] pixels = new byte[width * height];
        for (int i = 0; i < pixels.Length; i++)
        {
            pixels[i] = (byte)(((i % width) + (i / width)) * 255.0 / (width + height));
        }

        return new GrayImage(width, height, pixels);
    }

    public static GrayImage Flat(int width, int height, byte value)
    {
        byte[] pixels = new byte[width * height];
        Array.Fill(pixels, value);
        return new GrayImage(width, height, pixels);
    }
}
