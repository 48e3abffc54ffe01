using MatchCluster.Matching.Images;
using MatchCluster.Matching.Quality.Nfiq2;

namespace MatchCluster.Matching.Quality;

/// <summary>What is read of a print to judge it.</summary>
/// <param name="RegionMm2">Area of the finger in square millimetres.</param>
/// <param name="ClearMm2">Area of it whose ridges have one direction.</param>
/// <param name="StrongMm2">The clear area, counted in part where its contrast is low.</param>
/// <param name="Coherence">Mean coherence of the direction in squares of 16 pixels of the finger, 0..1.</param>
/// <param name="Contrast">Mean deviation of the grey levels in these squares.</param>
/// <param name="Brightness">Mean grey level of the finger, 0 black.</param>
/// <param name="Unevenness">
/// Mean ratio of the widths of neighbouring ridges and valleys, either by the other: 1 where all are alike.
/// </param>
/// <param name="Flow">
/// How much the direction changes from square to square (mean orientation flow), 0 for straight ridges.
/// </param>
public sealed record PrintSigns(
    double RegionMm2, double ClearMm2, double StrongMm2, double Coherence, double Contrast, double Brightness,
    double Unevenness, double Flow)
{
    private const double MmPerPixel = 25.4 / 500;
    private const double LeastCoherence = 0.5;
    private const double LeastDeviation = 8;

    /// <summary>Deviation of grey levels from which on a clear square counts whole.</summary>
    private const double StrongDeviation = 40;

    /// <summary>The signs of an image of 500 ppi with dark ridges; null where it shows no contrast to read.</summary>
    public static PrintSigns? Of(GrayImage image)
    {
        GreyPlane whole = new(image.Pixels.Span, image.Width, image.Height, image.Width);
        if (WhiteFrame.Inside(whole) is not { } part
            || part.Width < NfiqMeasures.LeastSide || part.Height < NfiqMeasures.LeastSide)
        {
            return null;
        }

        GreyPlane plane = whole.Cut(part.X, part.Y, part.Width, part.Height);
        var sums = BlockSums.Of(plane);
        return sums.Whole.Variance < 1 ? null : Of(plane, sums);
    }

    private static PrintSigns Of(GreyPlane image, BlockSums sums)
    {
        using RegionOfInterest region = RegionOfInterest.Of(image, NfiqEdition.Version23);
        double coherence = 0;
        double deviation = 0;
        int count = 0;
        int clear = 0;
        double strong = 0;
        for (int row = 0; row < sums.Rows; row++)
        {
            for (int column = 0; column < sums.Columns; column++)
            {
                (int x, int y) = (column * BlockSums.Side, row * BlockSums.Side);
                if (!region.Touches(x, y, BlockSums.Side))
                {
                    continue;
                }

                double local = GradientSums.Of(image.Block(x, y, BlockSums.Side)).Coherence();
                double spread = Math.Sqrt(sums.Square(column, row, 1).Variance);
                coherence += local;
                deviation += spread;
                count++;
                if (local > LeastCoherence && spread > LeastDeviation)
                {
                    clear++;
                    strong += Math.Min(1, spread / StrongDeviation);
                }
            }
        }

        const double pixelMm2 = MmPerPixel * MmPerPixel;
        const double squareMm2 = BlockSums.Side * BlockSums.Side * pixelMm2;
        count = Math.Max(1, count);
        return new PrintSigns(
            region.Pixels * pixelMm2, clear * squareMm2, strong * squareMm2, coherence / count, deviation / count,
            region.Mean, Ratio(image, sums), MeanFlow(image, sums));
    }

    /// <summary>The mean ratio; 2, which is poor, where no block has a whole ridge and valley.</summary>
    private static double Ratio(GreyPlane image, BlockSums sums)
    {
        Span<double> ratios = stackalloc double[RidgeValleyUniformity.MostRatios];
        double sum = 0;
        int count = 0;
        foreach (RidgeBlock block in RidgeBlock.Of(image, new Foreground(sums, RidgeBlock.Side)))
        {
            int written = RidgeValleyUniformity.Write(image, block, ratios);
            count += written;
            foreach (double ratio in ratios[..written])
            {
                sum += ratio;
            }
        }

        return count == 0 ? 2 : sum / count;
    }

    private static double MeanFlow(GreyPlane image, BlockSums sums)
    {
        double[] flow = OrientationFlow.Of(image, sums, NfiqEdition.Version23);
        double sum = 0;
        foreach (double value in flow)
        {
            sum += value;
        }

        return flow.Length == 0 ? 0 : sum / flow.Length;
    }
}
