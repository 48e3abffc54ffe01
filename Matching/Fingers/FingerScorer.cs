namespace MatchCluster.Matching.Fingers;

/// <summary>
/// Compares a prepared finger with gallery rows. The result does not depend on the CPU: every form returns the
/// integer of the plain one.
/// </summary>
public static class FingerScorer
{
    /// <summary>The integer that stands for a raw similarity of 1.0.</summary>
    public const int One = 65536;

    /// <summary>Relaxation weighs pairs by one another: one alone says nothing.</summary>
    internal const int LeastPairs = 2;

    private static readonly FingerKernel Widest = FingerKernels.Widest;

    /// <summary>Relaxed similarity 0..<see cref="One"/> of a probe with the row at the span's start.</summary>
    /// <exception cref="ArgumentException">The bytes are not a row, or end before it does.</exception>
    public static int Compare(FingerTemplate probe, ReadOnlySpan<byte> row, FingerScratch scratch) =>
        CompareWith(Widest, probe, row, scratch);

    /// <summary>The plain twin of <see cref="Compare"/>: slow,
    /// allocates, easy to check against the paper.</summary>
    public static int CompareReference(FingerTemplate probe, ReadOnlySpan<byte> row) =>
        PlainComparison.Compare(probe.Row, row);

    /// <summary>The comparison with a form of choice, which the CPU must support.</summary>
    internal static int CompareWith(
        FingerKernel kernel, FingerTemplate probe, ReadOnlySpan<byte> rowBytes, FingerScratch scratch)
    {
        scratch.Pairs = 0;
        FingerRow finger = FingerRow.Over(probe.Row);
        FingerRow row = FingerRow.Over(rowBytes);
        int wanted = Math.Min(Math.Min(finger.Cylinders, row.Cylinders), MccParameters.MaxRelaxedPairs);
        if (wanted < LeastPairs)
        {
            return 0;
        }

        switch (kernel)
        {
            case FingerKernel.CarrySave512:
                SimilarityCarrySave.Fill<SimilarityCarrySave512>(finger, row, scratch.Keys, scratch.Best);
                break;
            case FingerKernel.CarrySave256:
                SimilarityCarrySave.Fill<SimilarityCarrySave256>(finger, row, scratch.Keys, scratch.Best);
                break;
            default:
                SimilarityPopcount.Fill(finger, row, scratch.Keys, scratch.Best);
                break;
        }

        scratch.Best.AsSpan(finger.Cylinders).Clear();
        int count = PairChoice.Choose(scratch.Keys, scratch.Best, row.Octets, wanted, scratch.Chosen);
        if (count < LeastPairs)
        {
            return 0;
        }

        scratch.Pairs = count;
        return Relaxation.Score(finger, row, scratch, count, wanted);
    }
}
