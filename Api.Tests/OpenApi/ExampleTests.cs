using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using MatchCluster.Api.OpenApi;
using MatchCluster.Api.Tests.Administration;
using MatchCluster.Api.Tests.Images;
using MatchCluster.Matching.Images.Wsq;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Tests;

namespace MatchCluster.Api.Tests.OpenApi;

/// <summary>
/// The examples of the description are calls that work: each is sent to a server, and what it answers has every
/// property of the answer that is shown, and no other. Where an answer changed, run this test with
/// MATCHCLUSTER_WRITE_EXAMPLES=1: it writes what was sent and answered.
/// </summary>
public sealed class ExampleTests
{
    private const string Variable = "MATCHCLUSTER_WRITE_EXAMPLES";
    private const string Ids = "persons/P-1/encounters/E-1";

    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    [Fact]
    public async Task Examples_are_calls_that_work()
    {
        await using RunningServer server = await RunningServer.StartAsync(new MemoryGalleryStore(2));
        Description description = await Description.ReadAsync(server.Http);
        bool writes = Environment.GetEnvironmentVariable(Variable) == "1";
        HashSet<string> files = [];
        await using GovernedServer governed = new();
        await governed.InitializeAsync();
        foreach ((string id, string url, JsonNode? sent) in Calls())
        {
            await TryAsync(server.Http, id, url, sent);
        }

        foreach ((string who, string id, string url, JsonNode? sent) in AdministrationCalls())
        {
            await TryAsync(
                who == "border-a" ? governed.As(who) : governed.Person(who), id, url,
                sent is JsonObject { Count: 0 } ? await ApprovalAsync(governed, id) : sent);
        }

        // Those of cases are sent where there are cases: CaseRouteTests.
        files.UnionWith(["compareCase.request.json", "decideCase.request.json"]);

        // Those of packs where there is a node: PackRouteTests.
        files.UnionWith(["makePack.request.json", "reportPackHits.request.json"]);
        // That of a subscription where there are subscriptions: SubscriptionTests.
        files.Add("createSubscription.request.json");
        Assert.Equal(files.Order(), writes ? files.Order() : Examples.Names.Order());

        async Task TryAsync(HttpClient http, string id, string url, JsonNode? sent)
        {
            (string path, string method, JsonObject operation) = description.Operation(id);
            bool isStream = operation["requestBody"]?["content"]?["application/x-ndjson"] is not null;
            string end = isStream ? "ndjson" : "json";
            string? body = Body(sent, isStream);
            if (body is not null)
            {
                files.Add($"{id}.request.{end}");
                string shownRequest = $"{id}.request.{end}";

                // What an approval names is another digest each time: its example is shown, and not sent.
                body = writes ? Write(shownRequest, body)
                    : id.StartsWith("approve", StringComparison.Ordinal) ? body : Examples.TextOf(shownRequest);
            }

            using HttpRequestMessage request = new(new HttpMethod(method.ToUpperInvariant()), url)
            {
                Content = body is null ? null : new StringContent(
                    body, new MediaTypeHeaderValue(isStream ? "application/x-ndjson" : "application/json")),
            };
            using HttpResponseMessage answer = await http.SendAsync(request);
            string text = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.IsSuccessStatusCode, $"{id}: {(int)answer.StatusCode} {text}");
            Assert.Empty(description.Violations(path, method, answer, text));
            Assert.DoesNotContain("\"error\"", text);
            if (text.Length == 0 || id == "explainCandidate")
            {
                return;
            }

            string shown = $"{id}.200.{end}";
            files.Add(shown);
            string real = isStream ? text : JsonNode.Parse(text)!.ToJsonString(Readable) + "\n";
            string example = writes ? Write(shown, real) : Examples.TextOf(shown) ?? "";
            Assert.True(
                ShapeOf(real, isStream).SequenceEqual(ShapeOf(example, isStream)),
                $"{shown} is not like the answer any more; run this test with {Variable}=1 and look\n{real}");
        }
    }

    [Fact]
    public async Task Every_example_fits_its_schema()
    {
        await using RunningServer server = await RunningServer.StartAsync(new MemoryGalleryStore(1));
        Description description = await Description.ReadAsync(server.Http);
        int count = 0;
        foreach ((string path, string method, JsonObject operation) in description.Operations())
        {
            IEnumerable<KeyValuePair<string, JsonNode?>> contents =
                (operation["requestBody"]?["content"]?.AsObject() ?? [])
                .Concat(operation["responses"]!.AsObject()
                    .SelectMany(one => one.Value!["content"]?.AsObject() ?? []));
            foreach ((string type, JsonNode? content) in contents)
            {
                if (content!["example"] is { } example)
                {
                    string body = example is JsonValue text && text.TryGetValue(out string? lines)
                        ? lines : example.ToJsonString();
                    Assert.Empty(description.Check(content["schema"]!, type, body));
                    count++;
                }
            }

            if (operation["requestBody"] is { } request)
            {
                Assert.All(request["content"]!.AsObject(), one =>
                    Assert.True(one.Value!["example"] is not null, $"{method} {path} shows no request"));
            }
        }

        Assert.True(count > 100, $"{count} examples");
    }

    private static IEnumerable<(string Id, string Url, JsonNode? Body)> Calls()
    {
        JsonArray probe = [Bodies.Finger(1, 2, impression: 1)];
        yield return ("createEncounter", Url(Ids), Person(1));
        yield return ("createEncounterNoId", Url("persons/P-2/encounters"), Person(2));
        yield return ("createEncounterNoIds", Url("persons"), Person(3));
        yield return ("updateEncounter", Url(Ids), Person(1));
        yield return ("updateEncounterGalleries", Url(Ids + "/galleries"), new JsonArray("demo", "civil"));
        yield return ("bulkEnrol", "/mc/v1/enrol", new JsonArray(Line("P-4", 4), Line("P-5", 5)));
        yield return (
            "enrolIfUnique", "/mc/v1/enrol-if-unique?transactionId=T-6&threshold=60",
            Bodies.Encounter("register", [Bodies.Finger(6, 2)]));
        yield return ("readEncounter", Url(Ids), null);
        yield return ("readAllEncounters", Url("persons/P-1/encounters"), null);
        yield return ("readTemplate", Url(Ids + "/templates"), null);
        yield return ("readGalleries", Url("galleries"), null);
        yield return ("readGalleryContent", Url("galleries/civil"), null);
        yield return ("identify", Url("identify/demo"), Bodies.Identify(Copy(probe)));
        yield return ("identifyFromId", Url("identify/demo/P-1"), Filter());
        yield return ("identifyFromEncounterId", Url("identify/demo/P-1/encounters/E-1"), Filter());
        yield return ("verifyFromId", Url("verify/demo/P-1"), new JsonObject { ["biometricData"] = Copy(probe) });
        yield return ("verifyFromBio", Url("verify"), new JsonObject
        {
            ["biometricData1"] = Copy(probe),
            ["biometricData2"] = new JsonArray(Bodies.Finger(1, 2)),
        });
        yield return ("batchIdentify", "/mc/v1/identify/demo", new JsonArray(
            new JsonObject { ["id"] = "q-1", ["biometricData"] = Copy(probe) },
            new JsonObject
            {
                ["id"] = "q-2",
                ["maxNbCand"] = 5,
                ["biometricData"] = new JsonArray(Bodies.Finger(4, 2, 1)),
            }));
        yield return ("rapidSearch", "/mc/v1/risc/demo", new JsonObject
        {
            ["biometricData"] = new JsonArray(Bodies.Finger(4, 2, 1), Bodies.Finger(4, 7, 1)),
        });
        yield return ("extractTemplates", "/mc/v1/extract?templateFormat=ISO_19794_2_CS", new JsonObject
        {
            ["biometricData"] = new JsonArray(Pictures.Item(
                "FINGER", "RIGHT_INDEX", WsqEncoder.Encode(Pictures.Print(1)), resolution: 500)),
        });
        yield return ("explainCandidate", "/mc/v1/explain/demo/P-1/E-1",
            new JsonObject { ["biometricData"] = Copy(probe) });
        yield return ("readHeldPerson", "/mc/v1/persons?personId=P-1", null);
        yield return ("readGalleryState", "/mc/v1/galleries/demo", null);
        yield return ("readStats", "/mc/v1/stats", null);
        yield return ("health", "/health", null);

        static string Url(string path) => RunningServer.V1(path);
        static JsonArray Copy(JsonArray array) => array.DeepClone().AsArray();
        static JsonObject Filter() => new() { ["biometricType"] = new JsonArray("FINGER"), ["gender"] = "F" };
        static JsonObject Person(int person)
        {
            JsonObject encounter = Bodies.Encounter("demo", [Bodies.Finger(person, 2)]);
            encounter["biographicData"] = new JsonObject { ["dateOfBirth"] = "1985-11-30", ["gender"] = "F" };
            return encounter;
        }

        static JsonObject Line(string id, int person)
        {
            JsonObject encounter = Person(person);
            encounter["encounterId"] = "E-1";
            return new JsonObject { ["personId"] = id, ["encounter"] = encounter };
        }
    }

    /// <summary>What administrators do, in order; an empty body is the approval of what is proposed.</summary>
    private static IEnumerable<(string Who, string Id, string Url, JsonNode? Body)> AdministrationCalls()
    {
        const string agreement = "/mc/v1/agreements/border-a-2026";
        const string policy = "/mc/v1/gallery-policies/own-a";
        JsonObject reason = new() { ["reason"] = "misuse is suspected" };
        yield return ("anna", "proposeAgreement", agreement + "/proposal", GovernedServer.Agreement("border-a"));
        yield return ("anna", "proposeGalleryPolicy", policy + "/proposal", new JsonObject
        {
            ["id"] = "own-a",
            ["owner"] = "border-a",
            ["retentionDays"] = 365,
        });
        yield return ("berta", "listProposals", "/mc/v1/proposals", null);
        yield return ("berta", "approveAgreement", agreement + "/approval", new JsonObject());
        yield return ("berta", "approveGalleryPolicy", policy + "/approval", new JsonObject());
        yield return ("anna", "suspendAgreement", agreement + "/suspension", reason.DeepClone());
        yield return ("anna", "proposeResumption", agreement + "/resumption/proposal", new JsonObject
        {
            ["reason"] = "it was none",
        });
        yield return ("berta", "approveResumption", agreement + "/resumption/approval", new JsonObject());
        yield return ("anna", "listAgreements", "/mc/v1/agreements", null);
        yield return ("anna", "readAgreement", agreement, null);
        yield return ("anna", "listGalleryPolicies", "/mc/v1/gallery-policies", null);
        yield return ("anna", "readGalleryPolicy", policy, null);
        yield return ("border-a", "readOwnAgreements", "/mc/v1/agreements/mine", null);
    }

    private static async Task<JsonNode> ApprovalAsync(GovernedServer governed, string id)
    {
        JsonNode open = (await governed.Person("berta").GetAsync("/mc/v1/proposals").OkAsync())[id switch
        {
            "approveAgreement" => "agreements",
            "approveGalleryPolicy" => "policies",
            _ => "resumptions",
        }]![0]!;
        return new JsonObject { ["version"] = (long)open["version"]!, ["sha256"] = (string)open["sha256"]! };
    }

    private static string? Body(JsonNode? sent, bool isStream) =>
        sent is null ? null
        : isStream ? string.Concat(sent.AsArray().Select(line => line!.ToJsonString() + "\n"))
        : sent.ToJsonString(Readable) + "\n";

    private static string Write(string file, string text)
    {
        File.WriteAllText(Path.Combine(SharedData.Repository, "Api", "OpenApi", "examples", file), text);
        return text;
    }

    /// <summary>The places of an answer that have values, elements of lists as one.</summary>
    private static IEnumerable<string> ShapeOf(string text, bool isStream) =>
        (isStream ? text.Split('\n', StringSplitOptions.RemoveEmptyEntries) : text.Length == 0 ? [] : [text])
        .SelectMany(one => Places(JsonNode.Parse(one), "$"))
        .Distinct().Order(StringComparer.Ordinal);

    private static IEnumerable<string> Places(JsonNode? node, string at) => node switch
    {
        JsonObject obj => obj.SelectMany(pair => Places(pair.Value, $"{at}.{pair.Key}")),
        JsonArray array => array.SelectMany(item => Places(item, at + "[]")),
        _ => [at],
    };
}
