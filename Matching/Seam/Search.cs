using MatchCluster.Matching.Scores;

namespace MatchCluster.Matching.Seam;

/// <summary>Searches that go through a partition in one pass.</summary>
public sealed record SearchBatch(IReadOnlyList<Search> Searches)
{
    /// <summary>Where it stands among others that wait; it changes nothing of what is found.</summary>
    public Standing Standing { get; init; }

    /// <summary>
    /// Work that nobody waits for: it begins where nothing else waits for a thread, and lets whatever comes meanwhile
    /// go first on its thread.
    /// </summary>
    public bool IsBackground { get; init; }

    /// <summary>
    /// Turns in which it is searched: a partition first fences whoever held them before, then searches what these have
    /// written. None as a rule.
    /// </summary>
    public IReadOnlyList<GalleryLease> Leases { get; init; } = [];
}

/// <summary>One probe and what is asked of it.</summary>
public sealed record Search
{
    /// <summary>The special gallery name that stands for every gallery (OSIA ABIS 1.6.0).</summary>
    public const string AllGalleries = "ALL";

    public required Probe Probe { get; init; }

    /// <summary>A gallery name, or <see cref="AllGalleries"/>.</summary>
    public required string Gallery { get; init; }

    /// <summary>
    /// Score (-10 log10 FMR) below which nobody is asked for. Where a <see cref="TargetFpir"/> makes the threshold, no
    /// more than a floor under it.
    /// </summary>
    public required double Threshold { get; init; }

    /// <summary>
    /// Below this no threshold may lie that follows from <see cref="TargetFpir"/>. The root knows it; partitions see it
    /// as their <see cref="Threshold"/>, and it is not sent to them.
    /// </summary>
    public double MinThreshold { get; init; }

    /// <summary>
    /// The FPIR that makes the threshold, from the identities of the gallery that can be compared; null where
    /// <see cref="Threshold"/> is the caller's. A partition knows its own identities only: the threshold that follows
    /// from these lies at or below that of the whole gallery, so that it returns whoever may be a candidate.
    /// </summary>
    public double? TargetFpir { get; init; }

    /// <summary>
    /// 1..<see cref="Limits.CandidatesPerSearch"/>, and one more, by which the root sees that a list was cut.
    /// </summary>
    public required int MaxCandidates { get; init; }

    public SearchFilter Filter { get; init; } = SearchFilter.None;

    /// <summary>
    /// Score every encounter in full. Otherwise fingers pass a first stage that leaves a few per cent of a large
    /// gallery to be scored; what it costs in candidates is in docs/fingers.md.
    /// </summary>
    public bool Exhaustive { get; init; }

    /// <summary>
    /// Let irises pass a first stage too, that samples their bits: twice as fast, with a
    /// measured loss (docs/iris.md). Otherwise irises are searched exactly.
    /// </summary>
    public bool FastIrises { get; init; }

    /// <summary>Compare with this person only (verification); null searches everybody.</summary>
    public string? OnlyPerson { get; init; }

    /// <summary>
    /// Only persons whose id is after this one (ordinal) are seen, so that a gallery that is searched with its own
    /// persons in their order compares each pair once; null sees everybody.
    /// </summary>
    public string? OnlyAfter { get; init; }
}

/// <summary>
/// Bins tested before scoring. An encounter that does not state a bin passes its test: a filter never hides a person
/// because of what is not known.
/// </summary>
public sealed record SearchFilter
{
    public static SearchFilter None { get; } = new();

    /// <summary>First year of birth that passes.</summary>
    public int? YearOfBirthMin { get; init; }

    /// <summary>Last year of birth that passes.</summary>
    public int? YearOfBirthMax { get; init; }

    public Model.Sex Sex { get; init; }

    /// <summary>Modalities to score; null scores every modality of the probe.</summary>
    public IReadOnlyList<Model.Modality>? Modalities { get; init; }

    /// <summary>Whether a modality is scored.</summary>
    public bool Includes(Model.Modality modality) => Modalities?.Contains(modality) ?? true;
}
