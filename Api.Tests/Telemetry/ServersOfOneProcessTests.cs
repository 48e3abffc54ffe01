using System.Text.Json.Nodes;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Api.Tests.Telemetry;

/// <summary>Two servers of one process say each what it measured itself.</summary>
public sealed class ServersOfOneProcessTests
{
    private const string Enrolled = "matchcluster_enroll_duration_seconds_count";

    [Fact]
    public async Task A_server_counts_neither_what_another_one_does_nor_forgets_its_own_when_that_one_ends()
    {
        await using RunningServer stays = await RunningServer.StartAsync(new MemoryGalleryStore(1));
        await using (RunningServer goes = await RunningServer.StartAsync(new MemoryGalleryStore(1)))
        {
            await EnrolAsync(goes, "P1");
            await EnrolAsync(goes, "P2");
            await EnrolAsync(stays, "P1");
            Assert.Equal(["1"], await CountsAsync(stays));
            Assert.Equal(["2"], await CountsAsync(goes));
        }

        await EnrolAsync(stays, "P2");
        Assert.Equal(["2"], await CountsAsync(stays));
    }

    private static Task<JsonNode> EnrolAsync(RunningServer server, string person) => server.PostAsync(
        $"persons/{person}/encounters/E1", Bodies.Encounter("CIVIL", [Bodies.Finger(1, 2)])).OkAsync();

    private static async Task<string[]> CountsAsync(RunningServer server) =>
    [
        .. (await server.Http.GetStringAsync("/metrics")).Split('\n')
            .Where(line => line.StartsWith(Enrolled, StringComparison.Ordinal))
            .Select(line => line[(line.LastIndexOf(' ') + 1)..]),
    ];
}
