using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MatchCluster.Matching.Tests;

namespace MatchCluster.Api.Tests;

/// <summary>Holds the routes and the answers against OSIA's own description of the interface.</summary>
public sealed class ContractTests(RunningServer server) : IClassFixture<RunningServer>
{
    [SkippableFact]
    public async Task Every_operation_of_the_contract_is_there_by_its_name()
    {
        JsonNode ours = await server.Http.GetAsync("/openapi/v1.json").OkAsync();
        (string Path, string Method, string OperationId)[] theirs = [.. Read().Operations()];
        Assert.Equal(22, theirs.Length);
        Assert.Equal(18, theirs.Select(operation => operation.Path).Distinct().Count());
        foreach ((string path, string method, string id) in theirs)
        {
            JsonNode? operation = ours["paths"]?[path]?[method];
            Assert.True(operation is not null, $"{method} {path} is missing");
            Assert.Equal(id, (string?)operation["operationId"]);
        }
    }

    [SkippableFact]
    public async Task Our_description_has_the_contracts_schemas_by_their_names()
    {
        JsonNode ours = await server.Http.GetAsync("/openapi/v1.json").OkAsync();
        Contract contract = Read();
        int shared = 0;
        foreach ((string name, JsonNode? schema) in ours["components"]!["schemas"]!.AsObject())
        {
            // The filter is open in the contract.
            if (name != "Filter" && contract.NamesIn(name) is { } theirs)
            {
                shared++;
                Assert.Empty((schema!["enum"]?.AsArray().Select(word => (string)word!)
                    ?? schema["properties"]!.AsObject().Select(property => property.Key)).Except(theirs));
            }
        }

        Assert.True(shared >= 15, $"{shared} schemas have a name of the contract");
    }

    [SkippableFact]
    public async Task Every_answer_fits_the_contract()
    {
        Contract contract = Read();
        HashSet<(string, string)> seen = [];
        foreach ((string method, string path, string url, JsonNode? body) in Calls())
        {
            using HttpRequestMessage request = new(new HttpMethod(method.ToUpperInvariant()), url)
            {
                Content = body is null ? null : JsonContent.Create(body),
            };
            using HttpResponseMessage response = await server.Http.SendAsync(request);
            string text = await response.Content.ReadAsStringAsync();
            string[] violations = [.. contract.Violations(path, method, (int)response.StatusCode, text)];
            Assert.True(violations.Length == 0,
                $"{method} {url} answered {(int)response.StatusCode} {text}\n{string.Join('\n', violations)}");
            seen.Add((path, method));
        }

        Assert.Equal(22, seen.Count);
    }

    private static Contract Read() => new(SharedData.Path("osia", "abis.yaml"));

    /// <summary>
    /// One person's life through every operation, with the refusals that have a form of their own.
    /// </summary>
    internal static IEnumerable<(string Method, string Path, string Url, JsonNode? Body)> Calls()
    {
        const string Encounters = "/v1/persons/{personId}/encounters";
        const string One = Encounters + "/{encounterId}";
        const string Merge = "/v1/persons/{personIdTarget}/merge/{personIdSource}";
        const string Move = "/v1/persons/{personIdTarget}/move/{personIdSource}/encounters/{encounterId}";
        JsonObject verify = new() { ["biometricData"] = Bodies.Samples(1, 1) };

        yield return ("post", "/v1/persons", Url("persons"), Person(9));
        yield return ("post", Encounters, Url("persons/p1/encounters"), Person(1));
        yield return ("post", One, Url("persons/p1/encounters/E1"), Person(1));
        yield return ("post", One, Url("persons/p1/encounters/E1"), Person(1));
        yield return ("post", One, Url("persons/p2/encounters/E2"), Person(2));
        yield return ("post", One, "/v1/persons/p1/encounters/E1", Person(1));
        yield return ("post", One, Url("persons/p1/encounters/E3"), new JsonObject());
        yield return ("get", Encounters, Url("persons/p1/encounters"), null);
        yield return ("get", Encounters, Url("persons/p9/encounters"), null);
        yield return ("get", One, Url("persons/p1/encounters/E1"), null);
        yield return ("put", One, Url("persons/p1/encounters/E1"), Person(1));
        yield return ("put", One, Url("persons/p9/encounters/E1"), Person(1));
        yield return ("put", One + "/status", Url("persons/p1/encounters/E1/status?status=ACTIVE"), null);
        yield return ("put", One + "/galleries", Url("persons/p1/encounters/E1/galleries"), new JsonArray("A"));
        yield return ("get", One + "/templates", Url("persons/p1/encounters/E1/templates"), null);
        yield return ("get", One + "/templates", Url("persons/p1/encounters/E7/templates"), null);
        yield return ("post", "/v1/identify/{galleryId}", Url("identify/A?threshold=0"),
            Bodies.Identify(Bodies.Samples(1, 1)));
        yield return ("post", "/v1/identify/{galleryId}", Url("identify/none"), Bodies.Identify(Bodies.Samples(1, 1)));
        yield return ("post", "/v1/identify/{galleryId}", Url("identify/A?maxNbCand=0"),
            Bodies.Identify(Bodies.Samples(1, 1)));
        yield return ("post", "/v1/identify/{galleryId}/{personId}", Url("identify/A/p1"), new JsonObject());
        yield return ("post", "/v1/identify/{galleryId}/{personId}/encounters/{encounterId}",
            Url("identify/A/p1/encounters/E1"), new JsonObject());
        yield return ("post", "/v1/verify/{galleryId}/{personId}", Url("verify/A/p1"), verify);
        yield return ("post", "/v1/verify", Url("verify"), new JsonObject
        {
            ["biometricData1"] = Bodies.Samples(1, 1),
            ["biometricData2"] = Bodies.Samples(1),
        });
        yield return ("get", "/v1/galleries", Url("galleries"), null);
        yield return ("get", "/v1/galleries/{galleryId}", Url("galleries/A"), null);
        yield return ("get", "/v1/galleries/{galleryId}", Url("galleries/none"), null);
        yield return ("get", "/v1/tasks/{taskId}/status", Url("tasks/1/status"), null);
        yield return ("post", "/v1/tasks/{taskId}/redeliver", Url("tasks/1/redeliver"), null);
        yield return ("post", Merge, Url("persons/p1/merge/p9"), null);
        yield return ("post", Merge, Url("persons/p1/merge/p2"), null);
        yield return ("post", Move, Url("persons/p2/move/p1/encounters/E2"), null);
        yield return ("delete", One, Url("persons/p1/encounters/E1"), null);
        yield return ("delete", "/v1/persons/{personId}", Url("persons/p1"), null);
        yield return ("delete", "/v1/persons/{personId}", Url("persons/p1"), null);

        static string Url(string path) => RunningServer.V1(path);
        static JsonObject Person(int person) => Bodies.Encounter("A", Bodies.Samples(person));
    }
}
