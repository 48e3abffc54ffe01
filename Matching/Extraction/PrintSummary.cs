namespace MatchCluster.Matching.Extraction;

/// <summary>What a picture shows as a whole.</summary>
/// <param name="Blocks">Blocks of 8 x 8 pixels with ridges.</param>
/// <param name="SecondBlocks">Blocks of the second largest connected part.</param>
/// <param name="Period">Median period of the blocks, pixels at 500 ppi.</param>
/// <param name="Uniformity">
/// Length of the mean of the doubled directions, 0..1: 1 where all ridges are parallel.
/// </param>
/// <param name="Clarity">Mean share of the picture's power that the ridges explain, 0..1.</param>
/// <param name="Coherence">Mean agreement of neighbouring directions, 0..1.</param>
/// <param name="Brightness">Mean grey of the whole picture.</param>
/// <param name="HasLightRidges">The ground round the print is darker than the print.</param>
/// <param name="Quality">0..100.</param>
internal readonly record struct PrintSummary(
    int Blocks, int SecondBlocks, double Period, double Uniformity, double Clarity, double Coherence, double Brightness,
    bool HasLightRidges, int Quality)
{
    private const double MillimetresPerBlock = RidgeGrid.Block * 25.4 / FingerExtractor.WorkingPpi;

    public double SquareMillimetres => Blocks * MillimetresPerBlock * MillimetresPerBlock;
}
