namespace MatchCluster.Matching.Extraction;

/// <summary>Whether what was found is one finger, and if not, what is wrong with the picture.</summary>
internal static class PrintJudgement
{
    /// <summary>Blocks of ridges that a print needs, 27 mm² or about 5 x 5 mm.</summary>
    private const int LeastBlocks = 160;

    /// <summary>Blocks below which a print without minutiae is a part of one: no whole print is so small.</summary>
    private const int PartOfPrint = 600;

    /// <summary>Blocks of the largest rolled thumb, 40 x 38 mm. A palm is larger.</summary>
    private const int MostBlocks = 9200;

    /// <summary>Blocks of a second part that is a finger too, and its share of the first.</summary>
    private const int SecondFinger = 500;

    private const double SecondShare = 0.5;

    /// <summary>Fewer minutiae do not make a cylinder for a comparison.</summary>
    private const int LeastMinutiae = 4;

    /// <summary>Directions of a finger's ridges are never so much alike: a grating's are.</summary>
    private const double MostUniformity = 0.985;

    /// <summary>
    /// Agreement of neighbouring directions that ridges have: 0.93 and more in 576 prints, good and bad;
    /// noise as coarse as ridges has 0.85.
    /// </summary>
    private const double LeastCoherence = 0.88;

    /// <summary>
    /// Texture that is coarser than ridges and hardly explained by waves: irises have periods of 11 to 14
    /// pixels there; prints that are as unclear lie below 10.6.
    /// </summary>
    private const double UnclearShare = 0.32;

    private const double UnclearPeriod = 10.9;

    /// <summary>Mean grey of a picture that is nearly black, or nearly white.</summary>
    private const double Dark = 45;

    private const double Light = 225;

    /// <summary>Median periods of fingers lie between these, pixels at 500 ppi.</summary>
    private const double ShortestPeriod = 6.2;

    private const double LongestPeriod = 12.6;

    public static FingerExtraction? FailureOf(PrintSummary print, int minutiae)
    {
        ExtractionFailure poor = print.Brightness < Dark ? ExtractionFailure.TooDark
            : print.Brightness > Light ? ExtractionFailure.TooLight
            : ExtractionFailure.NoFingerprint;
        if (print.Blocks == 0)
        {
            return FingerExtractor.Failed(
                poor, $"no ridges in a picture of mean grey {print.Brightness:0}",
                $"ridges on at least {Area(LeastBlocks):0} mm²");
        }

        if (print.Blocks < LeastBlocks)
        {
            return FingerExtractor.Failed(
                poor == ExtractionFailure.NoFingerprint ? ExtractionFailure.TooSmall : poor,
                $"ridges on {print.SquareMillimetres:0} mm²", $"at least {Area(LeastBlocks):0}");
        }

        if (print.SecondBlocks >= SecondFinger && print.SecondBlocks >= SecondShare * print.Blocks)
        {
            return FingerExtractor.Failed(
                ExtractionFailure.SeveralFingers,
                $"ridges on {print.SquareMillimetres:0} mm² and, apart from them, on "
                    + $"{Area(print.SecondBlocks):0} mm²",
                "one finger (several go together under the label of a slap)");
        }

        if (print.Blocks > MostBlocks)
        {
            return FingerExtractor.Failed(
                ExtractionFailure.TooLarge,
                $"ridges on {print.SquareMillimetres:0} mm², which no finger has", $"at most {Area(MostBlocks):0}");
        }

        if (print.Coherence < LeastCoherence)
        {
            return FingerExtractor.Failed(
                ExtractionFailure.NoFingerprint,
                $"directions that agree by {print.Coherence:0.00}", $"at least {LeastCoherence}");
        }

        if (print.Clarity < UnclearShare && print.Period > UnclearPeriod)
        {
            return FingerExtractor.Failed(
                ExtractionFailure.NoFingerprint,
                $"lines {print.Period:0.0} pixels apart that explain {print.Clarity:0.00} of the picture",
                $"less than {UnclearPeriod} or at least {UnclearShare}");
        }

        return print.Uniformity > MostUniformity
            ? FingerExtractor.Failed(ExtractionFailure.NoFingerprint, "parallel lines", "ridges that bend")
            : minutiae < LeastMinutiae
                ? FingerExtractor.Failed(
                    print.Blocks < PartOfPrint ? ExtractionFailure.TooSmall : ExtractionFailure.NoFingerprint,
                    $"{minutiae} minutiae", $"at least {LeastMinutiae}")
                : null;
    }

    public static IReadOnlyList<string> WarningsOf(PrintSummary print)
    {
        List<string> warnings = [];
        if (print.Period is < ShortestPeriod or > LongestPeriod)
        {
            warnings.Add(
                $"resolution-doubtful: ridges lie {print.Period:0.0} pixels apart at 500 ppi, wanted "
                + $"{ShortestPeriod}..{LongestPeriod}");
        }

        if (print.HasLightRidges)
        {
            warnings.Add("light-ridges: the ground is darker than the print; ridges were taken as the light lines");
        }

        return warnings;
    }

    private static double Area(int blocks) => (default(PrintSummary) with { Blocks = blocks }).SquareMillimetres;
}
