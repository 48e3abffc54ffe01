using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using MatchCluster.Api.Hosting;
using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Searching;
using MatchCluster.Api.Telemetry;
using MatchCluster.Api.Tests.Access;
using MatchCluster.Matching.Governance;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Uses;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;

namespace MatchCluster.Api.Tests.Searching;

/// <summary>Quotas and rates of agreements at the doors of a server.</summary>
public sealed class QuotaDoorTests : IAsyncLifetime
{
    private const string AllScopes = "abis.identify abis.verify mc.identify mc.stats";

    private readonly TestIssuer issuer = new();
    private readonly Agreements agreements = new(new MemoryGovernanceStore(), TimeProvider.System);
    private MatchEngine? engine;
    private WebApplication? app;
    private HttpClient http = new();

    public async Task InitializeAsync()
    {
        await SignAsync("few", one => one with { QuotaPerDay = 3 });
        await SignAsync("slow", one => one with { RatePerSecond = 0.001 });
        await SignAsync("free", one => one);
        engine = MatchEngine.Open(new MemoryGalleryStore(2), new MatchEngineOptions { Threads = 2 });
        await engine.Loaded;
        app = ServerApp.Build(
            new Backend(engine, _ => ValueTask.FromResult(0L), 4, Calls: engine.Calls, Agreements: agreements),
            "http://127.0.0.1:0", LogLevel.Warning, Admission.Default, access: issuer.Settings());
        await app.StartAsync();
        http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public async Task DisposeAsync()
    {
        http.Dispose();
        await app!.DisposeAsync();
        await engine!.DisposeAsync();
        issuer.Dispose();
    }

    [Fact]
    public async Task A_quota_that_is_used_up_refuses_its_partner_until_midnight_and_nobody_else()
    {
        for (int i = 0; i < 3; i++)
        {
            Assert.NotEqual(429, await SearchAsync("few").StatusAsync());
        }

        using (HttpResponseMessage refused = await SearchAsync("few"))
        {
            Assert.Equal(429, (int)refused.StatusCode);
            JsonNode error = await refused.JsonAsync();
            Assert.Equal((int)FailureCode.QuotaExceeded, (int)error["code"]!);
            Assert.Contains("allows 3 uses a UTC day", (string)error["message"]!, StringComparison.Ordinal);
            Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 24 * 60 * 60);
        }

        JsonObject verify = new() { ["biometricData"] = new JsonArray(Bodies.Finger(1, 2)) };
        Assert.Equal(429, await SendAsync("few", RunningServer.V1("verify/ALL/P"), JsonContent.Create(verify))
            .StatusAsync());
        Assert.NotEqual(429, await SearchAsync("free").StatusAsync());
        string metrics = await (await GetAsync("free", "/metrics")).Content.ReadAsStringAsync();
        Assert.Contains(metrics.Split('\n'), line =>
            line.StartsWith("matchcluster_partner_refused", StringComparison.Ordinal)
            && line.Contains("partner=\"few\"", StringComparison.Ordinal)
            && line.Contains("reason=\"Quota\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Lines_of_a_stream_beyond_the_quota_are_refused_one_by_one()
    {
        string lines = string.Concat(Enumerable.Range(0, 5).Select(i => Line($"line-{i}") + "\n"));
        using HttpResponseMessage answered = await SendAsync(
            "few", "/mc/v1/identify/ALL", new StringContent(lines, Encoding.UTF8, "application/x-ndjson"));
        string text = await answered.Content.ReadAsStringAsync();
        string[] answers = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(answers.Length == 5, text);
        Assert.Equal(2, answers.Count(line => (int?)JsonNode.Parse(line)!["error"]?["code"]
            == (int)FailureCode.QuotaExceeded));
    }

    [Fact]
    public async Task A_call_beyond_the_rate_is_told_when_to_come_back()
    {
        Assert.NotEqual(429, await SearchAsync("slow").StatusAsync());
        using HttpResponseMessage refused = await SearchAsync("slow");
        Assert.Equal(429, (int)refused.StatusCode);
        Assert.Equal((int)FailureCode.QuotaExceeded, (int)(await refused.JsonAsync())["code"]!);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 900, 1000);
    }

    [Fact]
    public void Metrics_have_a_series_for_the_first_partners_and_one_for_all_others()
    {
        PartnerLabels labels = new();
        string[] seen = [.. Enumerable.Range(0, 10_000).Select(i => labels.Of($"p{i}")).Distinct()];
        Assert.Equal(PartnerLabels.Most + 1, seen.Length);
        Assert.Equal("p3", labels.Of("p3"));
        Assert.Equal(PartnerLabels.Other, labels.Of("p5000"));
        Assert.Equal(PartnerLabels.Nobody, labels.Of(""));
    }

    private static string Line(string id)
    {
        JsonObject line = Bodies.Identify([Bodies.Finger(1, 2)]);
        line.Remove("filter");
        line["id"] = id;
        return line.ToJsonString();
    }

    private async Task SignAsync(string partner, Func<Agreement, Agreement> change)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        Agreement agreement = change(new Agreement
        {
            Id = $"with-{partner}",
            Partner = partner,
            Purposes = ["test"],
            Modalities = [Modality.Finger],
            Search = ["ALL"],
            Release = ReleaseProfile.Full,
            ValidFrom = now.AddDays(-1),
            ValidTo = now.AddDays(1),
            Phase = AgreementPhase.Live,
            LegalBasis = "none",
        });
        SignedResult proposed = await agreements.Partners.ProposeAsync(agreement, "anna", default);
        Assert.Null(proposed.Refusal);
        Assert.Null((await agreements.Partners.ApproveAsync(agreement.Id, proposed.Version, "berta", default)).Refusal);
    }

    private Task<HttpResponseMessage> SearchAsync(string partner) => SendAsync(
        partner, RunningServer.V1("identify/ALL"), JsonContent.Create(Bodies.Identify([Bodies.Finger(1, 2)])));

    private Task<HttpResponseMessage> GetAsync(string partner, string path) => SendAsync(partner, path, null);

    private async Task<HttpResponseMessage> SendAsync(string partner, string path, HttpContent? body)
    {
        using HttpRequestMessage request =
            new(body is null ? HttpMethod.Get : HttpMethod.Post, path) { Content = body };
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Bearer", issuer.Token(AllScopes, (SecurityTokenDescriptor token) => token.Claims["client_id"] = partner));
        return await http.SendAsync(request);
    }
}
