using Microsoft.AspNetCore.Http;

namespace MatchCluster.ServiceDefaults.Telemetry;

/// <summary>
/// What is asked every few seconds to see how a member is: there is no trace of it.
/// </summary>
internal static class PolledPaths
{
    private static readonly PathString[] All = ["/alive", "/health", "/metrics", "/mc/v1/live", "/mc/v1/stats"];

    /// <summary>Orleans' dashboard asks each second for what it shows.</summary>
    private static readonly PathString Dashboard = "/orleans";

    public static bool Has(PathString path) => All.Contains(path) || path.StartsWithSegments(Dashboard);
}
