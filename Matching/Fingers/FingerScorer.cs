namespace MatchCluster.Matching.Fingers;

/// <summary>
/// Compares a prepared finger with gallery rows. The result does not depend on the CPU: every form returns the
/// integer of the plain one.
/// </summary>
public static class FingerScorer
{
    /// <summary>Raw similarity 1.0.</summary>
    public const int One = 65536;

    /// <summary>Relaxed similarity 0..<see cref="One"/> of a probe with the row that begins at the span's start.</summary>
    /// <exception cref="ArgumentException">The bytes are not a row, or end before it does.</exception>
    public static int Compare(FingerTemplate probe, ReadOnlySpan<byte> row, FingerScratch scratch)
    {
        ArgumentNullException.ThrowIfNull(scratch);
        return PlainComparison.Compare(probe.Row, row);
    }

    /// <summary>The plain twin of <see cref="Compare"/>: slow, allocates, easy to check against the paper.</summary>
    public static int CompareReference(FingerTemplate probe, ReadOnlySpan<byte> row) =>
        PlainComparison.Compare(probe.Row, row);
}
