using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;

namespace MatchCluster.Matching.Explain;

/// <summary>Compares two eyes once more and keeps what a search throws away.</summary>
public static class IrisExplainer
{
    /// <summary>
    /// The comparison of two codes, upside down where that is better and they do not agree as sent; null where they
    /// cannot be compared: other shapes, or too few bits valid in both (<see cref="IrisScorer.MinValidBits"/>).
    /// </summary>
    public static IrisExplanation? Explain(IrisCode probe, IrisCode reference)
    {
        ArgumentNullException.ThrowIfNull(probe);
        ArgumentNullException.ThrowIfNull(reference);
        IrisShape shape = probe.Shape;
        if (reference.Shape != shape)
        {
            return null;
        }

        IrisProbe prepared = new(probe);
        byte[] row = new byte[IrisRow.BytesOf(reference)];
        IrisRow.Write(reference, row);
        bool isSwapped = !probe.Position.IsComparableWith(reference.Position);
        if (Compared(prepared, row, false, isSwapped) is not { } found)
        {
            return null;
        }

        if (found.Score < EyeLooks.AgreesScore
            && Compared(prepared.UpsideDown, row, true, isSwapped) is { Score: >= EyeLooks.Counts } turned
            && turned.Score > found.Score)
        {
            found = turned;
        }

        IrisEncoderId encoder = IrisCalibration.CommonOf(probe.Encoder, reference.Encoder);
        (ulong[] compared, ulong[] differing) = Bits(
            found.IsTurned ? prepared.UpsideDown : prepared, found.Comparison.Rotation, reference);
        return new IrisExplanation
        {
            ProbePosition = probe.Position,
            ReferencePosition = reference.Position,
            Shape = shape,
            Encoder = encoder,
            Score = found.Score,
            ProbeTurn = found.IsTurned ? EyeLooks.UpsideDown * QuarterTurns.Degrees : null,
            Comparison = found.Comparison,
            Normalised = IrisCalibration.Normalised(found.Comparison, shape),
            Compared = compared,
            Differing = differing,
        };
    }

    private static Look? Compared(IrisProbe probe, byte[] row, bool isTurned, bool isSwapped) =>
        IrisScorer.TryCompare(probe, row, out IrisComparison comparison)
            ? new Look(
                EyeLooks.Score(IrisCalibration.Score(comparison, probe, row), isTurned, isSwapped), isTurned,
                comparison)
            : null;

    private static (ulong[] Compared, ulong[] Differing) Bits(IrisProbe probe, int rotation, IrisCode reference)
    {
        ReadOnlySpan<ulong> code = probe.TurnedBy(rotation);
        ReadOnlySpan<ulong> mask = code[IrisRow.PaddedWords(probe.Shape)..];
        ulong[] compared = new ulong[probe.Shape.Words];
        ulong[] differing = new ulong[compared.Length];
        for (int i = 0; i < compared.Length; i++)
        {
            compared[i] = mask[i] & reference.Mask.Span[i];
            differing[i] = (code[i] ^ reference.Code.Span[i]) & compared[i];
        }

        return (compared, differing);
    }

    private readonly record struct Look(double Score, bool IsTurned, IrisComparison Comparison);
}
