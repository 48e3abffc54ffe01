namespace MatchCluster.Matching.Uses;

/// <summary>
/// On whose behalf a call is made and for what. It is stated once, where the call comes in, and goes with the call's
/// budget to whoever decides whether it is allowed.
/// </summary>
public sealed record Use
{
    /// <summary>Nobody said who calls: refused wherever agreements are kept.</summary>
    public static Use Unstated { get; } = new();

    /// <summary>The system's own work, which no partner asked for.</summary>
    public static Use Internal { get; } = new() { IsInternal = true };

    /// <summary>The agency that calls; empty where nobody was checked.</summary>
    public string Partner { get; init; } = "";

    /// <summary>Who it is inside the partner; of a natural person it is personal data.</summary>
    public string Subject { get; init; } = "";

    /// <summary>Whether a natural person calls, and no program.</summary>
    public bool IsPerson { get; init; }

    /// <summary>
    /// The purpose as it was stated, whether it is on the list or not; null where none was.
    /// </summary>
    public string? Purpose { get; init; }

    /// <summary>The agreement that the caller names; null leaves the choice to the agreements.</summary>
    public string? Agreement { get; init; }

    /// <summary>The priority that was asked for, 0..9; null where none was.</summary>
    public int? Priority { get; init; }

    /// <summary>Whether the caller wants nothing of the probe to be kept.</summary>
    public bool NoRetain { get; init; }

    /// <summary>The most that the caller wants to see; null takes what the agreement allows.</summary>
    public ReleaseProfile? AtMost { get; init; }

    /// <summary>Told of what is decided about it; null where nobody wants to know. Any thread may call it.</summary>
    public Action<UseDecision>? Decided { get; init; }

    /// <summary>Whether the system itself asks.</summary>
    public bool IsInternal { get; private init; }

    /// <summary>Whether a text may name a partner or a subject: printable ASCII without blanks.</summary>
    public static bool IsName(string? text) =>
        text is { Length: > 0 and <= Limits.PartnerNameLength } && text.All(c => c is > ' ' and <= '~');

    /// <summary>Without the subject: a record would print it into whatever log it meets.</summary>
    public override string ToString() => IsInternal ? "internal" : $"use of {Partner}";
}
