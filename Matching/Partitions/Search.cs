using MatchCluster.Matching.Scores;

namespace MatchCluster.Matching.Partitions;

/// <summary>Searches that cross a partition together.</summary>
public sealed record SearchBatch(IReadOnlyList<Search> Searches);

/// <summary>One probe and what is asked of it.</summary>
public sealed record Search
{
    /// <summary>The special gallery name that stands for every gallery (OSIA ABIS 1.6.0).</summary>
    public const string AllGalleries = "ALL";

    public required Probe Probe { get; init; }

    /// <summary>A gallery name, or <see cref="AllGalleries"/>.</summary>
    public required string Gallery { get; init; }

    /// <summary>Lowest score (-10 log10 FMR) of a candidate.</summary>
    public required double Threshold { get; init; }

    /// <summary>1..<see cref="Limits.CandidatesPerSearch"/>.</summary>
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
