using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Fingers.Evidence;
using MatchCluster.Matching.Fingers.Ridges;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;

namespace MatchCluster.Matching.Explain;

/// <summary>
/// Compares once more what a search compared, and keeps what the search throws away. This is CPU work on the
/// caller's thread: about a millisecond a pair of fingers.
/// </summary>
public static class FingerExplainer
{
    private const double Degrees = 360.0 / MccParameters.Turn;

    /// <summary>The comparison of two views.</summary>
    /// <param name="probe">The one.</param>
    /// <param name="reference">The other.</param>
    /// <param name="calibration">What it is scored by; null takes the committed curves.</param>
    public static FingerExplanation Explain(
        FingerView probe, FingerView reference, ScoreCalibration? calibration = null)
    {
        ArgumentNullException.ThrowIfNull(probe);
        ArgumentNullException.ThrowIfNull(reference);
        FingerTemplate a = FingerTemplate.Prepare(probe);
        FingerTemplate b = FingerTemplate.Prepare(reference);
        FingerScratch scratch = new();
        ScoreCalibration by = calibration ?? ScoreCalibration.Default;
        (int quarters, double score) = TurnedPrints.Best(a, b.Row, by, scratch);
        FingerTemplate turned = a.Turned(quarters);
        FingerMatch match = FingerMatcher.Compare(turned, b.Row, scratch);
        return new FingerExplanation
        {
            ProbePosition = probe.Position,
            ReferencePosition = reference.Position,
            Score = score,
            Calibration = by.NameOf(FingerCurves.CommonOf(a.Extractor, b.Extractor)),
            ProbeTurn = quarters == 0 ? null : quarters * QuarterTurns.Degrees,
            Similarity = match.Similarity / (double)FingerScorer.One,
            PairsRelaxed = scratch.Pairs,
            Strength = match.Strength / (double)FingerScorer.One,
            Probe = new FingerSide(probe, a.Minutiae, a.Cylinders),
            Reference = new FingerSide(reference, b.Minutiae, b.Cylinders),
            Alignment = match.Strength >= FingerMatcher.AlignedStrength
                ? Align(probe, reference, turned, quarters, b, scratch) : null,
        };
    }

    private static FingerAlignment Align(
        FingerView probe, FingerView reference, FingerTemplate a, int quarters, FingerTemplate b,
        FingerScratch scratch)
    {
        EvidenceFound found = FingerMatcher.Align(a, b.Row, scratch);
        int[] ofProbe = Indexes(probe, FingerRow.Over(a.Row), quarters);
        int[] ofReference = Indexes(reference, FingerRow.Over(b.Row), 0);
        return new FingerAlignment
        {
            Turn = (short)(found.Motion.Turn - (quarters * MccParameters.Turn / QuarterTurns.Count)) * Degrees,
            ProbeOverlap = found.ProbeOverlap,
            ReferenceOverlap = found.RowOverlap,
            Expected = found.Expected64 / (double)EvidenceTables.ExpectedSteps,
            MatesEvidence = found.MatesEvidence / (double)EvidenceParameters.Unit,
            CountEvidence = found.CountEvidence / (double)EvidenceParameters.Unit,
            Mates =
            [
                .. scratch.Evidence.Best.Take(found.Mates).Select(mate => new PairedMinutiae(
                        ofProbe[mate.Probe],
                        ofReference[mate.Row],
                        probe.Minutiae[ofProbe[mate.Probe]],
                        reference.Minutiae[ofReference[mate.Row]],
                        mate.Distance / (double)MccParameters.UnitsPerPixel,
                        mate.Turn * Degrees,
                        EvidenceTables.MinutiaPair(mate.Distance, mate.Turn) / (double)EvidenceParameters.Unit))
                    .OrderByDescending(mate => mate.Evidence).ThenBy(mate => mate.ProbeIndex),
            ],
            Ridges = FingerMatcher.Ridges(a, b.Row, found, scratch) is { } ridges ? Compared(ridges) : null,
        };
    }

    private static ComparedRidges Compared(in RidgeAgreement found) => new(
        found.Cells,
        Math.Asin(Math.Min(1, found.Turns / Math.Max(found.Cells, 1))) * 180 / Math.PI,
        100 * ((RidgeDetail.PeriodOf(1) / RidgeDetail.PeriodOf(0)) - 1) * found.Periods / Math.Max(found.Cells, 1),
        found.Counts,
        found.CountSteps / (2.0 * Math.Max(found.Counts, 1)),
        RidgeParameters.StrengthOf(found) * 2.0 / EvidenceParameters.Unit);

    /// <summary>Index in the view of each cylinder's minutia.</summary>
    /// <param name="view">The view as sent.</param>
    /// <param name="row">Its row, turned.</param>
    /// <param name="quarters">Quarters of a turn of the row.</param>
    private static int[] Indexes(FingerView view, FingerRow row, int quarters)
    {
        Cylinder[] cylinders = new Cylinder[row.Cylinders];
        for (int i = 0; i < cylinders.Length; i++)
        {
            cylinders[i] = new Cylinder { X = row.X[i], Y = row.Y[i], Angle = row.Angles[i] };
        }

        return MinutiaeSelection.IndexesOf(view, cylinders, quarters);
    }
}
