using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using MatchCluster.Api.Tests.Administration;
using MatchCluster.Api.Tests.Images;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Api.Tests.OpenApi;

/// <summary>
/// What the server really answers, on every operation, against its own description: statuses, headers, bodies.
/// </summary>
public sealed class AnswerTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Identify = "/v1/identify/{galleryId}";
    private const string Batch = "/mc/v1/identify/{galleryId}";
    private const string Enrol = "/mc/v1/enrol";
    private const string Extract = "/mc/v1/extract";
    private const string Explain = "/mc/v1/explain/{galleryId}/{personId}/{encounterId}";

    [Fact]
    public async Task Every_answer_is_as_described_and_every_operation_answers()
    {
        Description description = await Description.ReadAsync(server.Http);
        HashSet<(string, string)> seen = [];
        foreach ((string method, string path, string url, HttpContent? body) in Calls())
        {
            using HttpRequestMessage request = new(new HttpMethod(method.ToUpperInvariant()), url) { Content = body };
            using HttpResponseMessage answer = await server.Http.SendAsync(request);
            await AgreesAsync(description, path, method, answer);
            seen.Add((path, method));
        }

        Assert.Empty(description.Operations().Select(one => (one.Path, one.Method)).Except(seen));
    }

    [Fact]
    public async Task A_page_of_a_gallery_as_csv_is_described()
    {
        await server.PostAsync("persons/csv/encounters/E", Bodies.Encounter("CSV", Bodies.Samples(1))).OkAsync();
        using HttpRequestMessage request = new(HttpMethod.Get, RunningServer.V1("galleries/CSV"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/csv"));
        using HttpResponseMessage answer = await server.Http.SendAsync(request);

        Assert.Equal("text/csv", answer.Content.Headers.ContentType?.MediaType);
        await AgreesAsync(await Description.ReadAsync(server.Http), "/v1/galleries/{galleryId}", "get", answer);
    }

    [Fact]
    public async Task A_full_house_and_a_full_gallery_are_described()
    {
        await using RunningServer full = await RunningServer.StartAsync(new MemoryGalleryStore(1), searches: 0);
        Description description = await Description.ReadAsync(full.Http);
        using HttpResponseMessage refused = await full.PostAsync("identify/ALL", Bodies.Identify(Bodies.Samples(1)));
        Assert.Equal(429, (int)refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        await AgreesAsync(description, Identify, "post", refused);

        await using RunningServer small = await RunningServer.StartAsync(new MemoryGalleryStore(1), memoryBytes: 1);
        using HttpResponseMessage stored = await small.PostAsync("persons", Bodies.Encounter("A", Bodies.Samples(1)));
        Assert.Equal(507, (int)stored.StatusCode);
        await AgreesAsync(description, "/v1/persons", "post", stored);
    }

    [Fact]
    public async Task Limits_of_parameters_are_those_that_are_checked()
    {
        Description description = await Description.ReadAsync(server.Http);
        await server.PostAsync("persons/limits/encounters/E", Bodies.Encounter("limits", Bodies.Samples(1))).OkAsync();
        int tried = 0;
        foreach ((string path, string method, string url, JsonNode? body) in new[]
        {
            (Identify, "post", "identify/limits", Bodies.Identify(Bodies.Samples(1))),
            ("/v1/galleries/{galleryId}", "get", "galleries/limits", null),
        })
        {
            foreach (JsonNode? parameter in description.Operation(path, method)["parameters"]!.AsArray())
            {
                string name = (string)parameter!["name"]!;
                JsonNode schema = parameter["schema"]!;
                foreach (string bound in new[] { "minimum", "maximum" }.Where(bound => schema[bound] is not null))
                {
                    long edge = (long)(double)schema[bound]!;
                    Assert.Equal(200, await AskAsync(edge));
                    Assert.Equal(400, await AskAsync(bound == "minimum" ? edge - 1 : edge + 1));
                    tried++;
                }

                Task<int> AskAsync(long value) => SendAsync(method, url, body, name, (string)parameter["in"]!, value);
            }
        }

        Assert.True(tried >= 14, $"only {tried} limits are described");
    }

    private async Task<int> SendAsync(
        string method, string url, JsonNode? body, string name, string place, long value)
    {
        string path = RunningServer.V1(url) + (place == "query" ? $"&{name}={value}" : "");
        using HttpRequestMessage request = new(new HttpMethod(method.ToUpperInvariant()), path)
        {
            Content = body is null ? null : Json(body.ToJsonString()),
        };
        if (place == "header")
        {
            // A deadline of 1 ms passes before a search ends on a busy machine: the edge above it is asked instead.
            request.Headers.Add(name, (value == 1 ? 5000 : value).ToString());
        }

        using HttpResponseMessage answer = await server.Http.SendAsync(request);
        return (int)answer.StatusCode;
    }

    private static async Task AgreesAsync(
        Description description, string path, string method, HttpResponseMessage answer)
    {
        string text = await answer.Content.ReadAsStringAsync();
        string[] violations = [.. description.Violations(path, method, answer, text)];
        Assert.True(violations.Length == 0,
            $"{method} {path} answered {(int)answer.StatusCode} {text}\n{string.Join('\n', violations)}");
    }

    private static IEnumerable<(string Method, string Path, string Url, HttpContent? Body)> Calls()
    {
        string probe = new JsonObject { ["id"] = "q1", ["biometricData"] = Bodies.Samples(1, 1) }.ToJsonString();
        string enrolled = new JsonObject
        {
            ["personId"] = "mc",
            ["encounter"] = Bodies.Encounter("MC", Bodies.Samples(1)),
        }.ToJsonString();
        JsonObject bad = Bodies.Identify([]);

        yield return ("post", Enrol, Enrol, Lines(enrolled, "{", enrolled));
        yield return ("post", Enrol, Enrol, Json("x"));
        const string unique = "/mc/v1/enrol-if-unique";
        string once = Bodies.Encounter("UNIQUE", Bodies.Samples(5)).ToJsonString();
        yield return ("post", unique, unique + "?transactionId=U1", Json(once));
        yield return ("post", unique, unique + "?transactionId=U1", Json(once));
        yield return ("post", unique, unique + "?transactionId=U2&threshold=60", Json(once));
        yield return ("post", unique, unique + "?transactionId=U1",
            Json(Bodies.Encounter("UNIQUE", Bodies.Samples(6)).ToJsonString()));
        yield return ("post", unique, unique + "?transactionId=U3&threshold=-1", Json(once));
        yield return ("post", unique, unique + "?transactionId=U4", Json("{}"));
        yield return ("post", Extract, Extract + "?picture=contours,minutiae,image", Json(new JsonObject
        {
            ["biometricData"] = new JsonArray(
                Pictures.Item("FINGER", "RIGHT_INDEX", Pictures.Png(Pictures.Print(1))),
                Pictures.Item("IRIS", "EYE_LEFT", Pictures.Png(Pictures.Eye(1))),
                Bodies.Finger(1, 2)),
        }.ToJsonString()));
        yield return ("post", Extract, Extract + "?picture=face", Json("{\"biometricData\":[]}"));
        yield return ("post", Batch, "/mc/v1/identify/MC", Lines(probe, "{}", probe));
        yield return ("post", Batch, "/mc/v1/identify/MC?priority=10", Lines(probe));
        yield return ("post", Batch, "/mc/v1/identify/MC", Lines(probe[..^1] + ",\"rotation\":\"full\"}"));
        yield return ("post", Identify,
            RunningServer.V1("identify/MC?threshold=0&accuracyLevel=fast&swappedHands=true"
                + "&swappedEyes=true&rotation=full"),
            Json(Bodies.Identify(Bodies.Samples(1, 1)).ToJsonString()));
        yield return ("post", Identify, RunningServer.V1("identify/MC"), Json(bad.ToJsonString()));
        yield return ("post", Identify, RunningServer.V1("identify/MC"), new StringContent("text"));
        yield return ("post", Identify, RunningServer.V1("identify/MC?callback=http://127.0.0.1/"),
            Json(bad.ToJsonString()));
        yield return ("post", Explain, "/mc/v1/explain/MC/nobody/E", Json("{\"biometricData\":[]}"));
        yield return ("post", Explain, "/mc/v1/explain/MC/nobody/E", Json(new JsonObject
        {
            ["biometricData"] = Bodies.Samples(1, 1),
        }.ToJsonString()));
        foreach ((string method, string path, string url, JsonNode? body) in ContractTests.Calls())
        {
            yield return (method, path, url, body is null ? null : Json(body.ToJsonString()));
        }

        yield return ("post", "/v1/persons/{personId}/encounters/{encounterId}",
            RunningServer.V1("persons/x/encounters/E"),
            Json(Bodies.Encounter("X", Bodies.Samples(1)).ToJsonString()));
        yield return ("post", Explain, "/mc/v1/explain/X/x/E", Json(new JsonObject
        {
            ["biometricData"] = Bodies.Samples(1, 1),
        }.ToJsonString()));
        const string held = "/mc/v1/persons";
        const string hold = "/mc/v1/holds/{personId}/{encounterId}";
        yield return ("put", hold, "/mc/v1/holds/x/E", null);
        yield return ("delete", hold, "/mc/v1/holds/x/E", null);
        yield return ("delete", hold, "/mc/v1/holds/nobody/E", null);
        yield return ("get", held, held + "?personId=x", null);
        yield return ("get", held, held + "?personId=", null);
        yield return ("delete", "/mc/v1/encounters", "/mc/v1/encounters?personId=x&encounterId=E", null);
        yield return ("delete", held, held + "?personId=x", null);
        const string state = "/mc/v1/galleries/{galleryId}";
        yield return ("get", state, "/mc/v1/galleries/ALL", null);
        yield return ("get", state, "/mc/v1/galleries/nobodys", null);
        yield return ("get", state + "/changes", "/mc/v1/galleries/nobodys/changes", null);
        yield return ("post", state + "/pack", "/mc/v1/galleries/nobodys/pack", Json(
            new JsonObject { ["recipient"] = "x", ["days"] = 1 }.ToJsonString()));
        yield return ("post", "/mc/v1/packs/{packId}/hits", "/mc/v1/packs/K-1/hits", Json("{}"));
        yield return ("get", "/mc/v1/packs/{packId}/hits", "/mc/v1/packs/K-1/hits", null);
        yield return ("get", "/mc/v1/audit", "/mc/v1/audit", null);
        yield return ("get", "/mc/v1/audit/export", "/mc/v1/audit/export?from=2026-01-01", null);
        yield return ("delete", state, "/mc/v1/galleries/nobody", null);
        yield return ("delete", state, "/mc/v1/galleries/ALL", null);
        yield return ("post", state + "/key", "/mc/v1/galleries/nobody/key", null);
        yield return ("delete", state + "/pictures", "/mc/v1/galleries/nobody/pictures", null);
        yield return ("get", "/mc/v1/keys", "/mc/v1/keys", null);
        const string rapid = "/mc/v1/risc/{galleryId}";
        yield return ("post", rapid, "/mc/v1/risc/MC", Json(new JsonObject
        {
            ["biometricData"] = new JsonArray(Bodies.Finger(1, 2), Bodies.Finger(1, 7)),
        }.ToJsonString()));
        yield return ("post", rapid, "/mc/v1/risc/MC?serviceLevel=9", Json("{\"biometricData\":[]}"));
        yield return ("get", "/mc/v1/callback-keys", "/mc/v1/callback-keys", null);
        yield return ("post", "/mc/v1/keys/master", "/mc/v1/keys/master", null);
        const string case1 = "/mc/v1/cases/{caseId}";
        yield return ("get", "/mc/v1/cases", "/mc/v1/cases?state=open&limit=5", null);
        yield return ("get", "/mc/v1/cases", "/mc/v1/cases?limit=0", null);
        yield return ("get", "/mc/v1/tasks", "/mc/v1/tasks?taskState=Dead&kind=osia&limit=5", null);
        yield return ("get", "/mc/v1/tasks", "/mc/v1/tasks?limit=0", null);
        const string job = "/mc/v1/jobs/{jobId}";
        yield return ("post", "/mc/v1/jobs", "/mc/v1/jobs?kind=deduplicate&galleryId=ALL", null);
        yield return ("post", "/mc/v1/jobs", "/mc/v1/jobs?kind=other", null);
        yield return ("get", "/mc/v1/jobs", "/mc/v1/jobs", null);
        yield return ("get", job, "/mc/v1/jobs/J-1", null);
        yield return ("post", job + "/pause", "/mc/v1/jobs/J-1/pause", null);
        yield return ("post", job + "/resume", "/mc/v1/jobs/J-1/resume", null);
        yield return ("post", job + "/cancel", "/mc/v1/jobs/J-1/cancel", null);
        yield return ("get", job + "/results", "/mc/v1/jobs/J-1/results", null);
        yield return ("get", job + "/report", "/mc/v1/jobs/J-1/report", null);
        yield return ("post", "/mc/v1/tasks/redeliver", "/mc/v1/tasks/redeliver", null);
        yield return ("post", "/mc/v1/subscriptions", "/mc/v1/subscriptions", Json("{}"));
        yield return ("get", "/mc/v1/subscriptions", "/mc/v1/subscriptions?limit=5", null);
        yield return ("get", "/mc/v1/subscriptions", "/mc/v1/subscriptions?limit=0", null);
        yield return ("get", "/mc/v1/subscriptions/{subscriptionId}", "/mc/v1/subscriptions/x", null);
        yield return ("delete", "/mc/v1/subscriptions/{subscriptionId}", "/mc/v1/subscriptions/x", null);
        yield return ("get", "/mc/v1/alerts", "/mc/v1/alerts?after=3", null);
        yield return ("get", "/mc/v1/alerts/stream", "/mc/v1/alerts/stream", null);
        yield return ("post", "/mc/v1/alerts/{alertId}/seen", "/mc/v1/alerts/a-1/seen", null);
        yield return ("get", case1, "/mc/v1/cases/C-1", null);
        yield return ("get", "/mc/v1/cases/report", "/mc/v1/cases/report", null);
        yield return ("post", case1 + "/comparisons", "/mc/v1/cases/C-1/comparisons", Json("{\"rank\":1}"));
        yield return ("post", case1 + "/decisions", "/mc/v1/cases/C-1/decisions", Json("{\"rank\":1}"));
        yield return ("get", "/mc/v1/stats", "/mc/v1/stats", null);
        yield return ("get", "/mc/v1/live", "/mc/v1/live", null);
        foreach ((string method, string path, string? body) in Administration())
        {
            yield return (
                method, path,
                path.Replace("{id}", "a", StringComparison.Ordinal)
                    .Replace("{galleryId}", "g", StringComparison.Ordinal),
                body is null ? null : Json(body));
        }

        yield return ("get", "/health", "/health", null);
        yield return ("get", "/alive", "/alive", null);
    }

    /// <summary>This server keeps no agreements, and says so.</summary>
    private static IEnumerable<(string Method, string Path, string? Body)> Administration()
    {
        const string agreements = "/mc/v1/agreements";
        const string policies = "/mc/v1/gallery-policies";
        string agreement = GovernedServer.Agreement("a").ToJsonString();
        const string approval = """{"version":1,"sha256":"00"}""";
        const string reason = """{"reason":"none"}""";
        yield return ("get", agreements, null);
        yield return ("get", agreements + "/mine", null);
        yield return ("get", agreements + "/{id}", null);
        yield return ("put", agreements + "/{id}/proposal", agreement);
        yield return ("put", agreements + "/{id}/proposal", "{}");
        yield return ("post", agreements + "/{id}/approval", approval);
        yield return ("post", agreements + "/{id}/suspension", reason);
        yield return ("put", agreements + "/{id}/resumption/proposal", reason);
        yield return ("post", agreements + "/{id}/resumption/approval", approval);
        yield return ("get", policies, null);
        yield return ("get", policies + "/{galleryId}", null);
        yield return ("put", policies + "/{galleryId}/proposal", """{"id":"g","owner":"a"}""");
        yield return ("post", policies + "/{galleryId}/approval", approval);
        yield return ("get", "/mc/v1/proposals", null);
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private static StringContent Lines(params string[] lines) =>
        new(string.Join('\n', lines) + "\n", new MediaTypeHeaderValue("application/x-ndjson"));
}
