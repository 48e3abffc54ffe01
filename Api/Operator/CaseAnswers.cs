using System.Text.Json.Serialization;
using MatchCluster.Api.Osia.Contract;
using MatchCluster.Matching.Cases;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Api.Operator;

/// <summary>States, verdicts and places of probes in capital letters, as OSIA writes its words.</summary>
internal sealed class CapitalConverter<T>()
    : JsonStringEnumConverter<T>(System.Text.Json.JsonNamingPolicy.SnakeCaseUpper, allowIntegerValues: false)
    where T : struct, Enum;

/// <summary>Where the probe of a case is.</summary>
internal enum ProbePlace
{
    /// <summary>It is kept with the case.</summary>
    Kept,

    /// <summary>Nothing of it may be kept: who compares or decides sends it again.</summary>
    SendAgain,

    /// <summary>It was deleted when the case's time ended.</summary>
    Gone,
}

/// <param name="Cases">The cases, the oldest first.</param>
/// <param name="Next">Where there may be more: what <c>after</c> is to be for the next page.</param>
internal sealed record CaseListAnswer(IReadOnlyList<CaseEntry> Cases, string? Next);

/// <summary>A case in the queue.</summary>
internal sealed record CaseEntry
{
    public required string Id { get; init; }

    [JsonConverter(typeof(CapitalConverter<CaseState>))]
    public required CaseState State { get; init; }

    public required DateTimeOffset Opened { get; init; }

    public required DateTimeOffset Expires { get; init; }

    /// <summary>Who searched.</summary>
    public required string Partner { get; init; }

    public string? Purpose { get; init; }

    public required string Gallery { get; init; }

    /// <summary>Candidates that the caller's partner knows of.</summary>
    public required int Candidates { get; init; }

    /// <summary>
    /// Ranks of open candidates about which the caller may decide and has not yet; empty for programs.
    /// </summary>
    public required IReadOnlyList<int> ForYou { get; init; }
}

/// <summary>A case as the caller may see it.</summary>
internal sealed record CaseDetails
{
    public required string Id { get; init; }

    /// <summary>Counts decisions too.</summary>
    public required long Version { get; init; }

    [JsonConverter(typeof(CapitalConverter<CaseState>))]
    public required CaseState State { get; init; }

    public required DateTimeOffset Opened { get; init; }

    public required DateTimeOffset Expires { get; init; }

    /// <summary>Who searched.</summary>
    public required string Partner { get; init; }

    public required AgreementRef Agreement { get; init; }

    public string? Purpose { get; init; }

    public required string Gallery { get; init; }

    public required double Threshold { get; init; }

    public required string Engine { get; init; }

    public required string Calibration { get; init; }

    [JsonConverter(typeof(CapitalConverter<ProbePlace>))]
    public required ProbePlace Probe { get; init; }

    public required IReadOnlyList<CaseCandidateDetails> Candidates { get; init; }
}

/// <summary>A candidate of a case as the caller may see it.</summary>
internal sealed record CaseCandidateDetails
{
    public required int Rank { get; init; }

    [JsonConverter(typeof(CapitalConverter<CandidateState>))]
    public required CandidateState State { get; init; }

    /// <summary>Which decision is needed: 1 the first, 2 the second; null where two persons agree.</summary>
    public int? Needed { get; init; }

    /// <summary>Whether the caller is a person who may decide about it now and has not yet.</summary>
    public required bool ForYou { get; init; }

    /// <summary>Null where the caller may not see it yet.</summary>
    public string? PersonId { get; init; }

    /// <summary>Null where the caller may not see it yet.</summary>
    public double? Score { get; init; }

    /// <summary>Null where the caller may not see them yet.</summary>
    public IReadOnlyList<CaseEncounter>? Encounters { get; init; }

    /// <summary>
    /// What people decided, the first one first; null while the caller has not decided and two do not agree: nobody
    /// sees another's decision before the own.
    /// </summary>
    public IReadOnlyList<CaseDecisionShown>? Decisions { get; init; }
}

/// <param name="Decision">SAME, DIFFERENT or INCONCLUSIVE.</param>
/// <param name="Reason">Why.</param>
/// <param name="Partner">Whose person decided.</param>
/// <param name="DecidedAt">When.</param>
/// <param name="IsYours">Whether the caller did.</param>
internal sealed record CaseDecisionShown(
    [property: JsonConverter(typeof(CapitalConverter<Verdict>))] Verdict Decision, string Reason, string Partner,
    DateTimeOffset DecidedAt, bool IsYours);

/// <summary>Which candidate to hold against the probe.</summary>
internal sealed record CaseComparisonRequest
{
    public required int Rank { get; init; }

    /// <summary>Which of its encounters; the first one where it is left out.</summary>
    public string? EncounterId { get; init; }

    /// <summary>The probe, where the case does not keep it.</summary>
    public IReadOnlyList<OsiaBiometricData>? BiometricData { get; init; }
}

/// <summary>What a person found.</summary>
internal sealed record CaseDecisionRequest
{
    /// <summary>Which candidate: its rank, or its person.</summary>
    public int? Rank { get; init; }

    /// <summary>Which candidate: its person, where the rank is left out.</summary>
    public string? PersonId { get; init; }

    /// <summary>SAME, DIFFERENT or INCONCLUSIVE.</summary>
    [JsonConverter(typeof(CapitalConverter<Verdict>))]
    public required Verdict Decision { get; init; }

    /// <summary>Why; at most 1000 characters.</summary>
    public required string Reason { get; init; }

    /// <summary>The probe, where the case does not keep it.</summary>
    public IReadOnlyList<OsiaBiometricData>? BiometricData { get; init; }
}

/// <summary>Who decided about candidates, and how long it took.</summary>
internal sealed record CaseReportAnswer
{
    /// <summary>Cases that were opened.</summary>
    public required int Cases { get; init; }

    public required int Open { get; init; }

    public required int Confirmed { get; init; }

    public required int Rejected { get; init; }

    public required int Expired { get; init; }

    public required int Candidates { get; init; }

    /// <summary>Candidates that two natural persons settled.</summary>
    public required int DecidedByPersons { get; init; }

    /// <summary>Candidates that were settled otherwise; 0, because nothing else settles one.</summary>
    public required int DecidedByPrograms { get; init; }

    /// <summary>Share of the settled candidates that programs settled; null while none is.</summary>
    public double? AutomatedShare { get; init; }

    /// <summary>Candidates about which two persons do not agree yet.</summary>
    public required int Undecided { get; init; }

    public required int Decisions { get; init; }

    /// <summary>Candidates with a second decision.</summary>
    public required int SecondDecisions { get; init; }

    /// <summary>Share of the second decisions that say what the first one says; null while there is none.</summary>
    public double? AgreementRate { get; init; }

    /// <summary>From the search to the decision that settled a candidate; null while there is none.</summary>
    public double? MedianHoursToDecision { get; init; }

    /// <summary>95 of a hundred took no longer; null while there is none.</summary>
    public double? P95HoursToDecision { get; init; }
}
