namespace MatchCluster.Matching.Fingers.Evidence;

/// <summary>
/// The logarithms and exponentials of the evidence as integers, built once and rounded far above their last bits: the
/// comparison itself then needs +, -, *, / and square roots only, and gives equal results on every machine.
/// </summary>
internal static class EvidenceTables
{
    /// <summary>The number of pairs that chance gives is looked up in 64ths.</summary>
    public const int ExpectedSteps = 64;

    private const int GaussUnit = 1024;
    private const int TurnShift = 6;
    private const int SimilarityShift = 3;

    private static readonly int[] ByDistance = Gauss(
        EvidenceParameters.MateReach + 1, EvidenceParameters.SigmaDistance, 1);

    private static readonly int[] ByTurn = Gauss(
        (EvidenceParameters.MateTurn >> TurnShift) + 1, EvidenceParameters.SigmaTurn, 1 << TurnShift);

    private static readonly int[] OfMate = BuildMates();

    private static readonly int[] OfSimilarity =
    [
        .. Enumerable.Range(0, (FingerScorer.One >> SimilarityShift) + 1).Select(i => Rounded(
            ((i << SimilarityShift) + EvidenceParameters.SimilarityOffset) / 1000.0)),
    ];

    /// <summary>Logarithms of whole 64ths up to 64; the entry of 0 is never asked for.</summary>
    private static readonly int[] OfExpected =
    [
        .. Enumerable.Range(0, (ExpectedSteps * Limits.MinutiaeScored) + 1)
            .Select(i => Rounded(Math.Max(i, 1) / (double)ExpectedSteps)),
    ];

    /// <summary>
    /// What two minutiae this far apart and turned by this much say for being the same minutia.
    /// </summary>
    /// <param name="distance">0..<see cref="EvidenceParameters.MateReach"/>.</param>
    /// <param name="turn">0..<see cref="EvidenceParameters.MateTurn"/>.</param>
    public static int MinutiaPair(int distance, int turn) =>
        OfMate[ByDistance[distance] * ByTurn[turn >> TurnShift] / GaussUnit];

    /// <summary>ln((similarity + 200) / 1000).</summary>
    public static int Similarity(int similarity) => OfSimilarity[similarity >> SimilarityShift];

    /// <summary>
    /// How much more than chance so many pairs are: m ln(m / expected) - (m - expected), the leading part of
    /// -ln P(m or more) of a Poisson count; 0 where chance explains them.
    /// </summary>
    /// <param name="mates">m, 0..64.</param>
    /// <param name="expected64">Expected by chance, in 64ths, from 1 on.</param>
    public static int AboveChance(int mates, int expected64)
    {
        int mates64 = mates * ExpectedSteps;
        return mates64 <= expected64 ? 0
            : (mates * (OfExpected[mates64] - OfExpected[expected64]))
                - ((mates64 - expected64) * EvidenceParameters.Unit / ExpectedSteps);
    }

    private static int[] BuildMates() =>
    [
        .. Enumerable.Range(0, GaussUnit + 1).Select(i => (int)Math.Round(EvidenceParameters.Unit
            * (Math.Log(1 + (EvidenceParameters.MatePeak * i / GaussUnit)) - EvidenceParameters.MateCost))),
    ];

    private static int[] Gauss(int length, double sigma, int step) =>
    [
        .. Enumerable.Range(0, length).Select(i => (int)Math.Round(
            GaussUnit * Math.Exp(-Math.Pow(i * step, 2) / (2 * sigma * sigma)))),
    ];

    private static int Rounded(double value) => (int)Math.Round(EvidenceParameters.Unit * Math.Log(value));
}
