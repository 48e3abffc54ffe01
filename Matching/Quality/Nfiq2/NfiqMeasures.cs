using MatchCluster.Matching.Images;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Quality.Nfiq2;

/// <summary>
/// The 69 measures of NFIQ 2 (ISO/IEC 29794-4; definitions read in NIST's NFIQ 2 sources, public domain) of a finger
/// image of 500 ppi with dark ridges. Whole numbers and square roots only, so that every machine gives the same bits.
/// </summary>
public sealed class NfiqMeasures
{
    /// <summary>Blocks of ridges at least: NFIQ 2 measures nothing with fewer.</summary>
    public const int LeastBlocks = 10;

    /// <summary>Pixels of a side at least, without the white frame.</summary>
    public const int LeastSide = 36;

    /// <summary>Pixels of a row at most, without the white frame; NFIQ 2 takes no more.</summary>
    public const int MostWidth = 800;

    /// <summary>Rows at most, without the white frame; NFIQ 2 takes no more.</summary>
    public const int MostHeight = 1000;

    private NfiqMeasures(NfiqEdition edition, PixelFrame part, double[] values, int regionPixels) =>
        (Edition, Part, Values, RegionPixels) = (edition, part, values, regionPixels);

    /// <summary>The edition whose measures these are.</summary>
    public NfiqEdition Edition { get; }

    /// <summary>What was measured: the image without its white frame.</summary>
    public PixelFrame Part { get; }

    /// <summary>The measures in the order of <see cref="NfiqMeasureNames.All"/>, which is the forest's.</summary>
    public IReadOnlyList<double> Values { get; }

    /// <summary>Pixels of the region of interest.</summary>
    public int RegionPixels { get; }

    /// <summary>A measure by its name.</summary>
    public double this[string name] => Values[NfiqMeasureNames.IndexOf(name)];

    /// <summary>The measures of an image, or why it has none.</summary>
    /// <param name="image">500 ppi, dark ridges on light.</param>
    /// <param name="minutiae">Minutiae in the image's pixels; their four measures are 0 without any.</param>
    /// <param name="edition">The edition whose forest shall read them.</param>
    public static Decoded<NfiqMeasures> Of(
        GrayImage image, IReadOnlyList<Minutia> minutiae, NfiqEdition edition)
    {
        GreyPlane whole = new(image.Pixels.Span, image.Width, image.Height, image.Width);
        if (WhiteFrame.Inside(whole) is not { } part)
        {
            return new Rejection(-1, "a white picture", "a finger");
        }

        if (part.Width is < LeastSide or > MostWidth || part.Height is < LeastSide or > MostHeight)
        {
            return new Rejection(
                -1, $"{part.Width}x{part.Height} pixels inside the white frame",
                $"{LeastSide}..{MostWidth} x {LeastSide}..{MostHeight}");
        }

        GreyPlane plane = whole.Cut(part.X, part.Y, part.Width, part.Height);
        var sums = BlockSums.Of(plane);
        if (sums.Whole.Variance < 1)
        {
            return new Rejection(-1, "a picture of one grey level", "a finger");
        }

        IReadOnlyList<RidgeBlock> blocks = RidgeBlock.Of(plane, new Foreground(sums, RidgeBlock.Side));
        return blocks.Count < LeastBlocks
            ? new Rejection(-1, $"{blocks.Count} squares of 32 pixels with contrast", $"at least {LeastBlocks}")
            : Measure(plane, part, sums, blocks, MinutiaMeasures.Inside(minutiae, part), edition);
    }

    private static NfiqMeasures Measure(
        GreyPlane image, PixelFrame part, BlockSums sums, IReadOnlyList<RidgeBlock> blocks,
        IReadOnlyList<(int X, int Y)> minutiae, NfiqEdition edition)
    {
        double[] values = new double[NfiqMeasureNames.All.Count];
        double[] frequencies = new double[blocks.Count];
        double[] clarities = new double[blocks.Count];
        double[] ratios = new double[blocks.Count * RidgeValleyUniformity.MostRatios];
        int ratioCount = 0;
        for (int i = 0; i < blocks.Count; i++)
        {
            frequencies[i] = FrequencyDomain.Of(image, blocks[i]);
            clarities[i] = LocalClarity.Of(image, blocks[i]);
            ratioCount += RidgeValleyUniformity.Write(image, blocks[i], ratios.AsSpan(ratioCount));
        }

        MeasureHistogram.Write(frequencies, FrequencyDomain.Limits, values.AsSpan(0));
        MinutiaMeasures.Write(image, sums, minutiae, values.AsSpan(12));
        using RegionOfInterest region = RegionOfInterest.Of(image, edition);
        values[16] = region.Mean;
        MeasureHistogram.Write(clarities, LocalClarity.Limits, values.AsSpan(17));
        values[29] = ContrastMeans.Mmb(sums);
        values[30] = ContrastMeans.Mu(sums);
        MeasureHistogram.Write(
            OrientationCertainty.Of(image), OrientationCertainty.Limits, values.AsSpan(31));
        MeasureHistogram.Write(
            OrientationFlow.Of(image, sums, edition), OrientationFlow.Limits, values.AsSpan(43));
        (values[56], values[55]) = RegionCoherence.Of(image, region, edition);
        MeasureHistogram.Write(
            ratios.AsSpan(0, ratioCount), RidgeValleyUniformity.Limits, values.AsSpan(57));
        return new NfiqMeasures(edition, part, values, region.Pixels);
    }
}
