using MatchCluster.Matching.Fingers.Evidence;

namespace MatchCluster.Matching.Fingers.Ridges;

/// <summary>
/// What the agreement of ridges adds to the evidence of the third stage, as a natural logarithm.
/// </summary>
/// <remarks>
/// Logistic regression of mated against non-mated comparisons that reach a strength of 8500, beside that strength,
/// over the four sets of FVC2002 B and 64 capacitive fingers with this project's extractor. Fitted without one of the
/// five sets in turn the weights lie in 0.9..2.9, 3.0..4.1 and 0.25..0.49. The base is such that non-mated comparisons
/// reach high scores as often as without ridges (92 of 43,776 reach 30 where 103 did), so that a calibration of the
/// strength holds with them. Whoever agrees less never gets more. The more of the prints overlaps, the more the
/// minutiae have said already: agreement counts by <see cref="ShareCells"/>. See docs/accuracy.md.
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

        double cells = found.Cells + PriorCells;
        double turn = (found.Turns + (PriorCells * PriorTurn)) / cells;
        double period = (found.Periods + (PriorCells * NeutralPeriod)) / cells;
        double share = ShareCells / (found.Cells + ShareCells);
        double count = ((NeutralCount * found.Counts) - found.CountSteps) / Math.Sqrt(found.Counts + PriorCounts);
        double evidence = Base + (share * TurnWeight * (NeutralTurn - turn))
            + (share * PeriodWeight * (NeutralPeriod - period)) + (CountWeight * count);
        return (int)Math.Round(Math.Min(evidence, Most) * EvidenceParameters.Unit / 2);
    }
}
