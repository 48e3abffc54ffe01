using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Seam;

/// <summary>What a partition answers where a move is in the way.</summary>
internal static class MoveStage
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    /// <summary>A conflict that is over as soon as the move is: asking again helps.</summary>
    public static Refusal Busy { get; } = new(
        RefusalKind.Conflict, "the encounter or its person is being moved or merged; ask again", Soon);

    /// <summary>The encounters are not those that were read: reading again helps.</summary>
    public static Refusal Changed { get; } = new(
        RefusalKind.Conflict, "an encounter was changed while it was being moved; nothing was moved", Soon);

    public static Refusal TooOld { get; } = new(
        RefusalKind.Conflict, $"the move began more than {Limits.LongestDecision.TotalSeconds:F0} s ago");

    public static Refusal Ended { get; } = new(RefusalKind.Unknown, "no such move of this encounter");

    public static Refusal NoTarget { get; } = new(RefusalKind.Unknown, "no such person to move to");

    /// <summary>Whether a refusal only says that a move is in the way.</summary>
    public static bool IsBusy(Refusal? refusal) => refusal is { Kind: RefusalKind.Conflict, RetryAfter: not null };
}
