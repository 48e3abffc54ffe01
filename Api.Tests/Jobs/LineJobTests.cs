using System.Text.Json.Nodes;
using MatchCluster.Api.Http;
using MatchCluster.Api.Options;
using MatchCluster.Api.Tests.Tasks;
using MatchCluster.Matching.Tasks;

namespace MatchCluster.Api.Tests.Jobs;

/// <summary>
/// Jobs that search with many probes: what becomes of each line, and of the job when it is disturbed.
/// </summary>
public sealed class LineJobTests : IDisposable
{
    private const string Ndjson = "application/x-ndjson";
    private const string Csv = "text/csv";
    private const string Batch = "batch-identify";
    private const int People = 12;
    private const int Kills = 3;
    private const int Seed = 1202;

    private readonly string directory = Directory.CreateTempSubdirectory("matchcluster-test-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task Killed_servers_lose_no_line_and_answer_none_twice()
    {
        const int Lines = 400;
        Random random = new(Seed);
        string[] persons = [.. Enumerable.Range(0, Lines).Select(_ => $"P{random.Next(People)}")];
        string id = "";
        for (int kill = 0; kill < Kills; kill++)
        {
            using ServerProcess server = ServerProcess.Start("--data", directory, "--partitions", "2");
            using HttpClient http = await server.ReadyAsync();
            if (kill == 0)
            {
                await EnrolAsync(http);
                id = await http.BeginAsync(Batch, "personId\n" + string.Join('\n', persons), Csv).IdAsync();
            }

            for (int asked = random.Next(1, 40); asked > 0; asked--)
            {
                await http.GetAsync($"/mc/v1/jobs/{id}").OkAsync();
            }

            await server.KillAsync();
        }

        using ServerProcess last = ServerProcess.Start("--data", directory);
        using HttpClient end = await last.ReadyAsync();
        JsonNode job = await end.EndAsync(id);
        Assert.Equal("done", (string)job["state"]!);
        Assert.Equal(Lines, (long)JobCalls.AssertAddsUp(job, Lines)["withCandidates"]!);
        JsonObject[] results = await end.ResultsAsync(id);
        Assert.Equal(
            Enumerable.Range(2, Lines).Select(line => (long)line), results.Select(line => (long)line["line"]!));
        Assert.Equal(persons, results.Select(line => (string)line["id"]!));
        Assert.Equal(persons, results.Select(line => (string)line["candidates"]![0]!["personId"]!));
    }

    [Fact]
    public async Task Wrong_lines_are_refused_alone_and_what_cannot_be_begun_says_why()
    {
        await using TaskServer server = await TaskServer.StartAsync();
        await EnrolAsync(server.Http);
        string probe = new JsonObject { ["id"] = "sent", ["biometricData"] = Bodies.Samples(3, 1) }.ToJsonString();
        string stranger = new JsonObject { ["id"] = "stranger", ["biometricData"] = Bodies.Samples(99) }.ToJsonString();
        string id = await server.Http.BeginAsync(
            Batch,
            string.Join(
                '\n', "garbage", probe, "", "{\"id\":\"long\",\"x\":\"" + new string('x', ApiLimits.LineBytes) + "\"}",
                "{\"id\":\"=1+1\"}", "{\"id\":\"who\",\"personId\":\"nobody\"}", stranger,
                "{\"id\":\"stored\",\"personId\":\"P4\",\"encounterId\":\"E1\"}"),
            Ndjson).IdAsync();
        JsonNode job = await server.Http.EndAsync(id);

        JsonNode lines = JobCalls.AssertAddsUp(job, 7);
        Assert.Equal(
            (2, 1, 4),
            ((int)lines["withCandidates"]!, (int)lines["withoutCandidates"]!, (int)lines["refused"]!));
        string[] table = (await server.Http.GetStringAsync($"/mc/v1/jobs/{id}/results?format=csv"))
            .Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("line,id,outcome,rank,personId,score,error", table[0]);
        Assert.Equal("1,,refused,,,,MalformedBody", table[1]);
        Assert.StartsWith("2,sent,candidates,1,P3,", table[2], StringComparison.Ordinal);
        Assert.Equal("4,,refused,,,,BodyTooLarge", table[3]);
        Assert.Equal("5,\"'=1+1\",refused,,,,MalformedBody", table[4]);
        Assert.Equal("6,who,refused,,,,Unknown", table[5]);
        Assert.Equal("7,stranger,\"no candidate\",,,,", table[6]);
        Assert.StartsWith("8,stored,candidates,1,P4,", table[7], StringComparison.Ordinal);
        string page = await server.Http.GetStringAsync($"/mc/v1/jobs/{id}/report");
        Assert.Contains("<td>7 of 7</td>", page);
        Assert.DoesNotContain("http", page.Replace("http://www.w3.org", "", StringComparison.Ordinal));

        // Nothing of the probes is kept once it has ended.
        Assert.True((await server.Store.ReadAsync(id, default))!.Request.IsEmpty);

        Assert.Equal(400, await server.Http.BeginAsync(Batch, "", Ndjson).StatusAsync());
        Assert.Equal(400, await server.Http.BeginAsync(Batch, "\n \r\n", Ndjson).StatusAsync());
        Assert.Equal(400, await server.Http.BeginAsync(Batch, "personId\n", Csv).StatusAsync());
        Assert.Equal(400, await server.Http.BeginAsync(Batch, "person\nP1\n", Csv).StatusAsync());
        Assert.Equal(415, await server.Http.BeginAsync(Batch, probe, "application/json").StatusAsync());
        Assert.Equal(
            413,
            await server.Http.BeginAsync(Batch, new string('x', ApiLimits.JobBytes + 1), Ndjson).StatusAsync());
    }

    [Fact]
    public async Task A_job_is_begun_once_paused_resumed_and_cancelled()
    {
        await using TaskServer server = await TaskServer.StartAsync(isAudited: true);
        HttpClient http = server.Http;
        await EnrolAsync(http);
        string many = "personId\n" + string.Join('\n', Enumerable.Range(0, 3000).Select(i => $"P{i % People}"));
        string id = await http.BeginAsync(Batch, many, Csv, "night").IdAsync();
        Assert.Equal(id, await http.BeginAsync(Batch, many, Csv, "night").IdAsync());
        Assert.Equal(409, await http.BeginAsync(Batch, many + "\nP1", Csv, "night").StatusAsync());

        Assert.Equal(200, await http.PostAsync($"/mc/v1/jobs/{id}/pause", null).StatusAsync());
        JsonNode paused = await http.GetAsync($"/mc/v1/jobs/{id}").OkAsync();
        Assert.Equal("paused", (string)paused["state"]!);
        Assert.Equal(409, await http.PostAsync($"/mc/v1/jobs/{id}/pause", null).StatusAsync());

        // Whoever worked at it stops and saves nothing more of it.
        JsonNode later = await http.GetAsync($"/mc/v1/jobs/{id}").OkAsync();
        Assert.Equal(
            ("paused", (long)paused["lines"]!["done"]!), ((string)later["state"]!, (long)later["lines"]!["done"]!));
        Assert.Equal(200, await http.PostAsync($"/mc/v1/jobs/{id}/resume", null).StatusAsync());
        Assert.Equal(200, await http.PostAsync($"/mc/v1/jobs/{id}/cancel", null).StatusAsync());
        Assert.Equal(409, await http.PostAsync($"/mc/v1/jobs/{id}/resume", null).StatusAsync());
        TaskRecord kept = (await server.Store.ReadAsync(id, default))!;
        Assert.Equal((TaskState.Cancelled, true), (kept.State, kept.Request.IsEmpty));

        string next = await http.BeginAsync(Batch, "personId\nP1\n", Csv).IdAsync();
        Assert.Equal("done", (string)(await http.EndAsync(next))["state"]!);
        string[] rows = (await http.GetStringAsync("/mc/v1/audit?limit=10000"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] operations = [.. rows.Select(row => (string)JsonNode.Parse(row)!["operation"]!)];
        Assert.Contains($"job:{Batch}:begun", operations);
        Assert.Contains($"job:{Batch}:ended", operations);
        Assert.Contains("batchIdentify", operations);
    }

    [Fact]
    public async Task The_command_begins_waits_and_reads()
    {
        await using TaskServer server = await TaskServer.StartAsync();
        await EnrolAsync(server.Http);
        string file = Path.Combine(directory, "lines.csv");
        string results = Path.Combine(directory, "results.csv");
        await File.WriteAllTextAsync(file, "personId,id\nP2,first\nnobody,second\n");
        Assert.Equal((0, ""), await RunAsync(
            "jobs", "batch-identify", "--gallery", "G", "--file", file, "--wait", "--format", "csv", "--output",
            results, "--url", server.Url));
        string[] table = await File.ReadAllLinesAsync(results);
        Assert.StartsWith("2,first,candidates,1,P2,", table[1], StringComparison.Ordinal);
        Assert.Equal("3,second,refused,,,,Unknown", table[2]);

        (int code, string said) = await RunAsync("jobs", "show", "nothing", "--url", server.Url);
        Assert.Equal(JobsCommand.Failed, code);
        Assert.Contains("unknown job", said);
        (code, _) = await RunAsync(
            "jobs", "accuracy", "--gallery", "G", "--file", Path.Combine(directory, "none"), "--url", server.Url);
        Assert.Equal(CommandLine.CannotStart, code);
    }

    private static async Task<(int Code, string Errors)> RunAsync(params string[] arguments)
    {
        StringWriter errors = new();
        int code = await CommandLine.RunAsync(arguments, errors, (_, _) => Task.FromResult(99));
        return (code, string.Join('\n', $"{errors}".Split('\n').Where(
            line => line.Length > 0 && !line.StartsWith("job ", StringComparison.Ordinal) && !line.Contains("done,"))));
    }

    private static async Task EnrolAsync(HttpClient http)
    {
        for (int person = 0; person < People; person++)
        {
            await http.EnrolAsync($"P{person}", person);
        }
    }
}
