using MatchCluster.Api.Searching;
using MatchCluster.Api.Telemetry;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MatchCluster.Api.Operator;

/// <summary>The last minute of this front end: cheap enough to be asked every second, no partition is.</summary>
internal static class Live
{
    public static Ok<LiveAnswer> Read(RecentActivity recent, AdmissionGate gate)
    {
        RecentPicture picture = recent.Read();
        IEnumerable<SecondPicture> window = picture.Seconds.TakeLast(RecentPicture.Window);
        return TypedResults.Ok(new LiveAnswer(
            RecentPicture.Window,
            window.Sum(second => second.Searches) / (double)RecentPicture.Window,
            window.Sum(second => second.Refused) / (double)RecentPicture.Window,
            window.Sum(second => second.Partial) / (double)RecentPicture.Window,
            window.Sum(second => second.Writes) / (double)RecentPicture.Window,
            picture.P50Ms, picture.P95Ms, picture.P99Ms, GateStats.Of(gate), picture.Seconds,
            picture.Partitions));
    }
}

/// <param name="WindowSeconds">What the rates and percentiles cover; whole seconds that are over.</param>
/// <param name="SearchesPerSecond">Searches answered a second; each probe of a batch is counted.</param>
/// <param name="RefusedPerSecond">Searches and writes turned away; not those that name somebody unknown.</param>
/// <param name="PartialPerSecond">Answers that did not search everything.</param>
/// <param name="WritesPerSecond">Encounters written, changed or deleted.</param>
/// <param name="P50Ms">Median in milliseconds, at most 6.25 % above the truth; absent without searches.</param>
/// <param name="P95Ms">95th percentile in milliseconds, as exact as the median.</param>
/// <param name="P99Ms">99th percentile in milliseconds, as exact as the median.</param>
/// <param name="Searches">Searches at the gate now.</param>
/// <param name="Seconds">The last minute, oldest first.</param>
/// <param name="Partitions">What each did for this front end since its start; a reader takes differences.</param>
internal sealed record LiveAnswer(
    int WindowSeconds, double SearchesPerSecond, double RefusedPerSecond, double PartialPerSecond,
    double WritesPerSecond, double? P50Ms, double? P95Ms, double? P99Ms, GateStats Searches,
    IReadOnlyList<SecondPicture> Seconds, IReadOnlyList<PartitionWork> Partitions);
