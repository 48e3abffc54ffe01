using MatchCluster.Matching.Fingers.Evidence;

namespace MatchCluster.Matching.Fingers.Ridges;

/// <summary>
/// What the agreement of ridges adds to the evidence of the third stage, as a natural logarithm.
/// </summary>
/// <remarks>
/// Logistic regression of mated against non-mated comparisons that reach a strength of 8500, beside that strength,
/// over the four sets of FVC2002 B and 64 capacitive fingers with this project's extractor. Fitted without one of the
/// five sets in turn the weights lie in 8..29, 3.1..4.5 and 0.25..0.50; "Benchmarks -- calibrate ridges" prints them.
/// The base is such that non-mated comparisons reach high scores as often as without ridges (93 of 43,776 reach 30
/// where 102 did), so that a calibration of the strength holds with them. Whoever agrees less never gets more.
/// The more of the prints overlaps, the more the minutiae have said already: agreement counts by
/// <see cref="ShareCells"/>. See docs/accuracy.md.
/// </remarks>
internal static class RidgeParameters
{
    /// <summary>Fewer cells in common say nothing.</summary>
    public const int LeastCells = 6;

    /// <summary>The ridges count by m / (n + m) where n cells overlap.</summary>
    public const double ShareCells = 20;

    /// <summary>Cells that are taken to be neither like nor unlike, beside those that were seen.</summary>
    public const double PriorCells = 2;

    public const double PriorTurn = 0.2;

    /// <summary>Mean sine between directions that says nothing: 14 degrees.</summary>
    public const double NeutralTurn = 0.25;

    public const double TurnWeight = 18;

    /// <summary>Mean steps of 6 % between periods that say nothing.</summary>
    public const double NeutralPeriod = 1.7;

    public const double PeriodWeight = 3.7;

    /// <summary>Mean changes between ridge and valley by which two counts differ that say nothing.</summary>
    public const double NeutralCount = 1.5;

    public const double CountWeight = 0.37;

    public const double PriorCounts = 8;

    public const double Base = -0.5;

    /// <summary>
    /// Ridges alone never add more than this, 13 of a score; higher limits bring nothing.
    /// </summary>
    public const double Most = 3;

    /// <summary>What an agreement adds to a strength: half of the unit of evidence; negative where ridges
    /// contradict.</summary>
    public static int StrengthOf(in RidgeAgreement found)
    {
        if (found.Cells < LeastCells)
        {
            return 0;
        }

        RidgeTerms terms = RidgeTerms.Of(found);
        return StrengthOf(
            Base + (terms.Share * TurnWeight * terms.Turn) + (terms.Share * PeriodWeight * terms.Period)
            + (CountWeight * terms.Count));
    }

    /// <summary>A sum of evidence, limited, in the unit of a strength.</summary>
    public static int StrengthOf(double evidence) =>
        (int)Math.Round(Math.Min(evidence, Most) * EvidenceParameters.Unit / 2);
}

/// <summary>What is weighed of an agreement; each is above 0 where it speaks for one finger.</summary>
/// <param name="Share">By how much turn and period count: the less, the more of the prints overlaps.</param>
/// <param name="Turn">How much better directions agree than what says nothing.</param>
/// <param name="Period">How much better periods agree than what says nothing.</param>
/// <param name="Count">How much better ridge counts agree than what says nothing, the more of them the more.</param>
internal readonly record struct RidgeTerms(double Share, double Turn, double Period, double Count)
{
    /// <summary>The terms of an agreement of at least <see cref="RidgeParameters.LeastCells"/> cells.</summary>
    public static RidgeTerms Of(in RidgeAgreement found)
    {
        double cells = found.Cells + RidgeParameters.PriorCells;
        double turn = (found.Turns + (RidgeParameters.PriorCells * RidgeParameters.PriorTurn)) / cells;
        double period = (found.Periods + (RidgeParameters.PriorCells * RidgeParameters.NeutralPeriod)) / cells;
        return new RidgeTerms(
            RidgeParameters.ShareCells / (found.Cells + RidgeParameters.ShareCells),
            RidgeParameters.NeutralTurn - turn,
            RidgeParameters.NeutralPeriod - period,
            ((RidgeParameters.NeutralCount * found.Counts) - found.CountSteps)
                / Math.Sqrt(found.Counts + RidgeParameters.PriorCounts));
    }
}
