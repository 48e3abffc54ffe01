using MatchCluster.Api.Http.Callers;
using MatchCluster.Matching.Quotas;

namespace MatchCluster.Api.Searching;

/// <summary>The pace of streams: where a single call beyond its rate is refused, a stream waits.</summary>
internal static class RatePace
{
    /// <summary>Waits until the caller's rate has room, and says for how many lines.</summary>
    public static async ValueTask<int> RoomAsync(HttpContext http, CancellationToken cancel) =>
        http.RequestServices.GetService<MeteredPolicy>() is { } meter
            ? await meter.PaceAsync(http.Use(), cancel) : int.MaxValue;
}
