using System.Text;
using System.Text.Json.Nodes;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Api.Tests;

/// <summary>
/// A fast search of irises as a caller sees it: what it says it may miss, and that it was exact where it was.
/// </summary>
public sealed class FastSearchTests : IAsyncLifetime
{
    /// <summary>Enough of them for a block of eyes in the one partition.</summary>
    private const int People = 80;

    private RunningServer server = null!;

    public async Task InitializeAsync()
    {
        server = await RunningServer.StartAsync(new MemoryGalleryStore(1));
        using StringContent content = new(
            string.Join('\n', Enumerable.Range(0, People).Select(Line)), Encoding.UTF8, "application/x-ndjson");
        using HttpResponseMessage response = await server.Http.PostAsync("/mc/v1/enrol", content);
        string done = (await response.Content.ReadAsStringAsync()).TrimEnd().Split('\n')[^1];
        Assert.Equal(People, (int)JsonNode.Parse(done)!["done"]!["applied"]!);
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task A_sampled_search_says_what_it_may_miss_at_OSIA_and_in_a_batch()
    {
        using HttpResponseMessage fast = await server.PostAsync(
            "identify/eyes?threshold=60&accuracyLevel=fast", Bodies.Identify([Bodies.Eye(4, 1, impression: 1)]));
        JsonNode best = (await fast.JsonAsync())[0]!;
        Assert.Equal("P4", (string)best["personId"]!);
        Assert.Equal(0.36, (double)best["others"]!["fast"]!["sampledTo"]!);
        Assert.InRange((double)best["others"]!["fast"]!["loss"]!, 0, 0.01);
        Assert.InRange((double)best["others"]!["penetration"]!, 0, 0.1);
        Assert.Equal((double)best["others"]!["fast"]!["loss"]!, (double)best["others"]!["loss"]!);
        Assert.InRange((double)best["others"]!["expectedLoss"]!, 0.0001, (double)best["others"]!["loss"]! / 2);
        Assert.StartsWith("iris; sampled-to=0.36; loss=", fast.Headers.GetValues("MatchCluster-Fast").Single());

        JsonNode line = await BatchAsync(threshold: 60);
        Assert.Equal("P4", (string)line["candidates"]![0]!["personId"]!);
        Assert.Equal(0.36, (double)line["fast"]!["sampledTo"]!);
    }

    [Theory]
    [InlineData("identify/eyes?threshold=60")]
    [InlineData("identify/eyes?threshold=15&accuracyLevel=fast")]
    public async Task An_exact_search_promises_no_loss_whether_it_was_asked_for_or_not(string path)
    {
        using HttpResponseMessage exact = await server.PostAsync(
            path, Bodies.Identify([Bodies.Eye(4, 1, impression: 1)]));
        JsonNode best = (await exact.JsonAsync())[0]!;
        Assert.Equal("P4", (string)best["personId"]!);
        Assert.False(exact.Headers.Contains("MatchCluster-Fast"));
        Assert.Null(best["others"]!["fast"]);
        Assert.Null(best["others"]!["penetration"]);
        Assert.Null(best["others"]!["loss"]);
        Assert.False(exact.Headers.Contains("MatchCluster-Loss"));
    }

    [Fact]
    public async Task A_fast_line_of_a_batch_with_a_low_threshold_was_exact()
    {
        JsonNode line = await BatchAsync(threshold: 15);
        Assert.Equal("P4", (string)line["candidates"]![0]!["personId"]!);
        Assert.Null(line["fast"]);
        Assert.Null(line["penetration"]);
    }

    private async Task<JsonNode> BatchAsync(int threshold)
    {
        JsonObject line = new()
        {
            ["id"] = "a",
            ["threshold"] = threshold,
            ["fast"] = true,
            ["biometricData"] = new JsonArray(Bodies.Eye(4, 1, impression: 1)),
        };
        using StringContent content = new(line.ToJsonString(), Encoding.UTF8, "application/x-ndjson");
        using HttpResponseMessage response = await server.Http.PostAsync("/mc/v1/identify/eyes", content);
        return JsonNode.Parse((await response.Content.ReadAsStringAsync()).Split('\n')[0])!;
    }

    private static string Line(int person)
    {
        JsonObject encounter = Bodies.Encounter("eyes", [Bodies.Eye(person, 1)]);
        encounter["encounterId"] = "E1";
        return new JsonObject { ["personId"] = $"P{person}", ["encounter"] = encounter }.ToJsonString();
    }
}
