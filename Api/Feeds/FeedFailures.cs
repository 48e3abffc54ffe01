using MatchCluster.Api.Http;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Matching.Feeds;
using MatchCluster.Matching.Model;

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

    /// <summary>The server makes no packs.</summary>
    public static Failure NoPacks { get; } = new(
        FailureCode.PackNotMade,
        "this server makes no packs: it serves one itself, or it is a front end of a cluster without --pack-key");

    /// <summary>Another pack is being made.</summary>
    public static Failure PackBeingMade { get; } = new(
        FailureCode.Overloaded, "another pack is being made; ask again", TimeSpan.FromSeconds(5));

    /// <summary>Slow readers have not fetched earlier packs.</summary>
    public static Failure PacksUnread { get; } = new(
        FailureCode.Overloaded, "as many packs are on their way as this server keeps for one partner, or for all; read "
        + "those to their end", TimeSpan.FromSeconds(30));

    /// <summary>The disk takes no pack.</summary>
    public static Failure PackNotWritten { get; } = Failure.Of(new Outage(
        "the pack cannot be written: the disk of this server's temporary files is full or cannot be used", true));

    /// <summary>No pack of that name was made here.</summary>
    public static Failure UnknownPack { get; } = new(FailureCode.Unknown, "no pack of that name was made here");

    /// <summary>A report that the copy did not sign.</summary>
    public static Failure ReportRefused { get; } = new(
        FailureCode.PackReportRefused,
        "the report is about another pack, holds something else than hits, or was not signed by whom the pack is for");

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
