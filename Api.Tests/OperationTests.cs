using System.Text.Json.Nodes;

namespace MatchCluster.Api.Tests;

public sealed class OperationTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task Health_is_ready_with_every_partition_named()
    {
        JsonNode health = await server.Http.GetAsync("/health").OkAsync();
        Assert.Equal("ready", (string)health["status"]!);
        Assert.Equal(RunningServer.Partitions, health["partitions"]!.AsArray().Count);
        Assert.Equal("alive", await server.Http.GetStringAsync("/alive"));
    }

    [Fact]
    public async Task Metrics_are_Prometheus_text_with_the_meters_of_the_engine()
    {
        await server.PostAsync("persons/somebody-private/encounters/E1", Bodies.Encounter("A", Bodies.Samples(1)))
            .OkAsync();
        await server.PostAsync("identify/A", Bodies.Identify(Bodies.Samples(1, 1))).OkAsync();
        using HttpResponseMessage response = await server.Http.GetAsync("/metrics");
        Assert.Equal("text/plain", response.Content.Headers.ContentType!.MediaType);
        string text = await response.Content.ReadAsStringAsync();
        foreach (string name in (string[])[
            "# TYPE matchcluster_search_duration_seconds histogram", "matchcluster_search_duration_seconds_bucket{",
            "matchcluster_queue_time_seconds_count", "matchcluster_scan_duration_seconds_sum",
            "matchcluster_comparisons_total", "matchcluster_partition_rows{", "matchcluster_enroll_duration_seconds"])
        {
            Assert.Contains(name, text, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("somebody", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_description_names_both_doors()
    {
        JsonNode description = await server.Http.GetAsync("/openapi/v1.json").OkAsync();
        Assert.Equal("identify", (string)description["paths"]!["/v1/identify/{galleryId}"]!["post"]!["operationId"]!);
        Assert.NotNull(description["paths"]!["/mc/v1/enrol"]);
        Assert.NotNull(description["components"]!["schemas"]!["Candidate"]);
    }
}
