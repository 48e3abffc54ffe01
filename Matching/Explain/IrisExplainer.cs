using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Explain;

/// <summary>Compares two eyes once more and keeps what a search throws away.</summary>
public static class IrisExplainer
{
    /// <summary>
    /// The comparison of two codes; null where they cannot be compared: other shapes, or too few bits valid in both
    /// (<see cref="IrisScorer.MinValidBits"/>).
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
        if (!IrisScorer.TryCompare(prepared, row, out IrisComparison comparison))
        {
            return null;
        }

        IrisEncoderId encoder = IrisCalibration.CommonOf(probe.Encoder, reference.Encoder);
        (ulong[] compared, ulong[] differing) = Bits(prepared, comparison.Rotation, reference);
        return new IrisExplanation
        {
            ProbePosition = probe.Position,
            ReferencePosition = reference.Position,
            Shape = shape,
            Encoder = encoder,
            Score = IrisCalibration.Score(comparison, shape, encoder),
            Comparison = comparison,
            Normalised = IrisCalibration.Normalised(comparison, shape),
            Compared = compared,
            Differing = differing,
        };
    }

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
}
