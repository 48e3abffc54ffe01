using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using MatchCluster.Api.Audit;
using MatchCluster.Api.Hosting;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Options;
using MatchCluster.Matching.Audit;
using MatchCluster.Matching.Storage;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MatchCluster.Api.Tests.Audit;

/// <summary>A real server with an audit log: which rows its doors leave, and what happens when they cannot.</summary>
public sealed class AuditDoorTests : IAsyncLifetime
{
    private readonly string directory = Directory.CreateTempSubdirectory("audit-").FullName;
    private Server server = null!;
    private HttpClient http = null!;

    public async Task InitializeAsync()
    {
        ServerOptions options = new()
        {
            Data = directory,
            Urls = "http://127.0.0.1:0",
            Threads = 2,
            Audit = new AuditSettings(Every: 5),
        };
        server = await Server.StartAsync(new MemoryGalleryStore(2), options, LogLevel.None, CancellationToken.None);
        await server.Loaded;
        http = new HttpClient { BaseAddress = new Uri(server.Urls.First()) };
    }

    public async Task DisposeAsync()
    {
        http.Dispose();
        await server.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public void Every_endpoint_has_an_audit_rule()
    {
        RouteEndpoint[] endpoints =
            [.. server.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];
        Assert.True(endpoints.Length > 30);
        Assert.Empty(endpoints
            .Where(endpoint => endpoint.Metadata.GetMetadata<AuditRule>() is null)
            .Select(endpoint => endpoint.RoutePattern.RawText));

        // Whatever tells of people is recorded: what is not is listed here, to be thought about twice.
        Assert.Equal(
            [
                "/alive", "/health", "/mc/v1/callback-keys", "/mc/v1/cases/report", "/mc/v1/live", "/mc/v1/stats", "/metrics",
                "/openapi/{documentName}.json", "/page/people", "/page/people/{index:int}/{position}",
            ],
            endpoints
                .Where(endpoint => endpoint.Metadata.GetMetadata<AuditRule>() is { IsRecorded: false })
                .Select(endpoint => endpoint.RoutePattern.RawText!)
                .Where(path => path != "/" && !(path.StartsWith("/page/", StringComparison.Ordinal)
                    && path.Contains('.', StringComparison.Ordinal)))
                .Distinct().Order(StringComparer.Ordinal));
        Assert.All(
            endpoints.Select(endpoint => endpoint.Metadata.GetMetadata<AuditRule>()!).Where(rule => !rule.IsRecorded),
            rule => Assert.NotEmpty(rule.Reason));
    }

    [Fact]
    public async Task Enrolment_search_verification_and_deletion_leave_their_rows_and_no_id()
    {
        await CreateAsync("P-1", 1);
        using HttpRequestMessage search = new(HttpMethod.Post, RunningServer.V1("identify/CIVIL"))
        {
            Content = JsonContent.Create(Bodies.Identify(Bodies.Samples(1, 1))),
            Headers = { { Purpose.Header, "asylum" } },
        };
        using HttpResponseMessage found = await http.SendAsync(search);
        Assert.Equal("P-1", (string?)(await found.JsonAsync())[0]!["personId"]);
        JsonNode held = await http.GetAsync("/mc/v1/galleries/CIVIL").OkAsync();
        await PostAsync("identify/CIVIL", Bodies.Identify(Bodies.Samples(9)));
        await PostAsync("verify/CIVIL/P-1", new JsonObject { ["biometricData"] = Bodies.Samples(1, 1) });
        Assert.Equal(404, await http.GetAsync(RunningServer.V1("persons/P-2/encounters")).StatusAsync());
        Assert.Equal(200, await http.GetAsync(RunningServer.V1("galleries/CIVIL")).StatusAsync());
        Assert.Equal(204, await http.DeleteAsync(RunningServer.V1("persons/P-1")).StatusAsync());

        JsonNode empty = await http.GetAsync("/mc/v1/galleries/ALL").OkAsync();
        Assert.Equal((0, new string('0', 64)), ((int)empty["encounters"]!, (string)empty["state"]!));
        Assert.Equal(404, await http.GetAsync("/mc/v1/galleries/CIVIL").StatusAsync());

        JsonNode[] rows =
            [.. (await RowsAsync()).Where(row => (string)row["operation"]! != "readGalleryState")];
        string person = Log.Keys.OfPerson("P-1");
        Assert.Equal(
            [
                "createEncounter", "identify", "identify", "verifyFromId", "readAllEncounters", "readGalleryContent",
                "deleteAll",
            ],
            rows.Select(row => (string)row["operation"]!));
        Assert.All(rows, row => Assert.Equal("loopback", (string)row["caller"]!));
        Assert.Equal((person, "CIVIL"), ((string)rows[0]["persons"]![0]!, (string)rows[0]["galleries"]![0]!));

        JsonNode hit = rows[1];
        Assert.Equal("asylum", (string?)hit["purpose"]);
        Assert.Equal([person], hit["candidates"]!.AsArray().Select(one => (string)one!));
        Assert.Equal(64, ((string)hit["inputs"]!).Length);
        Assert.Equal((2, 2, 1, 1, 1), (
            (int)hit["searched"]!["partitionsAsked"]!, (int)hit["searched"]!["partitionsAnswered"]!,
            (int)hit["searched"]!["identitiesHeld"]!, (int)hit["searched"]!["identitiesSearched"]!,
            (int)hit["searched"]!["identitiesCompared"]!));
        Assert.True((double)hit["searched"]!["threshold"]! > 0);
        Assert.NotEmpty((string)hit["searched"]!["calibration"]!);

        Assert.Equal(
            ("CIVIL", 1, (string)held["state"]!),
            ((string)hit["states"]![0]!["gallery"]!, (int)hit["states"]![0]!["encounters"]!,
                (string)hit["states"]![0]!["hash"]!));
        Assert.NotEqual(new string('0', 64), (string)held["state"]!);
        Assert.Empty(rows[0]["states"]!.AsArray());

        Assert.Equal((null, null, 0), (
            (string?)rows[2]["inputs"], (string?)rows[2]["purpose"], rows[2]["candidates"]!.AsArray().Count));
        Assert.Equal([person], rows[3]["candidates"]!.AsArray().Select(one => (string)one!));
        Assert.Equal(((int)FailureCode.Unknown, 404), ((int)rows[4]["refusal"]!["code"]!, (int)rows[4]["status"]!));
        Assert.Equal((204, person), ((int)rows[6]["status"]!, (string)rows[6]["persons"]![0]!));

        JsonNode[] aboutPerson = await RowsAsync("?person=P-1");
        Assert.Equal([1, 2, 5, 8], aboutPerson.Take(4).Select(row => (int)row["sequence"]!));
        Assert.All(aboutPerson, row => Assert.DoesNotContain("P-1", row.ToJsonString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Each_line_of_a_stream_has_a_row()
    {
        string enrol = string.Join('\n', Enumerable.Range(0, 3).Select(person => new JsonObject
        {
            ["personId"] = $"S-{person}",
            ["encounter"] = With(Bodies.Encounter("bulk", [Bodies.Eye(person, 1)]), "E"),
        }.ToJsonString())) + "\n{";
        await StreamAsync("/mc/v1/enrol", enrol);
        string probes = string.Join('\n', Enumerable.Range(0, 2).Select(person => new JsonObject
        {
            ["id"] = $"Q{person}",
            ["threshold"] = 10,
            ["biometricData"] = new JsonArray(Bodies.Eye(person, 1)),
        }.ToJsonString())) + "\n[]";
        await StreamAsync("/mc/v1/identify/bulk", probes);

        JsonNode[] rows = await RowsAsync();
        JsonNode[] enrolled = [.. rows.Where(row => (string)row["operation"]! == "bulkEnrol")];
        Assert.Equal([1, 2, 3, 4], enrolled.Select(row => (int)row["line"]!));
        Assert.Equal(Log.Keys.OfPerson("S-1"), (string)enrolled[1]["persons"]![0]!);
        Assert.Equal("bulk", (string)enrolled[1]["galleries"]![0]!);
        Assert.Equal((int)FailureCode.MalformedBody, (int)enrolled[3]["refusal"]!["code"]!);

        JsonNode[] searched =
        [
            .. rows.Where(row => (string)row["operation"]! == "batchIdentify").OrderBy(row => (int)row["line"]!),
        ];
        Assert.Equal([1, 2, 3], searched.Select(row => (int)row["line"]!));
        Assert.Equal("bulk", (string)searched[0]["galleries"]![0]!);
        Assert.Equal(Log.Keys.OfPerson("S-0"), (string)searched[0]["candidates"]![0]!);
        Assert.Equal(2, (int)searched[1]["searched"]!["partitionsAnswered"]!);
        Assert.Equal((int)FailureCode.MalformedBody, (int)searched[2]["refusal"]!["code"]!);
    }

    [Fact]
    public async Task Refusals_before_an_endpoint_and_unknown_purposes_leave_rows_too()
    {
        using StringContent broken = new("{", Encoding.UTF8, "application/json");
        Assert.Equal(400, await http.PostAsync(RunningServer.V1("identify/CIVIL"), broken).StatusAsync());
        using HttpRequestMessage curious = new(HttpMethod.Get, RunningServer.V1("galleries"))
        {
            Headers = { { Purpose.Header, "curiosity" } },
        };
        string message = await http.SendAsync(curious).ErrorAsync(400, FailureCode.InvalidParameter);
        Assert.Contains("MC-Purpose: found 'curiosity', wanted asylum", message, StringComparison.Ordinal);
        Assert.Equal(200, await http.GetAsync("/health").StatusAsync());
        Assert.Equal(404, await http.GetAsync("/nothing").StatusAsync());

        Assert.Equal(
            [("identify", (int)FailureCode.MalformedBody), ("readGalleries", (int)FailureCode.InvalidParameter)],
            (await RowsAsync()).Select(row => ((string)row["operation"]!, (int)row["refusal"]!["code"]!)));
    }

    [Theory]
    [InlineData("/nothing", null, null, 404)]
    [InlineData("/v1/galleries?transactionId=T", "evil.example", null, 421)]
    [InlineData("/v1/galleries?transactionId=T", null, "https://evil.example", 403)]
    public async Task A_call_with_credentials_that_came_to_no_door_leaves_a_row(
        string path, string? host, string? origin, int status)
    {
        foreach (bool hasCredentials in new[] { false, true })
        {
            // Only what may change something is refused for its origin.
            using HttpRequestMessage call = new(origin is null ? HttpMethod.Get : HttpMethod.Delete, path);
            call.Headers.Host = host;
            call.Headers.Authorization = hasCredentials ? new("Bearer", "stolen") : null;
            if (origin is not null)
            {
                call.Headers.Add("Origin", origin);
            }

            Assert.Equal(status, await http.SendAsync(call).StatusAsync());
        }

        JsonNode row = Assert.Single(await RowsAsync());
        Assert.Equal(("unrouted", status), ((string)row["operation"]!, (int)row["status"]!));
        Assert.NotNull(row["refusal"]);
    }

    [Fact]
    public async Task A_checkpoint_file_that_cannot_be_written_is_said_in_health_and_metrics()
    {
        Assert.Equal("ready", (string)(await http.GetAsync("/health").OkAsync())["audit"]!);
        string file = Path.Combine(directory, AuditCheckpointFile.Name);
        File.Delete(file);
        Directory.CreateDirectory(file);
        for (int person = 0; person < 6; person++)
        {
            await CreateAsync($"P-{person}", person);
        }

        Assert.Equal(
            "its checkpoints cannot be signed", (string)(await http.GetAsync("/health").OkAsync())["audit"]!);
        string metrics = await http.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        Assert.Matches("matchcluster_audit_checkpoint_failing[^\\n]* 1\\b", metrics);
        Assert.Matches("matchcluster_audit_unsigned[^\\n]* 6\\b", metrics);
        Directory.Delete(file);
        await CreateAsync("P-9", 9);
        Assert.Equal("ready", (string)(await http.GetAsync("/health").OkAsync())["audit"]!);
    }

    [Fact]
    public async Task An_export_ends_with_a_manifest_that_the_command_verifies()
    {
        await CreateAsync("P-1", 1);
        await CreateAsync("P-2", 2);
        string file = Path.Combine(directory, "export.ndjson");
        await File.WriteAllTextAsync(
            file,
            await http.GetStringAsync(new Uri("/mc/v1/audit/export?person=P-1&from=2020-01-01", UriKind.Relative)));
        string[] lines = File.ReadAllLines(file);
        Assert.Equal((2, 1), (lines.Length, (int)JsonNode.Parse(lines[1])!["rows"]!));
        using StringWriter errors = new();
        Assert.Equal(0, await CommandLine.RunAsync(
            ["audit", "verify-export", file, "--public-key", Path.Combine(directory, "audit.public.pem")], errors,
            (_, _) => Task.FromResult(9)));
        foreach (string query in new[] { "from=yesterday", "from=2026-02-01&to=2026-01-01", "after=-1" })
        {
            Assert.Equal(400, await http.GetAsync("/mc/v1/audit/export?" + query).StatusAsync());
        }

        Assert.Empty(await RowsAsync("?to=2020-01-01&person=P-1"));
    }

    [Fact]
    public async Task Without_a_row_there_is_no_answer_and_nothing_is_changed()
    {
        await CreateAsync("P-1", 1);
        Log.RunOnDatabase("PRAGMA query_only = ON");
        JsonObject probe = Bodies.Identify(Bodies.Samples(1, 1));
        string why = await http.PostAsync(RunningServer.V1("identify/CIVIL"), JsonContent.Create(probe))
            .ErrorAsync(503, FailureCode.AuditUnavailable);
        Assert.Contains("read-only", why, StringComparison.Ordinal);
        Assert.Equal(503, await http.DeleteAsync(RunningServer.V1("persons/P-1")).StatusAsync());
        JsonObject line = new() { ["id"] = "Q", ["biometricData"] = Bodies.Samples(1) };
        using StringContent lines = new(line.ToJsonString(), Encoding.UTF8, "application/x-ndjson");
        using HttpResponseMessage stream = await http.PostAsync("/mc/v1/identify/CIVIL", lines);
        string answered = await stream.Content.ReadAsStringAsync();
        Assert.Equal((503, false), ((int)stream.StatusCode, answered.Contains("P-1", StringComparison.Ordinal)));
        Assert.Equal(200, await http.GetAsync("/health").StatusAsync());

        Log.RunOnDatabase("PRAGMA query_only = OFF");
        await PostAsync("identify/CIVIL", probe);
        Assert.Equal(["createEncounter", "identify"], (await RowsAsync()).Select(row => (string)row["operation"]!));
    }

    [Fact]
    public async Task The_lines_of_the_log_are_the_chain_and_verify_says_so_while_it_is_written()
    {
        for (int person = 0; person < 7; person++)
        {
            await CreateAsync($"P-{person}", person);
        }

        string text = await http.GetStringAsync(new Uri("/mc/v1/audit?after=2&limit=3", UriKind.Relative));
        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(lines[0]))),
            (string)JsonNode.Parse(lines[1])!["previous"]!);
        (AuditVerdict verdict, int checkpoints) = AuditVerification.Run(directory);
        Assert.Equal((null, 8L, 1), (verdict.Fault, verdict.Head.Sequence, checkpoints));
        Assert.Equal(400, await http.GetAsync("/mc/v1/audit?limit=0").StatusAsync());
    }

    [Fact]
    public async Task Without_the_option_there_is_no_log()
    {
        await using RunningServer plain = await RunningServer.StartAsync(new MemoryGalleryStore(1));
        Assert.Equal(404, await plain.Http.GetAsync("/mc/v1/audit").StatusAsync());
    }

    [Theory]
    [InlineData("--audit: with --cluster give --audit-key", "--cluster", "--audit", "true")]
    [InlineData("--audit-key and --audit-signing-key go together", "--audit", "true", "--audit-key", "F")]
    [InlineData("--audit-checkpoints is for an audit log; give --audit true too", "--audit-checkpoints", "F")]
    [InlineData("--audit-every: wanted 1..1000000", "--audit", "true", "--audit-every", "0")]
    public async Task Options_that_do_not_go_together_are_refused(string said, params string[] arguments)
    {
        using StringWriter errors = new();
        int code = await CommandLine.RunAsync(arguments, errors, (_, _) => Task.FromResult(0));
        Assert.Equal(CommandLine.CannotStart, code);
        Assert.Contains(said.TrimEnd(' ', ':'), errors.ToString(), StringComparison.Ordinal);
    }

    private AuditLog Log => server.App.Services.GetRequiredService<AuditLog>();

    private Task<JsonNode> PostAsync(string path, JsonObject body) =>
        http.PostAsync(RunningServer.V1(path), JsonContent.Create(body)).OkAsync();

    private Task<JsonNode> CreateAsync(string person, int number) =>
        PostAsync($"persons/{person}/encounters/E-1", Bodies.Encounter("CIVIL", Bodies.Samples(number)));

    private static JsonObject With(JsonObject encounter, string id)
    {
        encounter["encounterId"] = id;
        return encounter;
    }

    private async Task StreamAsync(string path, string text)
    {
        using StringContent lines = new(text, Encoding.UTF8, "application/x-ndjson");
        using HttpResponseMessage answered = await http.PostAsync(path, lines);
        Assert.Equal(200, (int)answered.StatusCode);
        await answered.Content.ReadAsStringAsync();
    }

    private async Task<JsonNode[]> RowsAsync(string query = "")
    {
        string text = await http.GetStringAsync(new Uri("/mc/v1/audit" + query, UriKind.Relative));
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)
            .Where(row => (string)row["operation"]! != "readAudit")];
    }
}
