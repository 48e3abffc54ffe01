using MatchCluster.Benchmarks.Accuracy;
using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Fingers.Evidence;
using MatchCluster.Matching.Fingers.Ridges;
using MatchCluster.Matching.Scores;

namespace MatchCluster.Benchmarks.Calibration;

/// <summary>A comparison of two prints with ridge detail, before its ridges are weighed.</summary>
/// <param name="Set">The set of both prints.</param>
/// <param name="IsMated">Whether they are of one finger.</param>
/// <param name="Cylinders">Cylinders of the smaller of the two.</param>
/// <param name="Minutiae">The strength by minutiae alone.</param>
/// <param name="Terms">What the ridges say; null where they are not asked, or say nothing.</param>
/// <param name="Committed">The strength by the committed weights.</param>
internal sealed record RidgeComparison(
    string Set, bool IsMated, int Cylinders, int Minutiae, RidgeTerms? Terms, int Committed)
{
    /// <summary>Whether minutiae leave it open what the two are: what is weaker no ridges make a match.</summary>
    public bool IsOpen => Minutiae >= LeastStrength;

    /// <summary>Strength, by minutiae, from which a comparison teaches the weights.</summary>
    private const int LeastStrength = 8500;

    private const double ToUnit = 2.0 / EvidenceParameters.Unit;

    /// <summary>
    /// What the logistic regression weighs: the strength as a logarithm of odds, turn, period and counts.
    /// </summary>
    public double[] Features =>
    [
        Minutiae * ToUnit, (Terms?.Share * Terms?.Turn) ?? 0, (Terms?.Share * Terms?.Period) ?? 0,
        Terms?.Count ?? 0,
    ];

    /// <summary>All comparisons inside the sets.</summary>
    public static List<RidgeComparison> Of(IReadOnlyList<PreparedImpression> prints)
    {
        FingerScratch scratch = new();
        List<RidgeComparison> compared = [];
        for (int i = 0; i < prints.Count; i++)
        {
            (FvcImpression one, FingerTemplate row) = (prints[i].Impression, prints[i].Template!);
            for (int j = i + 1; j < prints.Count && prints[j].Impression.Set == one.Set; j++)
            {
                FingerTemplate probe = prints[j].Template!;
                int similarity = FingerScorer.Compare(probe, row.Row, scratch);
                int committed = FingerMatcher.Judge(similarity, probe, row.Row, scratch).Strength;
                int minutiae = committed;
                RidgeTerms? terms = null;
                if (similarity >= EvidenceParameters.GateSimilarity)
                {
                    EvidenceFound found = FingerMatcher.Align(probe, row.Row, scratch);
                    minutiae = FingerMatcher.Strength(similarity, found);
                    terms = FingerMatcher.Ridges(probe, row.Row, found, scratch) is
                    { Cells: >= RidgeParameters.LeastCells } ridges ? RidgeTerms.Of(ridges) : null;
                }

                compared.Add(new RidgeComparison(
                    one.Set, one.Finger == prints[j].Impression.Finger, Math.Min(probe.Cylinders, row.Cylinders),
                    minutiae, terms, committed));
            }
        }

        return compared;
    }

    /// <summary>The score by curves of any extractor: the base is such that these hold.</summary>
    public double ScoreOf(int strength) => FingerCalibration.Score(strength, Cylinders, Cylinders);

    /// <summary>The score by the curves of the extractor whose prints have ridges.</summary>
    public double OwnScoreOf(int strength) => FingerCalibration.Own.Score(strength, Cylinders, 0);

    /// <summary>The strength with the ridges weighed otherwise.</summary>
    public int StrengthBy(RidgeWeights weights) => Terms is not { } terms ? Minutiae : Math.Clamp(
        Minutiae + RidgeParameters.StrengthOf(
            weights.Base + (terms.Share * weights.Turn * terms.Turn) + (terms.Share * weights.Period * terms.Period)
            + (weights.Count * terms.Count)),
        FingerMatcher.AlignedStrength, FingerScorer.One);
}

/// <summary>What weighs the ridges of a comparison, as a natural logarithm.</summary>
internal readonly record struct RidgeWeights(double Turn, double Period, double Count, double Base)
{
    /// <summary>
    /// Of the regression. A stronger one pulls at the strength most, which tells most, and lets the ridges grow.
    /// </summary>
    private const double NoRidge = 1e-7;

    /// <summary>Steps of the search for a base, and how far it goes to both sides.</summary>
    private const double BaseStep = 0.1;
    private const int BaseSteps = 60;

    /// <summary>Scores that different fingers are to reach as often as by minutiae alone.</summary>
    private static readonly double[] Held = [20, 25, 30];

    public static RidgeWeights Committed { get; } = new(
        RidgeParameters.TurnWeight, RidgeParameters.PeriodWeight, RidgeParameters.CountWeight, RidgeParameters.Base);

    /// <summary>
    /// The weights beside that of the strength, which is 1, and the base with which non-mated comparisons reach high
    /// scores as often as by minutiae alone.
    /// </summary>
    public static RidgeWeights Fit(IReadOnlyCollection<RidgeComparison> compared)
    {
        double[] fitted = LogisticFit.Fit(
            [.. compared.Where(c => c.IsOpen && c.Terms is not null).Select(c => (c.Features, c.IsMated))], NoRidge);
        RidgeWeights weights = new(fitted[2] / fitted[1], fitted[3] / fitted[1], fitted[4] / fitted[1], 0);
        RidgeComparison[] nonMated = [.. compared.Where(c => !c.IsMated)];
        double[] before = [.. nonMated.Select(c => c.ScoreOf(c.Minutiae))];
        return Enumerable.Range(-BaseSteps, (2 * BaseSteps) + 1)
            .Select(step => weights with { Base = BaseStep * step })
            .MinBy(tried => Math.Abs(Excess(nonMated, before, tried)));
    }

    /// <summary>By how much more non-mated comparisons reach the scores than before, as a logarithm.</summary>
    private static double Excess(RidgeComparison[] nonMated, double[] before, RidgeWeights weights)
    {
        double[] now = [.. nonMated.Select(c => c.ScoreOf(c.StrengthBy(weights)))];
        return Held.Sum(least => Math.Log(
            (now.Count(score => score >= least) + 1.0) / (before.Count(score => score >= least) + 1.0)));
    }
}
