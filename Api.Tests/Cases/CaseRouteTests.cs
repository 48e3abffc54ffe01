using System.Text;
using System.Text.Json.Nodes;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.OpenApi;
using MatchCluster.Api.Tests.OpenApi;

namespace MatchCluster.Api.Tests.Cases;

/// <summary>Cases over HTTP, with development tokens of programs and persons.</summary>
public sealed class CaseRouteTests(CaseServer server) : IClassFixture<CaseServer>
{
    [Fact]
    public async Task Two_persons_confirm_a_candidate_and_neither_sees_the_others_decision_before_the_own()
    {
        string id = await server.SearchAsync();
        string anna = server.Decider("police-c", "anna");
        string berta = server.Decider("police-c", "berta");

        JsonNode first = await ReadAsync(id, anna);
        Assert.Equal("OPEN", (string?)first["state"]);
        Assert.Equal("KEPT", (string?)first["probe"]);
        Assert.Equal(
            ("P-1", 1, true, true),
            ((string?)first["candidates"]![0]!["personId"], (int)first["candidates"]![0]!["needed"]!,
                (bool)first["candidates"]![0]!["forYou"]!, first["candidates"]![0]!["decisions"] is null));

        JsonNode decided = await server.DecideAsync(id, anna).OkAsync();
        Assert.Equal("OPEN", (string?)decided["state"]);
        Assert.True((bool)decided["candidates"]![0]!["decisions"]![0]!["isYours"]!);
        Assert.Equal(FailureCode.DecidedAlready, await RefusalAsync(server.DecideAsync(id, anna), 409));
        Assert.Equal(
            FailureCode.DecidedAlready,
            await RefusalAsync(server.DecideAsync(id, server.Decider("border-a", "anna"), "DIFFERENT"), 409));

        JsonNode second = (await ReadAsync(id, berta))["candidates"]![0]!;
        Assert.Equal((2, true), ((int)second["needed"]!, second["decisions"] is null));
        Assert.DoesNotContain("ridges seen", second.ToJsonString(), StringComparison.Ordinal);
        Assert.Null((await ReadAsync(id, server.Token("police-c", "mc.case.read")))["candidates"]![0]!["decisions"]);

        JsonNode confirmed = await server.DecideAsync(id, berta).OkAsync();
        Assert.Equal("CONFIRMED", (string?)confirmed["state"]);
        Assert.Equal(2, confirmed["candidates"]![0]!["decisions"]!.AsArray().Count);
        Assert.DoesNotContain("anna", confirmed.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(
            FailureCode.CaseClosed,
            await RefusalAsync(server.DecideAsync(id, server.Decider("police-c", "clara")), 409));
    }

    [Fact]
    public async Task Programs_and_other_partners_do_not_decide()
    {
        string id = await server.SearchAsync();

        Assert.Equal(FailureCode.PersonRequired, await RefusalAsync(
            server.DecideAsync(id, server.Token("police-c", "mc.decide")), 403));
        Assert.Equal(FailureCode.ScopeMissing, await RefusalAsync(
            server.DecideAsync(id, server.Token("police-c", "mc.case.read", "anna")), 403));
        Assert.Equal(FailureCode.Unknown, await RefusalAsync(
            server.DecideAsync(id, server.Decider("visa-b", "eva")), 404));
        Assert.Equal(FailureCode.Unknown, await RefusalAsync(
            server.GetAsync("/mc/v1/cases/C-1", server.Decider("police-c", "anna")), 404));

        // Who was told scores sees that there is a case of its own, and decides nothing.
        string own = await server.SearchAsync("visa-b");
        Assert.Equal(FailureCode.MayNotDecide, await RefusalAsync(
            server.DecideAsync(own, server.Decider("visa-b", "eva")), 403));
        JsonNode seen = (await ReadAsync(own, server.Decider("visa-b", "eva")))["candidates"]![0]!;
        Assert.Null(seen["personId"]);
        Assert.Null(seen["score"]);
        Assert.Equal(FailureCode.MayNotDecide, await RefusalAsync(
            CompareAsync(own, server.Decider("visa-b", "eva")), 403));
        await server.DecideAsync(own, server.Decider("police-c", "anna")).OkAsync();
        await server.DecideAsync(own, server.Decider("police-c", "berta")).OkAsync();
        seen = (await ReadAsync(own, server.Token("visa-b", "mc.case.read")))["candidates"]![0]!;
        Assert.Equal("P-1", (string?)seen["personId"]);
    }

    [Fact]
    public async Task The_probe_of_a_case_is_held_against_the_candidate()
    {
        string id = await server.SearchAsync();

        JsonNode compared = await CompareAsync(id, server.Decider("border-a", "dora")).OkAsync();

        Assert.Equal("P-1", (string?)compared["personId"]);
        Assert.NotEmpty(compared["fingers"]![0]!["alignment"]!["mates"]!.AsArray());
        Assert.NotEmpty(compared["irises"]!.AsArray());
        Assert.Equal(FailureCode.Unknown, await RefusalAsync(
            CompareAsync(id, server.Decider("border-a", "dora"), "E-2"), 404));
    }

    [Fact]
    public async Task A_probe_that_is_not_retained_is_sent_again_and_nothing_of_it_is_on_the_disk()
    {
        string id = await server.SearchAsync("asylum-e", 2);
        string anna = server.Decider("police-c", "anna");
        JsonArray probe = Bodies.Samples(2, 1);

        Assert.Equal("SEND_AGAIN", (string?)(await ReadAsync(id, anna))["probe"]);
        Assert.Equal(FailureCode.ProbeNeeded, await RefusalAsync(CompareAsync(id, anna), 400));
        Assert.Equal(FailureCode.ProbeNeeded, await RefusalAsync(server.DecideAsync(id, anna), 400));
        Assert.Equal(FailureCode.ProbeNeeded, await RefusalAsync(
            server.DecideAsync(id, anna, probe: Bodies.Samples(1, 1)), 400));
        await server.DecideAsync(id, anna, probe: probe).OkAsync();

        byte[][] templates = [.. Bodies.Samples(2, 1).Select(item =>
            Convert.FromBase64String((string)item!["template"]!))];
        foreach (string file in Directory.EnumerateFiles(server.Folder, "*", SearchOption.AllDirectories))
        {
            using FileStream open = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            byte[] bytes = new byte[open.Length];
            open.ReadExactly(bytes);
            Assert.All(templates, template => Assert.True(
                bytes.AsSpan().IndexOf(template.AsSpan(template.Length / 2, 16)) < 0, file));
        }
    }

    [Fact]
    public async Task The_queue_names_who_waits_and_pages_through_it()
    {
        string[] ids = [await server.SearchAsync(), await server.SearchAsync(), await server.SearchAsync()];
        string anna = server.Decider("police-c", "anna");
        List<string> listed = [];
        string? after = null;
        do
        {
            JsonNode page = await server.GetAsync(
                "/mc/v1/cases?state=open&limit=2" + (after is null ? "" : $"&after={after}"), anna).OkAsync();
            Assert.All(page["cases"]!.AsArray(), one => Assert.Equal("OPEN", (string?)one!["state"]));
            listed.AddRange(page["cases"]!.AsArray().Select(one => (string)one!["id"]!));
            after = (string?)page["next"];
        }
        while (after is not null);

        Assert.Equal(ids, listed.Where(ids.Contains));
        await server.DecideAsync(ids[1], anna).OkAsync();
        JsonNode all = await server.GetAsync("/mc/v1/cases?limit=500", anna).OkAsync();
        Assert.Empty(all["cases"]!.AsArray().Single(one => (string?)one!["id"] == ids[1])!["forYou"]!.AsArray());
        Assert.Single(all["cases"]!.AsArray().Single(one => (string?)one!["id"] == ids[2])!["forYou"]!.AsArray());
        Assert.Equal(
            FailureCode.InvalidParameter, await RefusalAsync(server.GetAsync("/mc/v1/cases?state=new", anna), 400));
        Assert.Equal(
            FailureCode.InvalidParameter, await RefusalAsync(server.GetAsync("/mc/v1/cases?after=C-0", anna), 400));
        Assert.Equal(
            FailureCode.InvalidParameter, await RefusalAsync(server.GetAsync("/mc/v1/cases?limit=501", anna), 400));
    }

    [Fact]
    public async Task The_report_shows_that_no_program_decided()
    {
        string id = await server.SearchAsync();
        await server.DecideAsync(id, server.Decider("police-c", "anna"), "DIFFERENT").OkAsync();
        await server.DecideAsync(id, server.Decider("police-c", "berta"), "DIFFERENT").OkAsync();

        JsonNode report = await server.GetAsync("/mc/v1/cases/report", server.Token("x", "mc.stats")).OkAsync();

        Assert.Equal((0, 0.0), ((int)report["decidedByPrograms"]!, (double)report["automatedShare"]!));
        Assert.True((int)report["decidedByPersons"]! >= 1);
        Assert.True((double)report["agreementRate"]! > 0);
        Assert.True((double)report["medianHoursToDecision"]! < 1);
    }

    [Theory]
    [InlineData("""{"rank": 1, "decision": "MAYBE", "reason": "x"}""", FailureCode.MalformedBody)]
    [InlineData("""{"rank": 1, "decision": "SAME"}""", FailureCode.MalformedBody)]
    [InlineData("""{"rank": 1, "decision": "SAME", "reason": " "}""", FailureCode.InvalidParameter)]
    [InlineData("""{"rank": 99, "decision": "SAME", "reason": "x"}""", FailureCode.InvalidParameter)]
    [InlineData("""{"personId": "P-2", "decision": "SAME", "reason": "x"}""", FailureCode.InvalidParameter)]
    [InlineData("""{"decision": "SAME", "reason": "x"}""", FailureCode.InvalidParameter)]
    internal async Task A_decision_that_says_too_little_is_refused(string body, FailureCode code)
    {
        string id = await server.SearchAsync();
        Assert.Equal(code, await RefusalAsync(
            server.SendAsync(
                HttpMethod.Post, $"/mc/v1/cases/{id}/decisions", server.Decider("police-c", "anna"),
                JsonNode.Parse(body)),
            400));
    }

    [Fact]
    public async Task Lines_of_a_stream_have_their_cases()
    {
        string line = new JsonObject { ["id"] = "q", ["threshold"] = 40, ["biometricData"] = Bodies.Samples(1, 1) }
            .ToJsonString();
        using HttpRequestMessage request = new(HttpMethod.Post, $"/mc/v1/identify/{CaseServer.Gallery}")
        {
            Content = new StringContent(line, Encoding.UTF8, "application/x-ndjson"),
        };
        request.Headers.Authorization = new("Bearer", server.Token("border-a", "mc.identify"));
        using HttpResponseMessage answer = await server.Server.Http.SendAsync(request);
        JsonNode found = JsonNode.Parse((await answer.Content.ReadAsStringAsync()).Split('\n')[0])!;

        string id = (string)found["case"]!;

        Assert.Equal("OPEN", (string?)(await ReadAsync(id, server.Decider("police-c", "anna")))["state"]);
    }

    [Fact]
    public async Task A_search_and_each_decision_leave_their_rows()
    {
        string id = await server.SearchAsync();
        string anna = server.Decider("police-c", "anna");
        await server.DecideAsync(id, anna, "INCONCLUSIVE").OkAsync();
        await server.DecideAsync(id, anna).StatusAsync();
        using HttpResponseMessage log = await server.GetAsync(
            "/mc/v1/audit?limit=10000", server.Token("x", "mc.audit"));
        JsonNode[] rows =
        [
            .. (await log.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonNode.Parse(line)!).Where(row => (string?)row["case"] == id),
        ];

        Assert.Equal(["identify", "decideCase", "decideCase"], rows.Select(row => (string?)row["operation"]));
        Assert.Equal([null, "1 INCONCLUSIVE", null], rows.Select(row => (string?)row["decision"]));
        Assert.Equal(["border-a", "anna", "anna"], rows.Select(row => (string?)row["subject"]));
        Assert.Equal((int)FailureCode.DecidedAlready, (int)rows[2]["refusal"]!["code"]!);
        Assert.Equal(
            (string?)rows[0]["candidates"]![0], (string?)rows[1]["candidates"]!.AsArray().Single());
        Assert.DoesNotContain("P-1", rows[1].ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Examples_of_the_description_are_calls_that_work_and_answers_are_as_described()
    {
        Description description = await Description.ReadAsync(server.Server.Http);
        string id = await server.SearchAsync();
        string anna = server.Decider("police-c", "anna");
        const string Path = "/mc/v1/cases/{caseId}";
        foreach ((string path, string method, string? example) in new[]
        {
            ("/mc/v1/cases", "get", null), (Path, "get", null), (Path + "/comparisons", "post", "compareCase"),
            (Path + "/decisions", "post", "decideCase"), (Path + "/decisions", "post", "decideCase"),
            ("/mc/v1/cases/report", "get", (string?)null),
        })
        {
            JsonNode? body = example is null ? null : Examples.Read($"{example}.request");
            string token = path.EndsWith("report", StringComparison.Ordinal) ? server.Token("x", "mc.stats") : anna;
            using HttpResponseMessage answer = await server.SendAsync(
                new HttpMethod(method.ToUpperInvariant()), path.Replace("{caseId}", id), token, body);
            string text = await answer.Content.ReadAsStringAsync();
            Assert.Empty(description.Violations(path, method, answer, text));
            Assert.True(answer.IsSuccessStatusCode || text.Contains("1402", StringComparison.Ordinal), text);
        }
    }

    [Fact]
    public async Task A_server_without_agreements_says_that_it_has_no_cases()
    {
        await using RunningServer other = new();
        await other.InitializeAsync();
        using HttpResponseMessage answer = await other.Http.GetAsync("/mc/v1/cases");
        Assert.Equal(404, (int)answer.StatusCode);
        Assert.Contains("--agreements", (string?)(await answer.JsonAsync())["detail"]);
    }

    private async Task<JsonNode> ReadAsync(string id, string token) =>
        await server.GetAsync($"/mc/v1/cases/{id}", token).OkAsync();

    private Task<HttpResponseMessage> CompareAsync(string id, string token, string? encounter = null)
    {
        JsonObject body = new() { ["rank"] = 1 };
        if (encounter is not null)
        {
            body["encounterId"] = encounter;
        }

        return server.SendAsync(HttpMethod.Post, $"/mc/v1/cases/{id}/comparisons", token, body);
    }

    private static async Task<FailureCode> RefusalAsync(Task<HttpResponseMessage> sent, int status)
    {
        using HttpResponseMessage answer = await sent;
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == status, $"{(int)answer.StatusCode}: {text}");
        return (FailureCode)(int)JsonNode.Parse(text)!["code"]!;
    }
}
