using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Uses;

/// <summary>Which version of which agreement allowed a use.</summary>
public sealed record AgreementRef(string Id, long Version);

/// <summary>Whether a use is allowed, and what it is limited to.</summary>
public sealed record UseDecision
{
    /// <summary>What is decided where no agreements are kept, and of the system's own work.</summary>
    public static UseDecision Unlimited { get; } = new();

    /// <summary>Why it is not allowed; null where it is.</summary>
    public Refusal? Refusal { get; init; }

    /// <summary>
    /// The agreement that allows it, or that refused it and came nearest; null where there is none.
    /// </summary>
    public AgreementRef? Agreement { get; init; }

    /// <summary>The purpose that counts: the stated one, or the only one of the agreement.</summary>
    public string? Purpose { get; init; }

    /// <summary>A candidate needs at least this score, -10 log10 FMR.</summary>
    public double MinThreshold { get; init; }

    /// <summary>Candidates of an answer at most.</summary>
    public int MaxCandidates { get; init; } = Limits.CandidatesPerSearch;

    /// <summary>The highest priority of the call, 0..9; null where there is no such limit.</summary>
    public int? PriorityCap { get; init; }

    /// <summary>How much of the answer leaves.</summary>
    public ReleaseProfile Release { get; init; } = ReleaseProfile.Full;

    /// <summary>Whether nothing of the probe may be kept.</summary>
    public bool NoRetain { get; init; }

    /// <summary>Days after which what is enrolled expires; null where it does not.</summary>
    public int? RetentionDays { get; init; }

    /// <summary>How much is kept of what nothing here compares; null for nothing.</summary>
    public OpaqueLimits? Opaque { get; init; }

    /// <summary>
    /// Encounters outside these galleries do not exist for this use: they are neither shown nor changed. Null where
    /// there is no such limit.
    /// </summary>
    public IReadOnlySet<string>? Galleries { get; init; }

    /// <summary>
    /// Galleries that the use may know of, of a change or a deletion: who is in no other one is nobody for it,
    /// also where it is refused something. Null where there is no such limit.
    /// </summary>
    public IReadOnlySet<string>? Known { get; init; }

    /// <summary>Whether an encounter of these galleries may be shown.</summary>
    public bool Shows(IEnumerable<string> galleries) => Galleries is null || galleries.Any(Galleries.Contains);

    public static UseDecision Refused(UseRule rule, string reason) =>
        new() { Refusal = Model.Refusal.Of(rule, reason) };
}

/// <summary>Decides about uses. Everything that reaches a gallery asks it, whatever door it came by.</summary>
public interface IUsePolicy
{
    /// <summary>Whether a use may do this now.</summary>
    ValueTask<UseDecision> DecideAsync(Use use, UseRequest request, CancellationToken cancel);
}

/// <summary>Allows everything: a server that keeps no agreements. Who wants to see less sees less.</summary>
public sealed class OpenPolicy : IUsePolicy
{
    public static OpenPolicy Instance { get; } = new();

    public ValueTask<UseDecision> DecideAsync(Use use, UseRequest request, CancellationToken cancel) =>
        ValueTask.FromResult(Decide(use, request));

    private static UseDecision Decide(Use use, UseRequest request) =>
        request.Operation == Operation.Explain && use.AtMost < ReleaseProfile.Full
            ? UseDecision.Refused(
                UseRule.ReleaseTooSmall,
                $"the call releases {ReleaseWords.Of(use.AtMost.Value)}, wanted full to explain")
        : use is { AtMost: null, NoRetain: false } ? UseDecision.Unlimited
        : new UseDecision { Release = use.AtMost ?? ReleaseProfile.Full, NoRetain = use.NoRetain };
}
