using MatchCluster.Api.Hosting;
using MatchCluster.Api.Options;

namespace MatchCluster.Api.Cluster;

/// <summary>The default build has no cluster in it.</summary>
internal static class ClusterServer
{
    public static Task<int> RunAsync(
        ServerOptions options, IReadOnlyDictionary<string, string?> settings, TextWriter errors,
        CancellationToken cancel) =>
        Server.CannotStartAsync(
            errors, "--cluster: this build has no cluster in it; build it with -p:Cluster=true -p:Aspire=false");
}
