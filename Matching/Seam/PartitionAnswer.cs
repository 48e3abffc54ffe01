using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Seam;

public enum PartitionOutcome
{
    /// <summary>Every identity held was searched.</summary>
    Complete,

    /// <summary>
    /// The budget ended inside the scan, or stored records cannot be read; what was searched is in the answer.
    /// </summary>
    Partial,

    /// <summary>A limit was reached before the scan began; nothing was searched.</summary>
    Refused,

    /// <summary>The partition is still loading, broken or out of reach; nothing was searched.</summary>
    Unavailable,
}

/// <summary>
/// What one partition found and how much of itself it looked at.
/// <see cref="IdentitiesSearched"/> equals <see cref="IdentitiesHeld"/> exactly when the outcome is Complete.
/// </summary>
public sealed record PartitionAnswer
{
    public required PartitionId Partition { get; init; }

    public required PartitionOutcome Outcome { get; init; }

    /// <summary>Why it is not complete, for the caller; no personal data.</summary>
    public string? Reason { get; init; }

    /// <summary>When asking again may help.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>
    /// Identities this partition is responsible for (while loading: what the store counts). A record that cannot be
    /// read counts as one that is not searched.
    /// </summary>
    public required long IdentitiesHeld { get; init; }

    /// <summary>Identities that were scored or passed over by gallery, status or filter.</summary>
    public long IdentitiesSearched { get; init; }

    /// <summary>Probe samples compared with gallery rows, summed over the batch.</summary>
    public long Comparisons { get; init; }

    public TimeSpan QueueTime { get; init; }

    public TimeSpan ScanTime { get; init; }

    /// <summary>
    /// The part of <see cref="ScanTime"/> that the first stage of fingers took. It stays in the process that
    /// scanned and is not sent to others.
    /// </summary>
    public TimeSpan FirstStageTime { get; init; }

    /// <summary>One entry per search of the batch, in its order; empty when nothing was searched.</summary>
    public IReadOnlyList<SearchHits> Results { get; init; } = [];
}

/// <param name="GalleryKnown">Whether any encounter here names the gallery that was asked for.</param>
/// <param name="PersonKnown">Whether the person of a verification lives here.</param>
/// <param name="Hits">The hits, the best first: by score, then by person id (ordinal).</param>
/// <param name="FirstStage">What the first stage passed on; null where every encounter was scored in full.</param>
/// <param name="Count">Whom the search was about; null from a partition that does not say.</param>
/// <param name="SampledEyes">
/// For a fast search of irises, the eyes that were sampled or left to a narrower code, not compared exactly;
/// 0 where it was exact throughout, null for other searches and from a partition that does not say.
/// </param>
/// <param name="State">
/// What the partition held of the gallery in the very snapshot that was searched; null for a verification and from a
/// partition that does not say.
/// </param>
public sealed record SearchHits(
    bool GalleryKnown, bool PersonKnown, IReadOnlyList<Hit> Hits, FirstStage? FirstStage = null,
    SearchCount? Count = null, long? SampledEyes = null, GalleryState? State = null);

/// <summary>Identities of one partition as one search counts them.</summary>
/// <param name="Held">Identities with an active encounter that is in the gallery asked for and passes the
/// filter.</param>
/// <param name="Searched">Held identities that were looked at: all, unless the answer is partial.</param>
/// <param name="Comparable">Held identities with a sample that can be compared with one of the probe.</param>
/// <param name="Reached">
/// Identities found at or above the search's threshold, listed or not. Where more than the list holds reached
/// it, later ones with lower scores than its last may not have been looked at closely, so that there may be
/// more.
/// </param>
public sealed record SearchCount(long Held, long Searched, long Comparable, long Reached);

/// <summary>One identity at or above the threshold.</summary>
/// <param name="PersonId">The identity.</param>
/// <param name="Score">Fused score, -10 log10 FMR.</param>
/// <param name="Details">The best comparison of each probe sample.</param>
public sealed record Hit(string PersonId, double Score, IReadOnlyList<HitDetail> Details);

/// <summary>The best comparison of one probe sample with an identity.</summary>
public sealed record HitDetail
{
    public required string EncounterId { get; init; }

    /// <summary>
    /// The galleries that were searched and name the encounter, ordered (ordinal): all of its own where every gallery
    /// was searched. Null where nobody says.
    /// </summary>
    public IReadOnlyList<string>? Galleries { get; init; }

    public required BiometricPosition ProbePosition { get; init; }

    public required BiometricPosition GalleryPosition { get; init; }

    /// <summary>Whether the sample is an eye.</summary>
    public bool IsEye => ProbePosition.Modality switch
    {
        Modality.Finger => false,
        Modality.Iris => true,
    };

    /// <summary>
    /// Whether the sample agreed with one of another label: hands, fingers or eyes were swapped, in the probe or at
    /// enrolment.
    /// </summary>
    public bool IsSwapped => !ProbePosition.IsComparableWith(GalleryPosition);

    /// <summary>-10 log10 FMR of this comparison alone.</summary>
    public required double Score { get; init; }

    /// <summary>Fingers: relaxed similarity 0..1. Irises: fractional Hamming distance 0..1.</summary>
    public required double Raw { get; init; }

    /// <summary>Irises: the distance normalised by valid bits.</summary>
    public double? Normalised { get; init; }

    /// <summary>
    /// Irises: the encoder whose calibration scored the comparison; unknown is the careful default.
    /// </summary>
    public IrisEncoderId Encoder { get; init; }

    /// <summary>
    /// Fingers: the extractor whose calibration scored the comparison; unknown is that of any other pair.
    /// </summary>
    public FingerExtractorId Extractor { get; init; }

    /// <summary>Irises: valid bits compared.</summary>
    public int? ValidBits { get; init; }

    /// <summary>Irises: columns the probe was turned by, after <see cref="Turn"/>.</summary>
    public int? Rotation { get; init; }

    /// <summary>
    /// Degrees counter-clockwise by which the probe was turned before it agreed, 90, 180 or 270, an eye 180; null where
    /// it was compared as sent.
    /// </summary>
    public int? Turn { get; init; }
}
