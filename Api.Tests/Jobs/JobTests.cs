using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace MatchCluster.Api.Tests.Jobs;

/// <summary>Jobs over real sockets: what they find, their states, and servers that are killed meanwhile.</summary>
public sealed class JobTests : IDisposable
{
    private const int People = 30;
    private const int Kills = 4;
    private const int Seed = 1201;

    private readonly string directory = Directory.CreateTempSubdirectory("matchcluster-test-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task Killed_servers_lose_no_pair_and_report_none_twice()
    {
        Random random = new(Seed);
        string id = "";
        for (int kill = 0; kill < Kills; kill++)
        {
            using ServerProcess server = ServerProcess.Start("--data", directory, "--partitions", "3");
            using HttpClient http = await server.ReadyAsync();
            if (kill == 0)
            {
                await EnrolAsync(http);
                id = (string)(await CreateAsync(http, "night").OkAsync())["jobId"]!;
            }

            for (int asked = random.Next(1, 60); asked > 0; asked--)
            {
                await http.GetAsync($"/mc/v1/jobs/{id}").OkAsync();
            }

            await server.KillAsync();
        }

        using ServerProcess last = ServerProcess.Start("--data", directory);
        using HttpClient end = await last.ReadyAsync();
        JsonNode job = await EndedAsync(end, id);
        const long All = People + 2;
        Assert.Equal("done", (string)job["state"]!);
        Assert.Equal((All, All * (All - 1) / 2), ((long)job["persons"]!, (long)job["pairs"]!));
        Assert.Equal((string)job["stateAtStart"]!, (string)job["stateAtEnd"]!);

        string[] groups = (await end.GetStringAsync($"/mc/v1/jobs/{id}/results"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            ["P3 P3-again", "P7 P7-again"],
            groups.Select(group => string.Join(' ', JsonNode.Parse(group)!["persons"]!.AsArray())));
        Assert.All(groups, group => Assert.Single(JsonNode.Parse(group)!["links"]!.AsArray()));
        string table = await end.GetStringAsync($"/mc/v1/jobs/{id}/results?format=csv");
        Assert.Equal(3, table.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("P7-again", await end.GetStringAsync($"/mc/v1/jobs/{id}/report"));
    }

    [Fact]
    public async Task States_and_keys_of_jobs_are_clear()
    {
        await using RunningServer server = new();
        await server.InitializeAsync();
        await EnrolAsync(server.Http);
        string id = (string)(await CreateAsync(server.Http, "one").OkAsync())["jobId"]!;
        Assert.Equal(id, (string)(await CreateAsync(server.Http, "one").OkAsync())["jobId"]!);
        Assert.Equal(409, await CreateAsync(server.Http, "one", "other").StatusAsync());
        Assert.Equal(404, await server.Http.GetAsync("/mc/v1/jobs/unknown").StatusAsync());
        Assert.Equal(400, await server.Http.PostAsync("/mc/v1/jobs?kind=other&galleryId=G", null).StatusAsync());

        int paused = await server.Http.PostAsync($"/mc/v1/jobs/{id}/pause", null).StatusAsync();
        if (paused == 200)
        {
            Assert.Equal(409, await server.Http.PostAsync($"/mc/v1/jobs/{id}/pause", null).StatusAsync());
            Assert.Equal(200, await server.Http.PostAsync($"/mc/v1/jobs/{id}/resume", null).StatusAsync());
        }

        JsonNode job = await EndedAsync(server.Http, id);
        Assert.Equal("done", (string)job["state"]!);
        Assert.Equal(409, await server.Http.PostAsync($"/mc/v1/jobs/{id}/resume", null).StatusAsync());
        Assert.Equal(409, await server.Http.PostAsync($"/mc/v1/jobs/{id}/cancel", null).StatusAsync());
        Assert.Equal(2, (int)job["pairsFound"]!);
    }

    private static async Task EnrolAsync(HttpClient http)
    {
        for (int person = 0; person < People; person++)
        {
            await EnrolAsync(http, $"P{person}", person, impression: 0);
        }

        await EnrolAsync(http, "P3-again", 3, impression: 1);
        await EnrolAsync(http, "P7-again", 7, impression: 1);
    }

    private static async Task EnrolAsync(HttpClient http, string id, int person, int impression)
    {
        JsonObject body = Bodies.Encounter("G", Bodies.Samples(person, impression));
        await http.PostAsync(
            $"/v1/persons/{id}/encounters?transactionId=T-{id}", JsonContent.Create(body)).OkAsync();
    }

    private static async Task<HttpResponseMessage> CreateAsync(HttpClient http, string key, string gallery = "G")
    {
        using HttpRequestMessage request = new(
            HttpMethod.Post, $"/mc/v1/jobs?kind=deduplicate&galleryId={gallery}&threshold=50&accuracyLevel=exhaustive");
        request.Headers.Add("Idempotency-Key", key);
        return await http.SendAsync(request);
    }

    private static async Task<JsonNode> EndedAsync(HttpClient http, string id)
    {
        using CancellationTokenSource late = new(TimeSpan.FromMinutes(2));
        while (true)
        {
            late.Token.ThrowIfCancellationRequested();
            JsonNode job = await http.GetAsync($"/mc/v1/jobs/{id}", late.Token).OkAsync();
            if ((string)job["state"]! is not ("waiting" or "running" or "paused"))
            {
                return job;
            }
        }
    }
}
