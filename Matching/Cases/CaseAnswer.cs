using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Cases;

/// <summary>Why a case is not read or not decided.</summary>
public enum CaseRefusal
{
    /// <summary>No such case for this caller.</summary>
    Unknown,

    /// <summary>A program, or nobody who was checked, would decide.</summary>
    NotAPerson,

    /// <summary>The caller's partner may not see the candidate's details, or not decide about it.</summary>
    MayNotDecide,

    /// <summary>This person has decided about the candidate already.</summary>
    DecidedAlready,

    /// <summary>Two persons agree already, or the case's time has ended.</summary>
    Closed,

    /// <summary>What was sent is not acceptable.</summary>
    Invalid,

    /// <summary>The probe is not kept, and was not sent again or is another one.</summary>
    ProbeNeeded,

    /// <summary>Too many decide at once; ask again.</summary>
    Busy,
}

/// <summary>A value, or why there is none.</summary>
/// <param name="Value">Null where it is refused.</param>
/// <param name="Refusal">Null where it is not.</param>
/// <param name="Reason">A sentence; no personal data.</param>
public readonly record struct CaseAnswer<T>(T? Value, CaseRefusal? Refusal, string Reason)
    where T : class
{
    public static implicit operator CaseAnswer<T>(T value) => new(value, null, "");
}

/// <summary>A case as one partner sees it now.</summary>
/// <param name="Case">What is stored; what the caller may not see of it is for the caller's side to leave out.</param>
/// <param name="State">Its state.</param>
/// <param name="Access">What the partner may see.</param>
/// <param name="IsProbeKept">Whether the probe can still be read here.</param>
public sealed record SeenCase(Case Case, CaseState State, CaseAccess Access, bool IsProbeKept);

/// <summary>What one person wants to record.</summary>
/// <param name="Rank">Which candidate.</param>
/// <param name="Verdict">What the person found.</param>
/// <param name="Reason">Why.</param>
/// <param name="Probe">The probe, sent again; null where it is not.</param>
public sealed record DecisionRequest(int Rank, Verdict Verdict, string Reason, IReadOnlyList<Sample>? Probe = null)
{
    /// <summary>Characters of a reason at most.</summary>
    public const int LongestReason = 1000;
}
