using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MatchCluster.Api.Http.Failures;

namespace MatchCluster.Api.Tests.Administration;

/// <summary>
/// What agreements refuse, asked over HTTP at the doors where partners come in: each with its code and its row in the
/// audit log.
/// </summary>
public sealed class RefusalTests(RefusalTests.Partners server) : IClassFixture<RefusalTests.Partners>
{
    private const string Watchlist = "identify/watchlist";

    /// <summary>Rows that the table of the class below has by name.</summary>
    public static TheoryData<string> Rows { get; } = [.. Table.Keys];

    private static Dictionary<string, Call> Table => new()
    {
        ["a search that is agreed"] = new("identify", null, Search()),
        ["a comparison that is agreed"] = new("verifyFromId", FailureCode.Unknown, Verify("watchlist")),
        ["purpose missing"] = new("identify", FailureCode.PurposeMissing, Search()) { Purpose = null },
        ["purpose unknown"] = new("identify", FailureCode.PurposeUnknown, Search()) { Purpose = "curiosity" },
        ["purpose not granted"] = new("identify", FailureCode.PurposeNotGranted, Search()) { Purpose = "asylum" },
        ["partner without an agreement"] =
            new("identify", FailureCode.NoAgreement, Search()) { Partner = "stranger" },
        ["agreement of another name"] = new("identify", FailureCode.NoAgreement, Search())
        {
            Header = ("MC-Agreement", "visa-b-2026"),
        },
        ["gallery not granted"] =
            new("identify", FailureCode.GalleryNotGranted, Search("identify/prison-d")),
        ["all galleries where one is granted"] =
            new("identify", FailureCode.GalleryNotGranted, Search("identify/ALL")),
        ["expired"] = new("identify", FailureCode.AgreementExpired, Search()) { Partner = "expired" },
        ["not yet valid"] = new("identify", FailureCode.AgreementNotYetValid, Search()) { Partner = "future" },
        ["suspended by its phase"] =
            new("identify", FailureCode.AgreementSuspended, Search()) { Partner = "suspended" },
        ["suspended by an administrator"] =
            new("identify", FailureCode.AgreementSuspended, Search()) { Partner = "stopped" },
        ["another purpose in the pilot phase"] =
            new("identify", FailureCode.AgreementInPilot, Search()) { Partner = "pilot" },
        ["threshold below"] =
            new("identify", FailureCode.ThresholdTooLow, Search(Watchlist + "?threshold=39.9")),
        ["priority above the cap"] =
            new("identify", FailureCode.PriorityTooHigh, Search(Watchlist + "?priority=6")),
        ["modality"] = new("identify", FailureCode.ModalityNotGranted, Search(samples: [Bodies.Eye(1, 1)])),
        ["scope missing"] = new("identify", FailureCode.ScopeMissing, Search()) { Scopes = "abis.verify" },
        ["comparison in a gallery that is not granted"] =
            new("verifyFromId", FailureCode.GalleryNotGranted, Verify("prison-d")),
        ["comparison with a threshold below"] =
            new("verifyFromId", FailureCode.ThresholdTooLow, Verify("watchlist", "?threshold=1")),
        ["comparison of two sides by a modality"] = new("verifyFromBio", FailureCode.ModalityNotGranted,
            ("POST", "verify", new JsonObject
            {
                ["biometricData1"] = new JsonArray(Bodies.Eye(1, 1)),
                ["biometricData2"] = new JsonArray(Bodies.Eye(1, 1, 1)),
            })),
        ["enrolment in a gallery of another owner"] =
            new("createEncounter", FailureCode.GalleryOfAnotherOwner, Create("prison-d")),
        ["enrolment in a gallery of nobody"] =
            new("createEncounter", FailureCode.GalleryNotGranted, Create("new")),
        ["deletion by a non-owner"] =
            new("deleteAll", FailureCode.NotOwner, ("DELETE", "persons/W-1", null)),
        ["change of a status by a non-owner"] = new("updateEncounterStatus", FailureCode.NotOwner,
            ("PUT", "persons/W-1/encounters/E-1/status?status=INACTIVE", null)),
        ["deletion of somebody in a gallery that is not agreed"] =
            new("deleteAll", FailureCode.Unknown, ("DELETE", "persons/D-1", null)),
        ["deletion of an encounter in a gallery that is not agreed"] =
            new("deleteEncounter", FailureCode.Unknown, ("DELETE", "persons/D-1/encounters/E-1", null)),
        ["change of a status in a gallery that is not agreed"] = new("updateEncounterStatus", FailureCode.Unknown,
            ("PUT", "persons/D-1/encounters/E-1/status?status=INACTIVE", null)),
        ["merge with somebody in a gallery that is not agreed"] =
            new("mergeEncounter", FailureCode.Unknown, ("POST", "persons/D-1/merge/W-1", null)),
        ["reading what is another's"] =
            new("readAllEncounters", FailureCode.Unknown, ("GET", "persons/D-1/encounters", null)),
        ["listing who is in another's gallery"] =
            new("readGalleryContent", FailureCode.GalleryNotGranted, ("GET", "galleries/watchlist", null)),
        ["explaining without full release"] = new("explainCandidate", FailureCode.ReleaseTooSmall,
            ("POST", "/mc/v1/explain/watchlist/W-1/E-1", new JsonObject
            {
                ["biometricData"] = new JsonArray(Bodies.Finger(1, 2, 1)),
            })),
        ["explaining a candidate"] = new("explainCandidate", null, Explain(Bodies.Finger(1, 2, 1)))
        {
            Partner = "examiner",
        },
        ["explaining somebody whom no search by the probe would show"] =
            new("explainCandidate", FailureCode.ThresholdTooLow, Explain(Bodies.Finger(9, 2)))
            {
                Partner = "examiner",
            },
        ["explaining by a modality"] =
            new("explainCandidate", FailureCode.ModalityNotGranted, Explain(Bodies.Eye(1, 1)))
            {
                Partner = "examiner",
            },
        ["a colour with scores"] = new("rapidSearch", null, Rapid()),
        ["a colour without scores"] = new("rapidSearch", FailureCode.ReleaseTooSmall, Rapid())
        {
            Header = ("MC-Release", "candidates"),
        },
        ["a colour of a gallery that is not agreed"] =
            new("rapidSearch", FailureCode.GalleryNotGranted, Rapid("prison-d")),
        ["two purposes"] = new("identify", FailureCode.InvalidParameter, Search())
        {
            Header = ("MC-Purpose", "visa"),
        },
        ["an agreement that is no name"] = new("identify", FailureCode.InvalidParameter, Search())
        {
            Header = ("MC-Agreement", "a/b"),
        },
        ["retention misspelt"] = new("identify", FailureCode.InvalidParameter, Search())
        {
            Header = ("MC-No-Retain", "yes"),
        },
        ["release misspelt"] = new("identify", FailureCode.InvalidParameter, Search())
        {
            Header = ("MC-Release", "Full"),
        },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Each_has_its_code_and_its_row(string name)
    {
        Call call = Table[name];
        List<(string, string)> headers = [];
        if (call.Purpose is not null)
        {
            headers.Add(("MC-Purpose", call.Purpose));
        }

        if (call.Header is { } other)
        {
            headers.Add(other);
        }

        HttpClient client = server.Governed.As(call.Partner, call.Scopes, null, [.. headers]);
        (string method, string path, JsonNode? body) = call.Asked;
        using HttpRequestMessage request = new(
            new HttpMethod(method), path.StartsWith('/') ? path : RunningServer.V1(path))
        {
            Content = body is null ? null : JsonContent.Create(body),
        };
        using HttpResponseMessage answer = await client.SendAsync(request);
        string text = await answer.Content.ReadAsStringAsync();

        Assert.True((int)answer.StatusCode == (call.Code is { } code ? HttpAnswers.StatusOf(code) : 200), text);
        if (call.Code is { } expected && text.Length > 0)
        {
            Assert.Equal((int)expected, (int)JsonNode.Parse(text)!["code"]!);
        }

        // A call without the scope is recorded as well, with its caller.
        JsonNode row = (await server.Governed.RowsAsync())[^1];
        Assert.Equal(call.Operation, (string)row["operation"]!);
        Assert.Equal((int?)call.Code, (int?)row["refusal"]?["code"]);
        Assert.Equal(call.Code?.ToString(), (string?)row["refusal"]?["name"]);
        Assert.Equal(call.Partner, (string)row["caller"]!);
    }

    [Fact]
    public async Task Lines_of_streams_are_refused_one_by_one()
    {
        HttpClient border = server.Governed.As("border-a", headers: ("MC-Purpose", "border-entry"));
        JsonObject eye = new() { ["id"] = "eye", ["biometricData"] = new JsonArray(Bodies.Eye(1, 1)) };
        JsonObject low = new()
        {
            ["id"] = "low",
            ["threshold"] = 3,
            ["biometricData"] = new JsonArray(Bodies.Finger(1, 2, 1)),
        };
        JsonObject good = new() { ["id"] = "good", ["biometricData"] = new JsonArray(Bodies.Finger(1, 2, 1)) };
        JsonNode[] found = await GovernedServer.StreamAsync(border, "/mc/v1/identify/watchlist", eye, low, good);
        Assert.Equal(
            [(int)FailureCode.ModalityNotGranted, (int)FailureCode.ThresholdTooLow, null],
            found.OrderBy(line => (int)line["line"]!).Select(line => (int?)line["error"]?["code"]));
        JsonNode[] elsewhere = await GovernedServer.StreamAsync(border, "/mc/v1/identify/prison-d", good);
        Assert.Equal((int)FailureCode.GalleryNotGranted, (int)elsewhere[0]["error"]!["code"]!);

        JsonNode[] enrolled = await GovernedServer.StreamAsync(
            border, "/mc/v1/enrol", Line("L-1", "visa-b"), Line("L-2", "prison-d"), Line("L-3", "visa-b"));
        Assert.Contains(
            enrolled, line => (int?)line["error"]?["code"] == (int)FailureCode.GalleryOfAnotherOwner);
        Assert.Equal(2, (int)enrolled[^1]["done"]!["applied"]!);

        JsonNode[] rows = await server.Governed.RowsAsync();
        Assert.Equal(
            [FailureCode.ModalityNotGranted, FailureCode.ThresholdTooLow, FailureCode.GalleryNotGranted],
            CodesOf("batchIdentify"));
        Assert.Equal([FailureCode.GalleryOfAnotherOwner], CodesOf("bulkEnrol"));

        FailureCode[] CodesOf(string operation) =>
        [
            .. rows.Where(row => (string)row["operation"]! == operation && row["refusal"] is not null)
                .OrderBy(row => (int)row["sequence"]!)
                .Select(row => (FailureCode)(int)row["refusal"]!["code"]!),
        ];
    }

    private static (string, string, JsonNode?) Rapid(string gallery = "watchlist") => (
        "POST", $"/mc/v1/risc/{gallery}", new JsonObject
        {
            ["biometricData"] = new JsonArray(Bodies.Finger(1, 2, 1), Bodies.Finger(1, 7, 1)),
        });

    private static (string, string, JsonNode?) Search(string path = Watchlist, params JsonNode[] samples) => (
        "POST", path, Bodies.Identify(samples.Length == 0 ? [Bodies.Finger(1, 2, 1)] : [.. samples]));

    private static (string, string, JsonNode?) Verify(string gallery, string query = "") => (
        "POST", $"verify/{gallery}/nobody{query}",
        new JsonObject { ["biometricData"] = new JsonArray(Bodies.Finger(1, 2, 1)) });

    private static (string, string, JsonNode?) Create(string gallery) => (
        "POST", "persons/N-1/encounters/E-1", Bodies.Encounter(gallery, [Bodies.Finger(8, 2)]));

    private static (string, string, JsonNode?) Explain(JsonObject sample) =>
        ("POST", "/mc/v1/explain/watchlist/W-1/E-1", new JsonObject { ["biometricData"] = new JsonArray(sample) });

    private static JsonObject Line(string person, string gallery)
    {
        JsonObject encounter = Bodies.Encounter(gallery, [Bodies.Finger(person[^1] + 10, 2)]);
        encounter["encounterId"] = "E-1";
        return new JsonObject { ["personId"] = person, ["encounter"] = encounter };
    }

    /// <summary>One call and what is expected of it.</summary>
    private sealed record Call(string Operation, FailureCode? Code, (string, string, JsonNode?) Asked)
    {
        public string Partner { get; init; } = "border-a";

        public string Scopes { get; init; } = GovernedServer.PartnerScopes;

        public string? Purpose { get; init; } = "border-entry";

        public (string, string)? Header { get; init; }
    }

    /// <summary>Partners with their agreements, owners of galleries, and somebody in two of these.</summary>
    public sealed class Partners : IAsyncLifetime
    {
        public GovernedServer Governed { get; } = new();

        public async Task InitializeAsync()
        {
            await Governed.InitializeAsync();
            foreach ((string gallery, string owner) in new[]
            {
                ("watchlist", "police-c"), ("visa-b", "visa-b"), ("prison-d", "prison-d"),
            })
            {
                await Governed.SignPolicyAsync(gallery, owner);
            }

            foreach (JsonObject agreement in (JsonObject[])
            [
                GovernedServer.Agreement("border-a"),
                GovernedServer.Agreement("police-c"),
                GovernedServer.Agreement("examiner", ("release", "full")),
                GovernedServer.Agreement("prison-d"),
                GovernedServer.Agreement("expired", ("validTo", "2021-01-01")),
                GovernedServer.Agreement("future", ("validFrom", "2998-01-01")),
                GovernedServer.Agreement("suspended", ("phase", "suspended")),
                GovernedServer.Agreement("pilot", ("phase", "pilot")),
                GovernedServer.Agreement("stopped"),
            ])
            {
                await Governed.SignAgreementAsync(agreement);
            }

            await Governed.Person("anna").PostAsync(
                "/mc/v1/agreements/stopped-2026/suspension",
                JsonContent.Create(new JsonObject { ["reason"] = "misuse is suspected" })).OkAsync();
            await EnrolAsync("police-c", "watchlist", "W-1", 1);
            await EnrolAsync("prison-d", "prison-d", "D-1", 4);
        }

        public async Task DisposeAsync() => await Governed.DisposeAsync();

        private Task<JsonNode> EnrolAsync(string partner, string gallery, string person, int number) =>
            Governed.As(partner, headers: ("MC-Purpose", "border-entry")).PostAsync(
                RunningServer.V1($"persons/{person}/encounters/E-1"),
                JsonContent.Create(Bodies.Encounter(gallery, [Bodies.Finger(number, 2)]))).OkAsync();
    }
}
