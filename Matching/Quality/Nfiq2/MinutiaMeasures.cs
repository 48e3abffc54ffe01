using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Quality.Nfiq2;

/// <summary>
/// The four measures of minutiae. NFIQ 2 takes the minutiae that FingerJetFX finds; with any others the measures, and
/// the score that follows, are only like NFIQ 2's.
/// </summary>
internal static class MinutiaMeasures
{
    private const int Side = 32;
    private const int HalfRectangle = 100;
    private const int Certain = 80;

    /// <summary>
    /// Writes the count in a rectangle of 201 pixels about the minutiae's middle, the count of all, the share whose
    /// surroundings are darker than the mean by at most half a deviation, and the share whose orientation is certain
    /// to more than 80 %. Without minutiae all are 0.
    /// </summary>
    public static void Write(
        GreyPlane image, BlockSums sums, IReadOnlyList<(int X, int Y)> minutiae, Span<double> target)
    {
        target[..4].Clear();
        if (minutiae.Count == 0)
        {
            return;
        }

        int middleX = (int)(minutiae.Sum(it => (long)it.X) / minutiae.Count);
        int middleY = (int)(minutiae.Sum(it => (long)it.Y) / minutiae.Count);
        BlockSum whole = sums.Whole;
        double deviation = Math.Sqrt(whole.Variance);
        int near = 0;
        int darker = 0;
        int certain = 0;
        foreach ((int x, int y) in minutiae)
        {
            near += Math.Abs(x - middleX) <= HalfRectangle && Math.Abs(y - middleY) <= HalfRectangle ? 1 : 0;
            int left = Math.Max(0, x - (Side / 2));
            int top = Math.Max(0, y - (Side / 2));
            double darkness = (whole.Mean - Mean(image.Block(left, top, Side))) / deviation;
            darker += darkness is > 0 and <= 0.5 ? 1 : 0;
            GreyPlane nearest = image.Cut(
                Math.Min(left, image.Width - Side), Math.Min(top, image.Height - Side), Side, Side);
            double certainty = GradientSums.Of(nearest).Certainty() ?? 0;
            certain += (int)((certainty * 100) + 0.5) > Certain ? 1 : 0;
        }

        target[0] = near;
        target[1] = minutiae.Count;
        target[2] = (double)darker / minutiae.Count;
        target[3] = (double)certain / minutiae.Count;
    }

    /// <summary>The minutiae inside a part of the picture, by the part's own coordinates.</summary>
    public static IReadOnlyList<(int X, int Y)> Inside(IReadOnlyList<Minutia> minutiae, PixelFrame part) =>
    [
        .. from minutia in minutiae
           let x = minutia.X - part.X
           let y = minutia.Y - part.Y
           where x >= 0 && y >= 0 && x < part.Width && y < part.Height
           select (x, y),
    ];

    private static double Mean(GreyPlane block)
    {
        int sum = 0;
        for (int y = 0; y < block.Height; y++)
        {
            foreach (byte pixel in block.Row(y))
            {
                sum += pixel;
            }
        }

        return (double)sum / (block.Width * block.Height);
    }
}
