using System.Text;
using System.Text.Json.Nodes;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Searching;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Api.Tests;

/// <summary>An empty list means "no candidate"; only a complete search may say so.</summary>
public sealed class PartialTests
{
    [Fact]
    public async Task A_partial_search_without_a_candidate_is_503_and_says_what_is_missing()
    {
        await using RunningServer server = await RunningServer.StartAsync(
            new StubDirectory(StubDirectory.Complete(0), StubDirectory.Loading(1)));
        using HttpResponseMessage response = await Search(server);
        Assert.Equal("2", response.Headers.GetValues("Retry-After").Single());
        Assert.Equal("false", response.Headers.GetValues("MatchCluster-Complete").Single());
        Assert.Equal("5/15", response.Headers.GetValues("MatchCluster-Identities").Single());
        string message = await Task.FromResult(response).ErrorAsync(503, FailureCode.Incomplete);
        Assert.Contains("5 of 15 identities in 1 of 2 partitions", message, StringComparison.Ordinal);
        Assert.Contains("loading, 3 of 10", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_partial_search_with_a_candidate_answers_and_says_that_it_is_partial()
    {
        await using RunningServer server = await RunningServer.StartAsync(
            new StubDirectory(StubDirectory.Complete(0, new Hit("P1", 55, [])), StubDirectory.Loading(1)));
        JsonNode list = await Search(server).OkAsync();
        Assert.False((bool)list[0]!["others"]!["complete"]!);
        Assert.Equal(1, (int)list[0]!["others"]!["partitionsAnswered"]!);
    }

    [Fact]
    public async Task Full_queues_everywhere_are_429()
    {
        await using RunningServer server = await RunningServer.StartAsync(new StubDirectory(StubDirectory.Full(0)));
        await Search(server).ErrorAsync(429, FailureCode.Overloaded);
    }

    [Fact]
    public async Task An_incomplete_batch_answer_has_no_list_at_all()
    {
        await using RunningServer server = await RunningServer.StartAsync(
            new StubDirectory(StubDirectory.Complete(0), StubDirectory.Loading(1)));
        JsonObject probe = new() { ["id"] = "1", ["biometricData"] = Bodies.Samples(1), ["threshold"] = 40 };
        using HttpResponseMessage response = await server.Http.PostAsync(
            "/mc/v1/identify/ALL", Ndjson(probe));
        JsonNode answer = await response.JsonAsync();
        Assert.False((bool)answer["complete"]!);
        Assert.Null(answer["candidates"]);
    }

    [Fact]
    public async Task Health_is_503_while_loading_and_says_how_far()
    {
        await using RunningServer server = await RunningServer.StartAsync(
            new StubDirectory(StubDirectory.Complete(0), StubDirectory.Loading(1)));
        using HttpResponseMessage response = await server.Http.GetAsync("/health");
        Assert.Equal(503, (int)response.StatusCode);
        JsonNode health = await response.JsonAsync();
        Assert.Equal("loading 3 of 10", (string)health["partitions"]![1]!["state"]!);
        Assert.Equal(200, await server.Http.GetAsync("/alive").StatusAsync());
        await server.GetAsync("galleries").ErrorAsync(503, FailureCode.Unavailable);
        await server.GetAsync("persons/p/encounters").ErrorAsync(503, FailureCode.Unavailable);
    }

    [Fact]
    public async Task A_front_end_of_a_cluster_stays_in_a_balancer_as_long_as_it_can_answer_in_part()
    {
        ClusterView cluster = new(_ => "silo-1", _ => Task.FromResult<IReadOnlyList<MemberStats>?>(null));
        await using RunningServer some = await RunningServer.StartAsync(
            new StubDirectory(StubDirectory.Complete(0), StubDirectory.Loading(1)), cluster: cluster);
        using HttpResponseMessage partial = await some.Http.GetAsync("/health");
        Assert.Equal(200, (int)partial.StatusCode);
        JsonNode health = await partial.JsonAsync();
        Assert.Equal("partial", (string)health["status"]!);
        Assert.Equal("loading 3 of 10", (string)health["partitions"]![1]!["state"]!);

        await using RunningServer none = await RunningServer.StartAsync(
            new StubDirectory(StubDirectory.Loading(0), StubDirectory.Loading(1)), cluster: cluster);
        Assert.Equal(503, await none.Http.GetAsync("/health").StatusAsync());
        Assert.Equal(200, await none.Http.GetAsync("/alive").StatusAsync());
    }

    [Fact]
    public async Task A_disk_that_is_full_is_503_for_one_call_and_a_line_of_a_stream()
    {
        await using RunningServer server = await RunningServer.StartAsync(new StubDirectory(StubDirectory.Complete(0)));
        JsonObject encounter = Bodies.Encounter("A", [Bodies.Eye(1, 1)]);
        Assert.Equal("the disk is full",
            await server.PostAsync("persons/p/encounters/E1", encounter).ErrorAsync(503, FailureCode.Unavailable));
        encounter = Bodies.Encounter("A", [Bodies.Eye(1, 1)]);
        encounter["encounterId"] = "E1";
        JsonObject line = new() { ["personId"] = "p", ["encounter"] = encounter };
        using HttpResponseMessage response =
            await server.Http.PostAsync("/mc/v1/enrol", Ndjson(line));
        string text = await response.Content.ReadAsStringAsync();
        Assert.Contains("the disk is full", text, StringComparison.Ordinal);
        Assert.Contains("\"done\":{\"read\":1,\"applied\":0,\"refused\":1}", text, StringComparison.Ordinal);
    }

    private static StringContent Ndjson(JsonObject line) =>
        new(line.ToJsonString(), Encoding.UTF8, "application/x-ndjson");

    private static Task<HttpResponseMessage> Search(RunningServer server) =>
        server.PostAsync("identify/ALL?threshold=40", Bodies.Identify(Bodies.Samples(1)));
}
