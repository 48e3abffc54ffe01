using MatchCluster.Matching.Images;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Matching.Extraction.Slaps;

/// <summary>
/// Cuts a finger out of the picture that was segmented last: upright, with what belongs to its neighbours painted in
/// the grey of the ground.
/// </summary>
internal sealed class FingerCut(RidgeEnergy energy, SlapMask mask, FingerOwners owners)
{
    /// <summary>Pixels round the box, 1.2 mm.</summary>
    private const int Margin = 24;

    /// <summary>Degrees below which pixels are taken as they are.</summary>
    private const double Upright = 2;

    /// <summary>The finger alone.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="finger">One of its fingers.</param>
    /// <param name="owner">The finger's number from the left, from 1.</param>
    public GrayImage Of(GrayImage image, SlapFinger finger, int owner)
    {
        int width = Math.Max((int)finger.Width + (2 * Margin), ExtractionLimits.ShortestSide);
        int height = Math.Max((int)finger.Length + Margin, ExtractionLimits.ShortestSide);
        bool isUpright = Math.Abs(finger.Degrees) < Upright;
        double cosine = isUpright ? 1 : StableMath.Cos(finger.Degrees / 360);
        double sine = isUpright ? 0 : StableMath.Sin(finger.Degrees / 360);
        double top = (-finger.Length / 2) - Margin;
        ReadOnlySpan<byte> pixels = image.Pixels.Span;
        byte[] found = new byte[width * height];
        Span<float> weights = stackalloc float[8];
        for (int row = 0; row < height; row++)
        {
            for (int column = 0; column < width; column++)
            {
                double s = column - ((width - 1) / 2.0);
                double t = row + top;
                double x = finger.X + (cosine * s) - (sine * t);
                double y = finger.Y + (sine * s) + (cosine * t);
                found[(row * width) + column] = !IsOwn(x, y, owner) ? mask.Ground
                    : isUpright ? Nearest(image, pixels, x, y)
                    : Cubic(image, pixels, x, y, weights);
            }
        }

        return new GrayImage(width, height, found) { StatedPpi = FingerExtractor.WorkingPpi };
    }

    private bool IsOwn(double x, double y, int owner)
    {
        int column = (int)x / RidgeGrid.Block;
        int row = (int)y / RidgeGrid.Block;
        if (x < 0 || y < 0 || column >= energy.Columns || row >= energy.Rows)
        {
            return false;
        }

        int found = owners.Owners[(row * energy.Columns) + column];
        return found == 0 || found == owner;
    }

    private static byte Nearest(GrayImage image, ReadOnlySpan<byte> pixels, double x, double y) =>
        pixels[(Math.Clamp((int)y, 0, image.Height - 1) * image.Width) + Math.Clamp((int)x, 0, image.Width - 1)];

    /// <summary>Cubic convolution over 4 x 4 pixels (Keys 1981), in single precision and a fixed order.</summary>
    private static byte Cubic(GrayImage image, ReadOnlySpan<byte> pixels, double x, double y, Span<float> weights)
    {
        int left = (int)x;
        int top = (int)y;
        if (left < 1 || top < 1 || left + 2 >= image.Width || top + 2 >= image.Height)
        {
            return Nearest(image, pixels, x, y);
        }

        Weigh((float)(x - left), weights[..4]);
        Weigh((float)(y - top), weights[4..]);
        float sum = 0;
        for (int k = 0; k < 4; k++)
        {
            ReadOnlySpan<byte> row = pixels.Slice(((top + k - 1) * image.Width) + left - 1, 4);
            float part = (row[0] * weights[0]) + (row[1] * weights[1]) + (row[2] * weights[2]) + (row[3] * weights[3]);
            sum += part * weights[4 + k];
        }

        return (byte)Math.Clamp((int)(sum + 0.5f), 0, 255);
    }

    private static void Weigh(float part, Span<float> weights)
    {
        float square = part * part;
        float cube = square * part;
        weights[0] = ((-0.5f * cube) + square) - (0.5f * part);
        weights[1] = ((1.5f * cube) - (2.5f * square)) + 1;
        weights[2] = ((-1.5f * cube) + (2 * square)) + (0.5f * part);
        weights[3] = (0.5f * cube) - (0.5f * square);
    }
}
