using MatchCluster.Matching.Model;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Matching.Governance;

/// <summary>How far an agreement is in use.</summary>
public enum AgreementPhase
{
    /// <summary>Only uses for the purpose test.</summary>
    Pilot,

    /// <summary>In use.</summary>
    Live,

    /// <summary>Every use is refused.</summary>
    Suspended,
}

/// <summary>
/// What one partner may do, for which purposes and how much it sees. One version of it never changes.
/// </summary>
public sealed record Agreement
{
    /// <summary>Its name: printable ASCII without blanks, commas and slashes, because headers carry it.</summary>
    public required string Id { get; init; }

    /// <summary>The partner: what tokens and certificates of its callers name.</summary>
    public required string Partner { get; init; }

    /// <summary>Purposes, words of <see cref="Purposes.All"/>; one at least.</summary>
    public required IReadOnlyList<string> Purposes { get; init; }

    /// <summary>Modalities that may be searched with and enrolled; one at least.</summary>
    public required IReadOnlyList<Modality> Modalities { get; init; }

    /// <summary>Galleries that may be searched. "ALL" is a name of its own: it does not follow from others.</summary>
    public IReadOnlyList<string> Search { get; init; } = [];

    /// <summary>Galleries in which encounters may be created.</summary>
    public IReadOnlyList<string> Enrol { get; init; } = [];

    /// <summary>
    /// Galleries whose encounters may be read, changed and deleted, as by their owner; this includes searching and
    /// enrolling.
    /// </summary>
    public IReadOnlyList<string> Administer { get; init; } = [];

    /// <summary>No candidate has a lower score, -10 log10 FMR.</summary>
    public double MinThreshold { get; init; }

    /// <summary>Candidates of an answer at most, 1..1000.</summary>
    public int MaxCandidates { get; init; } = 10;

    /// <summary>How much of an answer leaves.</summary>
    public ReleaseProfile Release { get; init; }

    /// <summary>Days after which what is enrolled under it expires; null keeps it.</summary>
    public int? RetentionDays { get; init; }

    /// <summary>Whether nothing of a probe may be kept.</summary>
    public bool NoRetain { get; init; }

    /// <summary>
    /// How much is kept of enrolled items of types that nothing here compares (faces, voices); null keeps none.
    /// </summary>
    [System.Text.Json.Serialization.JsonIgnore(
        Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)]
    public OpaqueLimits? KeepsOpaque { get; init; }

    /// <summary>Searches, verifications and enrolments of a UTC day at most; null sets no limit.</summary>
    public long? QuotaPerDay { get; init; }

    /// <summary>Searches, verifications and enrolments of a second at most; null sets no limit.</summary>
    public double? RatePerSecond { get; init; }

    /// <summary>The share of the machine against other partners' of the same priority, 1..100.</summary>
    public int Weight { get; init; } = 1;

    /// <summary>The highest priority of a call, 0..9.</summary>
    public int PriorityCap { get; init; } = 5;

    /// <summary>From when it holds.</summary>
    public required DateTimeOffset ValidFrom { get; init; }

    /// <summary>From when on it holds no more.</summary>
    public required DateTimeOffset ValidTo { get; init; }

    public required AgreementPhase Phase { get; init; }

    /// <summary>The law or treaty that it rests on, for people to read.</summary>
    public required string LegalBasis { get; init; }

    /// <summary>Counts the versions of one id, from 1.</summary>
    public long Version { get; init; }
}

/// <summary>
/// Whether an agreement is suspended, beside its own phase: one administrator stops it at once, two let it go on.
/// </summary>
public sealed record Suspension
{
    /// <summary>The agreement.</summary>
    public required string Id { get; init; }

    /// <summary>Whether every use under it is refused.</summary>
    public required bool IsSuspended { get; init; }

    /// <summary>Why, for people to read.</summary>
    public required string Reason { get; init; }

    /// <summary>Counts the suspensions and their ends of one agreement, from 1.</summary>
    public long Version { get; init; }
}

/// <summary>What is agreed about a gallery as a whole.</summary>
public sealed record GalleryPolicy
{
    /// <summary>The gallery's name.</summary>
    public required string Id { get; init; }

    /// <summary>The partner whose data it holds; it may do there what an administrator of the gallery may.</summary>
    public required string Owner { get; init; }

    /// <summary>Whether pictures are kept with their templates, encrypted.</summary>
    public bool KeepsPictures { get; init; }

    /// <summary>Whether it holds no items that nothing here compares, whatever agreements say.</summary>
    [System.Text.Json.Serialization.JsonIgnore(
        Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingDefault)]
    public bool ForbidsOpaque { get; init; }

    /// <summary>Whether its owner is told which partner searched and met a person of it.</summary>
    [System.Text.Json.Serialization.JsonIgnore(
        Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingDefault)]
    public bool NamesSearchers { get; init; }

    /// <summary>Days after which what is enrolled expires, whatever the agreement says; null sets no limit.</summary>
    public int? RetentionDays { get; init; }

    /// <summary>Counts the versions, from 1.</summary>
    public long Version { get; init; }
}
