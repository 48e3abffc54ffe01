using System.Net;
using System.Text.Json.Nodes;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Tests.OpenApi;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Api.Tests.Feeds;

/// <summary>The changes of a gallery over HTTP.</summary>
public sealed class ChangesRouteTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("feed-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task Changes_come_in_order_with_states_and_encounters_and_wait_for_the_next_one()
    {
        await using RunningServer server = await StartAsync(100);
        await EnrolAsync(server, 1);
        await EnrolAsync(server, 2);
        await server.PutAsync("persons/P-2/encounters/E-1/status?status=INACTIVE", null).StatusAsync();
        await server.DeleteAsync("persons/P-1").StatusAsync();

        JsonNode all = await ReadAsync(server, "after=0");
        Assert.Equal((0, 4, 4), ((long)all["first"]!, (long)all["last"]!, (long)all["next"]!));
        JsonArray changes = all["changes"]!.AsArray();
        Assert.Equal(["added", "added", "statusChanged", "deleted"], changes.Select(one => (string)one!["kind"]!));
        Assert.Equal(["P-1", "P-2", "P-2", "P-1"], changes.Select(one => (string)one!["personId"]!));
        Assert.Equal([1L, 2, 2, 1], changes.Select(one => (long)one!["encounters"]!));
        Assert.Equal((string)all["state"]!, (string)changes[3]!["state"]!);
        Assert.Equal(32, Convert.FromBase64String((string)all["stateKey"]!).Length);
        Assert.All(changes, one => Assert.Null(one!["encounter"]));

        // Whoever reads with encounters gets those that are there; an older version comes with a later change.
        JsonArray full = (await ReadAsync(server, "content=encounter"))["changes"]!.AsArray();
        Assert.Equal([true, true, null, null], full.Select(one => (bool?)one!["superseded"]));
        Assert.Equal("INACTIVE", (string)full[2]!["encounter"]!["status"]!);
        Assert.Equal(["demo"], full[2]!["encounter"]!["galleries"]!.AsArray().Select(name => (string)name!));
        JsonArray records = (await ReadAsync(server, "content=record&after=2&limit=1"))["changes"]!.AsArray();
        Assert.Equal("MCEN"u8, Convert.FromBase64String((string)Assert.Single(records)!["record"]!).AsSpan(0, 4));

        Description description = await Description.ReadAsync(server.Http);
        foreach (string query in (string[])["content=none", "content=encounter", "content=record", "after=9"])
        {
            using HttpResponseMessage answer = await server.Http.GetAsync($"/mc/v1/galleries/demo/changes?{query}");
            Assert.Empty(description.Violations(
                "/mc/v1/galleries/{galleryId}/changes", "get", answer, await answer.Content.ReadAsStringAsync()));
        }

        Task<JsonNode> waiting = ReadAsync(server, "after=4&wait=50");
        await EnrolAsync(server, 3);
        JsonNode next = await waiting;
        Assert.Equal((5, "P-3"), ((long)next["next"]!, (string)next["changes"]![0]!["personId"]!));
        Assert.Equal(5, (long)(await ReadAsync(server, "after=5"))["next"]!);
    }

    [Fact]
    public async Task Positions_that_are_not_kept_or_not_reached_and_other_bad_input_are_refused_with_what_to_do()
    {
        await using RunningServer server = await StartAsync(2);
        for (int person = 0; person < 5; person++)
        {
            await EnrolAsync(server, person);
        }

        await RefusedAsync(server, "after=1", HttpStatusCode.Gone, FailureCode.ChangesCompacted, "as a whole");
        await RefusedAsync(server, "after=6", HttpStatusCode.Conflict, FailureCode.ChangesNotReached, "another server");
        foreach (string bad in (string[])["after=-1", "limit=-1", "limit=1001", "wait=51", "content=all", "since=1"])
        {
            await RefusedAsync(server, bad, HttpStatusCode.BadRequest, FailureCode.InvalidParameter, "wanted");
        }

        JsonNode position = await ReadAsync(server, "limit=0");
        Assert.Equal((3, 5), ((long)position["first"]!, (long)position["last"]!));

        await using RunningServer off = await RunningServer.StartAsync(new MemoryGalleryStore(1));
        await RefusedAsync(off, "", HttpStatusCode.Conflict, FailureCode.ChangesNotKept, "--changes-kept");
    }

    private async Task<RunningServer> StartAsync(int kept) => await RunningServer.StartAsync(
        await SqliteGalleryStore.OpenAsync(directory, 2, 2, default, changesKept: kept), data: directory);

    private static async Task EnrolAsync(RunningServer server, int person)
    {
        using HttpResponseMessage answer = await server.PostAsync(
            $"persons/P-{person}/encounters/E-1", Bodies.Encounter("demo", [Bodies.Finger(person, 2)]));
        answer.EnsureSuccessStatusCode();
    }

    private static async Task<JsonNode> ReadAsync(RunningServer server, string query) => JsonNode.Parse(
        await server.Http.GetStringAsync($"/mc/v1/galleries/demo/changes?{query}"))!;

    private static async Task RefusedAsync(
        RunningServer server, string query, HttpStatusCode status, FailureCode code, string words)
    {
        using HttpResponseMessage answer = await server.Http.GetAsync($"/mc/v1/galleries/demo/changes?{query}");
        JsonNode problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Equal((status, (int)code), (answer.StatusCode, (int)problem["code"]!));
        Assert.Contains(words, (string)problem["detail"]!);
    }
}
