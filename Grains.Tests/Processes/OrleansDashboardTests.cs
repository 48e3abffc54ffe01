using System.Net;
using MatchCluster.Grains.Tests.Clusters;
using MatchCluster.Grains.Tests.Redis;

namespace MatchCluster.Grains.Tests.Processes;

/// <summary>Orleans' own dashboard on a real silo.</summary>
public sealed class OrleansDashboardTests
{
    [SkippableFact]
    public async Task It_shows_grains_where_it_is_asked_for_shows_no_log_and_answers_no_other_host()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        await using MemberProcess silo = MemberProcess.Start(
            "silo-1", "Silo", redis.Port, "--partitions", "2", "--orleans-dashboard", "true");
        await using MemberProcess plain = MemberProcess.Start("silo-2", "Silo", redis.Port, "--partitions", "2");
        using HttpClient http = new() { BaseAddress = await silo.AddressAsync() };
        using HttpClient other = new() { BaseAddress = await plain.AddressAsync() };
        await JoinedAsync(http);
        await JoinedAsync(other);

        Assert.Contains("<html", await http.GetStringAsync("/orleans/"), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("MatchCluster.Grains.Silos.IdentityPartitionGrain", await http.GetStringAsync(
            "/orleans/GrainTypes"), StringComparison.Ordinal);
        // The dashboard asks the cluster once a second, and until then shows no members.
        await PartitionWaits.UntilAsync(
            () => http.GetStringAsync("/orleans/DashboardCounters"),
            counters => counters.Contains("silo-1", StringComparison.Ordinal)
                && counters.Contains("silo-2", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(http, "/orleans/Trace"));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(http, "/orleans/GrainTypes", host: "other.example"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(other, "/orleans/"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, "/health"));
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http, string path, string? host = null)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path) { Headers = { Host = host } };
        using HttpResponseMessage answer = await http.SendAsync(request);
        return answer.StatusCode;
    }

    private static async Task JoinedAsync(HttpClient http)
    {
        using CancellationTokenSource late = new(TimeSpan.FromMinutes(2));
        while (await StatusAsync(http, "/health") != HttpStatusCode.OK)
        {
            await Task.Delay(50, late.Token);
        }
    }
}
