namespace MatchCluster.Matching.Fingers.Evidence;

/// <summary>
/// The numbers of the third stage. Lengths in 1/8 pixel at 500 dpi, angles in 65536ths of a turn, evidence in
/// 1024ths of a natural logarithm.
/// </summary>
/// <remarks>
/// Tolerances and weights were compared on FVC2002 with the set in question left out (docs/accuracy.md); between
/// 11 and 18 pixels of reach, 0.15 and 0.5 for an unmatched minutia and 9 and 20 for the peak the pooled error rates
/// moved by less than their confidence intervals, so nothing here is finely tuned.
/// </remarks>
internal static class EvidenceParameters
{
    /// <summary>1.0 of every logarithm.</summary>
    public const int Unit = 1024;

    /// <summary>
    /// Comparisons below this relaxed similarity are not aligned. Two in three non-mated comparisons end
    /// here, and 12 of 1,120 mated ones, none of which would have reached an FMR of 0.1 %.
    /// </summary>
    public const int GateSimilarity = 930;

    /// <summary>
    /// Alignments that are tried, from the pairs with the highest relaxed similarity; bounds the work. Asking each
    /// for a pair that no earlier one explains helps different fingers more than equal ones (FNMR 7.5 for 6.9 %).
    /// </summary>
    public const int Hypotheses = 3;

    /// <summary>
    /// Minutiae farther apart than this after alignment are not paired: 14 px, about one and a half
    /// ridges.
    /// </summary>
    public const int MateReach = 14 * MccParameters.UnitsPerPixel;

    /// <summary>Nor are those whose directions differ by more: 25 degrees.</summary>
    public const int MateTurn = 4551;

    /// <summary>Times that minutiae are paired and the motion is fitted again.</summary>
    public const int Rounds = 3;

    /// <summary>
    /// A chosen pair supports an alignment while it lies this near, and a fifth of its distance from the seed: the
    /// seed's own direction is off by some degrees.
    /// </summary>
    public const int SupportReach = 8 * MccParameters.UnitsPerPixel;

    public const double SupportStretch = 0.2;

    /// <summary>Directions of a supporting pair may differ by 30 degrees.</summary>
    public const int SupportTurn = 5461;

    /// <summary>
    /// A pair's directions weigh in the fit of a rotation as its place does at this distance from the middle: 40 px.
    /// </summary>
    public const int DirectionLever = 40 * MccParameters.UnitsPerPixel;

    /// <summary>Skin stretches: paired minutiae this near pull a minutia along, 60 px.</summary>
    public const int ElasticReach = 60 * MccParameters.UnitsPerPixel;

    /// <summary>Weight of not moving at all against the weights of the paired minutiae nearby.</summary>
    public const double ElasticRest = 2;

    /// <summary>
    /// Spread of the distance and of the turn between truly paired minutiae, 4 px and 6 degrees.
    /// </summary>
    public const double SigmaDistance = 4 * MccParameters.UnitsPerPixel;

    public const double SigmaTurn = 6 * MccParameters.Turn / 360.0;

    /// <summary>
    /// A pair adds ln(1 + peak g) - cost, where g falls from 1 to 0 by the two Gaussians: 2.5 for a perfect
    /// one, -0.5 for one at the edge of the reach.
    /// </summary>
    public const double MatePeak = 20;

    public const double MateCost = 0.5;

    /// <summary>What an unpaired minutia subtracts, where it could have been paired.</summary>
    public const double UnmatchedCost = 0.3;

    /// <summary>Minutiae count as overlapping up to so far outside the other print's hull: 12 px.</summary>
    public const int OverlapOffset = 12 * MccParameters.UnitsPerPixel;

    /// <summary>
    /// Directions follow the ridges, so that two of them agree by chance more often than any two of the circle.
    /// </summary>
    public const double DirectionCrowding = 2.5;

    /// <summary>Fewer pairs by chance than this are never expected.</summary>
    public const double LeastExpected = 0.05;

    /// <summary>The overlap's box is widened by 10 px to each side, and a print fills four fifths of it.</summary>
    public const int AreaMargin = 10 * MccParameters.UnitsPerPixel;

    public const double AreaFill = 0.8;

    /// <summary>ln((similarity + 200) / 1000): zeros stay finite, and chance lies near 0.</summary>
    public const int SimilarityOffset = 200;

    /// <summary>
    /// Logistic regression of mated against non-mated comparisons, whole and thinned prints of all four sets, in
    /// 1024ths: similarity 4.50, pairs 0.36, count against chance 0.39. Fitted without one of the sets they
    /// lie in 3.7..5.1, 0.33..0.40 and 0.32..0.50.
    /// </summary>
    public const int SimilarityWeight = 4608;

    public const int MatesWeight = 369;

    public const int CountWeight = 399;
}
