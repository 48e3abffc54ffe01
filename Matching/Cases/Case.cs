using MatchCluster.Matching.Uses;

namespace MatchCluster.Matching.Cases;

/// <summary>What a person finds of two sides.</summary>
public enum Verdict
{
    /// <summary>They are of one person.</summary>
    Same,

    /// <summary>They are of two persons.</summary>
    Different,

    /// <summary>What is there does not tell.</summary>
    Inconclusive,
}

/// <summary>
/// The candidates of one search, for people to decide about. A version never changes; each decision makes a new one.
/// </summary>
public sealed record Case
{
    /// <summary>Its name: "C-" and 26 letters and digits, 128 random bits.</summary>
    public required string Id { get; init; }

    /// <summary>Counts the versions, from 1.</summary>
    public long Version { get; init; }

    public required DateTimeOffset Opened { get; init; }

    /// <summary>From then on nobody decides any more, and the probe is not kept.</summary>
    public required DateTimeOffset Expires { get; init; }

    /// <summary>Who searched.</summary>
    public required string Partner { get; init; }

    /// <summary>What allowed the search.</summary>
    public required AgreementRef Agreement { get; init; }

    /// <summary>The purpose of the search.</summary>
    public string? Purpose { get; init; }

    /// <summary>The gallery that was searched, or "ALL".</summary>
    public required string Gallery { get; init; }

    /// <summary>How much of the answer left.</summary>
    public ReleaseProfile Release { get; init; }

    /// <summary>The threshold that was applied, -10 log10 FMR.</summary>
    public required double Threshold { get; init; }

    /// <summary>Which program searched.</summary>
    public required string Engine { get; init; }

    /// <summary>What fingers were scored by.</summary>
    public required string Calibration { get; init; }

    /// <summary>
    /// Where the probe is not kept: what tells it when it is sent again. Null where it is kept.
    /// </summary>
    public ProbeMark? Probe { get; init; }

    /// <summary>The candidates of the search, the best first.</summary>
    public required IReadOnlyList<CaseCandidate> Candidates { get; init; }
}

/// <summary>One candidate of a case, with what was decided about it.</summary>
public sealed record CaseCandidate
{
    /// <summary>1 is the best.</summary>
    public required int Rank { get; init; }

    public required string PersonId { get; init; }

    /// <summary>Fused score, -10 log10 FMR.</summary>
    public required double Score { get; init; }

    /// <summary>The encounters that agreed.</summary>
    public required IReadOnlyList<CaseEncounter> Encounters { get; init; }

    /// <summary>What people decided, the first one first.</summary>
    public IReadOnlyList<CaseDecision> Decisions { get; init; } = [];
}

/// <param name="EncounterId">Its name.</param>
/// <param name="Galleries">Galleries of the search that name it.</param>
public sealed record CaseEncounter(string EncounterId, IReadOnlyList<string> Galleries);

/// <summary>What one natural person decided about one candidate.</summary>
/// <param name="Verdict">What the person found.</param>
/// <param name="Reason">Why.</param>
/// <param name="Partner">Whose person it is.</param>
/// <param name="Subject">Who it is by the issuer of the credentials; personal data, for the record alone.</param>
/// <param name="DecidedAt">When.</param>
public sealed record CaseDecision(
    Verdict Verdict, string Reason, string Partner, string Subject, DateTimeOffset DecidedAt)
{
    /// <summary>Without the subject and the reason: a record would print them into whatever log it meets.</summary>
    public override string ToString() => $"{Verdict} by a person of {Partner}";
}
