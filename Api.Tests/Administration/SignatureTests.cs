using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Http.Failures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using static MatchCluster.Api.Tests.Administration.GovernedServer;

namespace MatchCluster.Api.Tests.Administration;

/// <summary>How agreements come to hold over HTTP, change, stop and go on.</summary>
public sealed class SignatureTests : IAsyncLifetime
{
    private const string Path = "/mc/v1/agreements/border-a-2026";

    private readonly GovernedServer server = new();

    private HttpClient Anna => server.Person("anna");

    private HttpClient Berta => server.Person("berta");

    public Task InitializeAsync() => server.InitializeAsync();

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task Two_people_sign_and_a_change_acts_on_the_next_request()
    {
        Assert.Equal(FailureCode.NoAgreement, await SearchAsync());
        JsonNode proposed = await Anna.PutAsync(Path + "/proposal", Body(Agreement("border-a"))).OkAsync();
        Assert.Equal((1, false), ((int)proposed["version"]!, (bool)proposed["holds"]!));
        Assert.Equal(FailureCode.NoAgreement, await SearchAsync());
        JsonNode open = (await Berta.GetAsync("/mc/v1/proposals").OkAsync())["agreements"]![0]!;
        Assert.Equal((string)proposed["sha256"]!, (string)open["sha256"]!);
        Assert.Equal(("anna", null), ((string?)open["proposedBy"], (string?)open["approvedBy"]));

        await RefusedAsync(Anna.PostAsync(Path + "/approval", ApprovalOf(proposed)), FailureCode.Conflict);
        JsonNode approved = await Berta.PostAsync(Path + "/approval", ApprovalOf(proposed)).OkAsync();
        Assert.Equal((1, true), ((int)approved["version"]!, (bool)approved["holds"]!));
        Assert.Null(await SearchAsync());

        await server.SignAgreementAsync(
            Agreement("border-a", ("search", new JsonArray("visa-b")), ("version", 1)));
        Assert.Equal(FailureCode.GalleryNotGranted, await SearchAsync());
        JsonNode history = await Anna.GetAsync(Path).OkAsync();
        Assert.Equal([1, 2], history["versions"]!.AsArray().Select(one => (int)one!["version"]!));
        Assert.Equal("watchlist", (string?)history["versions"]![0]!["agreement"]!["search"]![0]);
        Assert.Equal("2026-", ((string)history["versions"]![0]!["approvedAt"]!)[..5]);
        Assert.Null(history["proposal"]);
    }

    [Fact]
    public async Task One_administrator_stops_an_agreement_at_once_and_two_let_it_go_on()
    {
        await server.SignAgreementAsync(Agreement("border-a"));
        Assert.Null(await SearchAsync());
        await Anna.PostAsync(Path + "/suspension", Reason("misuse is suspected")).OkAsync();
        Assert.Equal(FailureCode.AgreementSuspended, await SearchAsync());

        // A new version of the agreement does not end it.
        await server.SignAgreementAsync(Agreement("border-a", ("maxCandidates", 9)));
        Assert.Equal(FailureCode.AgreementSuspended, await SearchAsync());

        JsonNode resumed = await Anna.PutAsync(Path + "/resumption/proposal", Reason("it was none")).OkAsync();
        await RefusedAsync(
            Anna.PostAsync(Path + "/resumption/approval", ApprovalOf(resumed)), FailureCode.Conflict);
        Assert.Equal(FailureCode.AgreementSuspended, await SearchAsync());

        // Suspended again meanwhile: what was proposed before is void.
        await Berta.PostAsync(Path + "/suspension", Reason("it was")).OkAsync();
        await RefusedAsync(
            Berta.PostAsync(Path + "/resumption/approval", ApprovalOf(resumed)), FailureCode.Unknown);
        resumed = await Anna.PutAsync(Path + "/resumption/proposal", Reason("cleared up")).OkAsync();
        JsonNode open = (await Anna.GetAsync("/mc/v1/proposals").OkAsync())["resumptions"]![0]!;
        Assert.Equal(("border-a-2026", false), ((string?)open["agreement"], (bool)open["isSuspended"]!));
        await Berta.PostAsync(Path + "/resumption/approval", ApprovalOf(resumed)).OkAsync();
        Assert.Null(await SearchAsync());
        Assert.Equal(3, (await Anna.GetAsync(Path).OkAsync())["suspensions"]!.AsArray().Count);
        await RefusedAsync(
            Anna.PutAsync(Path + "/resumption/proposal", Reason("again")), FailureCode.Conflict);
        await RefusedAsync(
            Anna.PostAsync("/mc/v1/agreements/other/suspension", Reason("unknown")), FailureCode.Unknown);
    }

    [Fact]
    public async Task What_is_approved_is_what_was_read()
    {
        JsonNode read = await Anna.PutAsync(Path + "/proposal", Body(Agreement("border-a"))).OkAsync();
        JsonObject wider = Agreement("border-a", ("search", new JsonArray("ALL")));
        JsonNode replaced = await Anna.PutAsync(Path + "/proposal", Body(wider)).OkAsync();
        Assert.Equal((int)read["version"]!, (int)replaced["version"]!);
        string said = await RefusedAsync(
            Berta.PostAsync(Path + "/approval", ApprovalOf(read)), FailureCode.Conflict);
        Assert.Contains("sha256", said, StringComparison.Ordinal);

        replaced["version"] = 2L;
        await RefusedAsync(Berta.PostAsync(Path + "/approval", ApprovalOf(replaced)), FailureCode.Conflict);
        replaced["version"] = 1L;
        await Berta.PostAsync(Path + "/approval", ApprovalOf(replaced)).OkAsync();
        await RefusedAsync(Berta.PostAsync(Path + "/approval", ApprovalOf(replaced)), FailureCode.Unknown);

        // Whoever changes version 1 does not overwrite a version 2 of somebody else.
        JsonObject changed = Agreement("border-a", ("version", 1));
        await server.SignAgreementAsync(changed);
        await RefusedAsync(Anna.PutAsync(Path + "/proposal", Body(changed)), FailureCode.Conflict);
    }

    [Fact]
    public async Task A_program_signs_nothing()
    {
        RouteEndpoint[] routes =
        [
            .. ((IEndpointRouteBuilder)server.Server.App).DataSources.SelectMany(source => source.Endpoints)
                .OfType<RouteEndpoint>().Where(route => route.Metadata.GetMetadata<PersonRule>() is not null),
        ];
        Assert.True(routes.Length >= 7, $"only {routes.Length} routes want a person");
        HttpClient program = server.As("operator", "mc.admin");
        foreach (RouteEndpoint route in routes)
        {
            string method = route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0];
            using HttpRequestMessage request = new(new HttpMethod(method), route.RoutePattern.RawText!
                .Replace("{id}", "X", StringComparison.Ordinal).Replace("{galleryId}", "X", StringComparison.Ordinal));
            await RefusedAsync(program.SendAsync(request), FailureCode.PersonRequired);
            Assert.Equal(
                (int)FailureCode.PersonRequired, (int)(await server.RowsAsync())[^1]["refusal"]!["code"]!);
        }

        Assert.Equal(200, await program.GetAsync("/mc/v1/agreements").StatusAsync());
        Assert.DoesNotContain(
            ((IEndpointRouteBuilder)server.Server.App).DataSources.SelectMany(source => source.Endpoints)
                .OfType<RouteEndpoint>(),
            route => route.Metadata.GetMetadata<AccessRule>()?.Scope == Scopes.Admin
                && route.Metadata.GetMetadata<PersonRule>() is null
                && route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods[0] != "GET");
    }

    [Theory]
    [InlineData("""{"partner":"x"}""", (int)FailureCode.MalformedBody, "missing properties")]
    [InlineData("""[]""", (int)FailureCode.MalformedBody, "another type was wanted")]
    [InlineData("purpose=visa", (int)FailureCode.MalformedBody, "unknown property 'purpose'")]
    [InlineData("quotaPerDay=9223372036854775808", (int)FailureCode.MalformedBody, "$.quotaPerDay")]
    [InlineData("quotaPerDay=-1", (int)FailureCode.InvalidDocument, "quotaPerDay: found -1, wanted 0..")]
    [InlineData("maxCandidates=1001", (int)FailureCode.InvalidDocument, "maxCandidates: found 1001, wanted 1..1000")]
    [InlineData("minThreshold=\"40\"", (int)FailureCode.MalformedBody, "$.minThreshold")]
    [InlineData("id=\"other\"", (int)FailureCode.InvalidDocument, "id: found 'other', wanted 'border-a-2026'")]
    [InlineData("phase=\"Live\"", (int)FailureCode.InvalidDocument, "phase: found 'Live', wanted one of pilot, live")]
    [InlineData("release=\"all\"", (int)FailureCode.InvalidDocument, "release: found 'all', wanted one of hit")]
    [InlineData("modalities=[\"face\"]", (int)FailureCode.InvalidDocument, "modalities: found 'face'")]
    [InlineData("purposes=[null]", (int)FailureCode.InvalidDocument, "purposes: found null in the list")]
    [InlineData("modalities=[null]", (int)FailureCode.InvalidDocument, "modalities: found null in the list")]
    [InlineData("purposes=[\"curiosity\"]", (int)FailureCode.InvalidDocument, "purposes: found 'curiosity'")]
    [InlineData("validFrom=\"2026-01-01T12:00:00\"", (int)FailureCode.InvalidDocument, "a time with its offset")]
    [InlineData("validFrom=\"yesterday\"", (int)FailureCode.InvalidDocument, "validFrom: found 'yesterday'")]
    [InlineData("validTo=\"2019-01-01\"", (int)FailureCode.InvalidDocument, "wanted a time after validFrom")]
    [InlineData("legalBasis=\"\"", (int)FailureCode.InvalidDocument, "legalBasis: found 0 characters")]
    [InlineData("enrol=[\"ALL\"]", (int)FailureCode.InvalidDocument, "enrol: found ALL")]
    [InlineData("noRetain=true", (int)FailureCode.InvalidDocument, "noRetain: found true beside galleries to enrol in")]
    [InlineData("version=7", (int)FailureCode.Conflict, "version: found 7, wanted 0")]
    public async Task What_is_no_agreement_is_refused_by_its_field(string change, int code, string expected)
    {
        string text = change;
        if (change[0] is not ('{' or '['))
        {
            string[] parts = change.Split('=', 2);
            JsonObject whole = Agreement("border-a", (parts[0], "PLACE"));
            text = whole.ToJsonString().Replace("\"PLACE\"", parts[1], StringComparison.Ordinal);
        }

        using StringContent body = new(text, Encoding.UTF8, "application/json");
        Assert.Contains(
            expected, await RefusedAsync(Anna.PutAsync(Path + "/proposal", body), (FailureCode)code),
            StringComparison.Ordinal);
        Assert.Empty((await Anna.GetAsync("/mc/v1/proposals").OkAsync())["agreements"]!.AsArray());
    }

    [Fact]
    public async Task Names_of_paths_and_approvals_that_are_none_are_refused()
    {
        await RefusedAsync(Anna.PutAsync(
            "/mc/v1/agreements/mine/proposal", Body(Agreement("x", ("id", "mine")))), FailureCode.InvalidDocument);
        await RefusedAsync(Anna.PostAsync(Path + "/approval", Body(
            new JsonObject { ["version"] = 1, ["sha256"] = "abc" })), FailureCode.InvalidDocument);
        await RefusedAsync(Anna.PostAsync(Path + "/approval", Body(
            new JsonObject { ["version"] = 1 })), FailureCode.MalformedBody);
        await RefusedAsync(Anna.PostAsync(Path + "/suspension", Reason("")), FailureCode.Unknown);
        await server.SignAgreementAsync(Agreement("border-a"));
        await RefusedAsync(Anna.PostAsync(Path + "/suspension", Reason("")), FailureCode.InvalidDocument);
        await RefusedAsync(Anna.GetAsync("/mc/v1/agreements/other"), FailureCode.Unknown);
        await RefusedAsync(Anna.GetAsync("/mc/v1/gallery-policies/other"), FailureCode.Unknown);
        await RefusedAsync(Anna.PutAsync("/mc/v1/gallery-policies/ALL/proposal", Body(
            new JsonObject { ["id"] = "ALL", ["owner"] = "x" })), FailureCode.InvalidDocument);
        await RefusedAsync(Anna.PutAsync("/mc/v1/gallery-policies/g/proposal", Body(
            new JsonObject { ["id"] = "g", ["owner"] = "a b" })), FailureCode.InvalidDocument);
    }

    [Fact]
    public async Task A_partner_reads_its_own_agreements_and_nobody_elses()
    {
        await server.SignAgreementAsync(Agreement("border-a"));
        await server.SignAgreementAsync(Agreement("other"));
        await Anna.PostAsync(Path + "/suspension", Reason("misuse is suspected")).OkAsync();
        HttpClient border = server.As("border-a");
        JsonNode own = await border.GetAsync("/mc/v1/agreements/mine").OkAsync();
        JsonNode one = Assert.Single(own["agreements"]!.AsArray())!;
        Assert.Equal(("border-a-2026", 1L, true), (
            (string?)one["agreement"]!["id"], (long)one["agreement"]!["version"]!, (bool)one["isSuspended"]!));
        Assert.DoesNotContain("anna", own.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(403, await border.GetAsync("/mc/v1/agreements").StatusAsync());
        Assert.Equal(403, await border.GetAsync(Path).StatusAsync());
    }

    [Fact]
    public async Task Policies_of_galleries_are_signed_and_say_who_owns_them()
    {
        await server.SignAgreementAsync(Agreement("border-a"));
        JsonContent encounter = Body(Bodies.Encounter("own", [Bodies.Finger(1, 2)]));
        HttpClient border = server.As("border-a", headers: ("MC-Purpose", "border-entry"));
        string person = RunningServer.V1("persons/P/encounters/E");
        Assert.Equal(403, await border.PostAsync(person, encounter).StatusAsync());
        await server.SignPolicyAsync("own", "border-a");
        Assert.Equal(200, await border.PostAsync(person, encounter).StatusAsync());
        JsonNode policy = (await Anna.GetAsync("/mc/v1/gallery-policies").OkAsync())["policies"]![0]!;
        Assert.Equal(("own", "border-a", "anna", "berta"), (
            (string?)policy["policy"]!["id"], (string?)policy["policy"]!["owner"], (string?)policy["proposedBy"],
            (string?)policy["approvedBy"]));
        Assert.Equal(
            1, (int)(await Anna.GetAsync("/mc/v1/gallery-policies/own").OkAsync())["versions"]![0]!["version"]!);
    }

    [Fact]
    public async Task A_call_is_no_more_urgent_than_agreed_whether_it_says_so_or_not()
    {
        ((IEndpointRouteBuilder)server.Server.App).MapGet(
            "/mc/v1/urgency/{galleryId}",
            (HttpContext http, int? priority) => Priority.Of(http, Priority.Default).Level).Needs(Scopes.Identify);
        await server.SignAgreementAsync(Agreement("border-a", ("priorityCap", 3)));
        HttpClient border = server.As("border-a", headers: ("MC-Purpose", "border-entry"));
        Assert.Equal("3", await border.GetStringAsync("/mc/v1/urgency/watchlist"));
        Assert.Equal("1", await border.GetStringAsync("/mc/v1/urgency/watchlist?priority=1"));
        await RefusedAsync(border.GetAsync("/mc/v1/urgency/watchlist?priority=4"), FailureCode.PriorityTooHigh);
    }

    [Fact]
    public async Task What_the_head_of_a_call_forbids_is_refused_before_its_body_is_read()
    {
        await server.SignAgreementAsync(Agreement("border-a"));
        using StringContent broken = new("{", Encoding.UTF8, "application/json");
        HttpClient border = server.As("border-a", headers: ("MC-Purpose", "border-entry"));
        await border.PostAsync(RunningServer.V1("identify/prison-d"), broken)
            .ErrorAsync(403, FailureCode.GalleryNotGranted);
        await border.PostAsync(RunningServer.V1("identify/watchlist"), broken)
            .ErrorAsync(400, FailureCode.MalformedBody);
    }

    private static JsonContent Body(JsonObject body) => JsonContent.Create(body);

    private static JsonContent Reason(string reason) => Body(new JsonObject { ["reason"] = reason });

    private async Task<FailureCode?> SearchAsync()
    {
        using HttpResponseMessage answer = await server.As("border-a", headers: ("MC-Purpose", "border-entry"))
            .PostAsync(
                RunningServer.V1("identify/watchlist"), Body(Bodies.Identify([Bodies.Finger(1, 2)])));

        // Nobody is in the gallery: what is allowed finds no such gallery.
        return (int)answer.StatusCode == 404 ? null : (FailureCode)(int)(await answer.JsonAsync())["code"]!;
    }

    private static async Task<string> RefusedAsync(Task<HttpResponseMessage> sent, FailureCode code)
    {
        using HttpResponseMessage answer = await sent;
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == HttpAnswers.StatusOf(code), $"{(int)answer.StatusCode} {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        JsonNode problem = JsonNode.Parse(text)!;
        Assert.True((int)problem["code"]! == (int)code, text);
        return (string)problem["detail"]!;
    }
}
