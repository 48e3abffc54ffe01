using MatchCluster.Matching.Fingers.Evidence;
using MatchCluster.Matching.Fingers.Ridges;

namespace MatchCluster.Matching.Fingers;

/// <summary>What the comparison of two fingers found.</summary>
/// <param name="Similarity">Relaxed similarity of the second stage, 0..65536.</param>
/// <param name="Strength">
/// Similarity and evidence as one number, 0..65536, which <see cref="Scores.FingerCalibration"/> turns into a score.
/// </param>
public readonly record struct FingerMatch(int Similarity, int Strength);

/// <summary>
/// The whole comparison of a prepared finger with a gallery row: second stage, and where it could matter the third.
/// The result does not depend on the CPU.
/// </summary>
public static class FingerMatcher
{
    /// <summary>Rises with whatever changes a strength: curves fitted to others do not fit.</summary>
    public const int StrengthVersion = 1;

    /// <summary>Strength of everything that was aligned is at least this, of everything else less.</summary>
    internal const int AlignedStrength = 4096;

    /// <summary>Fused evidence 0 lies here: the lowest that occurs stays positive.</summary>
    private const int Zero = 16 * EvidenceParameters.Unit;

    /// <summary>Compares a probe with the row at the span's start.</summary>
    /// <exception cref="ArgumentException">The bytes are not a row, or end before it does.</exception>
    public static FingerMatch Compare(FingerTemplate probe, ReadOnlySpan<byte> row, FingerScratch scratch) =>
        Judge(FingerScorer.Compare(probe, row, scratch), probe, row, scratch);

    /// <summary>Compares as <see cref="Compare"/> does, by the plain twin of the second stage.</summary>
    public static FingerMatch CompareReference(FingerTemplate probe, ReadOnlySpan<byte> row)
    {
        FingerScratch scratch = new() { Evidence = new EvidenceScratch { IsPlain = true } };
        return Judge(PlainComparison.Compare(probe.Row, row, scratch), probe, row, scratch);
    }

    /// <summary>Adds the third stage to a comparison whose pairs are still in the scratch.</summary>
    internal static FingerMatch Judge(
        int similarity, FingerTemplate probe, ReadOnlySpan<byte> row, FingerScratch scratch) =>
        similarity < EvidenceParameters.GateSimilarity
            ? new(similarity, similarity * (AlignedStrength - 1) / EvidenceParameters.GateSimilarity)
            : new(similarity, Aligned(similarity, probe, row, scratch));

    /// <summary>The third stage of the comparison that was made last with this scratch.</summary>
    internal static EvidenceFound Align(FingerTemplate probe, ReadOnlySpan<byte> row, FingerScratch scratch) =>
        FingerEvidence.Find(
            FingerRow.Over(probe.Row), FingerRow.Over(row), probe.Shape, scratch.Chosen.AsSpan(0, scratch.Pairs),
            scratch.Relaxed.AsSpan(0, scratch.Pairs), scratch.Evidence);

    /// <summary>
    /// How far the ridges agree under an alignment that was just found; null where one of the two does not say what its
    /// ridges do.
    /// </summary>
    internal static RidgeAgreement? Ridges(
        FingerTemplate probe, ReadOnlySpan<byte> row, in EvidenceFound found, FingerScratch scratch)
    {
        RidgeColumns ofProbe = probe.HasRidges ? FingerRow.Over(probe.Row).Ridges : default;
        RidgeColumns ofRow = ofProbe.IsEmpty ? default : FingerRow.Over(row).Ridges;
        return ofRow.IsEmpty ? null
            : RidgeAgreement.Of(ofProbe, ofRow, found.Motion, scratch.Evidence.Best.AsSpan(0, found.Mates));
    }

    private static int Aligned(int similarity, FingerTemplate probe, ReadOnlySpan<byte> row, FingerScratch scratch)
    {
        EvidenceFound found = Align(probe, row, scratch);
        int strength = Strength(similarity, found);
        return Ridges(probe, row, found, scratch) is { } ridges
            ? Math.Clamp(strength + RidgeParameters.StrengthOf(ridges), AlignedStrength, FingerScorer.One) : strength;
    }

    /// <summary>
    /// The rotation that lays a row onto a probe, 65536ths of a turn; 0 where the two are too unlike for an alignment.
    /// </summary>
    internal static short TurnOf(FingerTemplate probe, ReadOnlySpan<byte> row, FingerScratch scratch) =>
        FingerScorer.Compare(probe, row, scratch) < EvidenceParameters.GateSimilarity
            ? (short)0 : Align(probe, row, scratch).Motion.Turn;

    /// <summary>The weighted sum of the three logarithms, moved and halved into the range of a strength.</summary>
    internal static int Strength(int similarity, in EvidenceFound found)
    {
        long fused = ((long)EvidenceParameters.SimilarityWeight * EvidenceTables.Similarity(similarity))
            + ((long)EvidenceParameters.MatesWeight * found.MatesEvidence)
            + ((long)EvidenceParameters.CountWeight * found.CountEvidence);
        return (int)Math.Clamp(
            (Zero + (fused >> 10)) >> 1, AlignedStrength, FingerScorer.One);
    }
}
