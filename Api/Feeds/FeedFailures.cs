using MatchCluster.Api.Http;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Matching.Feeds;

namespace MatchCluster.Api.Feeds;

/// <summary>Why there are no changes to read.</summary>
internal static class FeedFailures
{
    /// <summary>The server keeps no logs.</summary>
    public static Failure NotKept { get; } = new(
        FailureCode.ChangesNotKept, "this server keeps no change logs; start it with --changes-kept COUNT");

    /// <summary>Too many calls wait for a change.</summary>
    public static Failure TooManyWait { get; } = new(
        FailureCode.Overloaded,
        $"{ApiLimits.FeedWaiters} calls wait for changes already; ask again without wait", TimeSpan.FromSeconds(1));

    /// <summary>The log does not keep the position, or has not reached it.</summary>
    public static Failure Lacking(ChangePosition position, long after) => after < position.First
        ? new Failure(
            FailureCode.ChangesCompacted,
            $"after: found {after}, and the log begins after {position.First}; take the gallery as a whole (a pack, or "
            + "a listing made after reading this position) and go on from its position")
        : new Failure(
            FailureCode.ChangesNotReached,
            $"after: found {after}, and the log has reached {position.Last}: the position is of another server, or "
            + "this one was restored from a backup; take the gallery as a whole");
}
