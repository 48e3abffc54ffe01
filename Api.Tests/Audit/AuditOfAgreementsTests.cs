using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MatchCluster.Api.Hosting;
using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Options;
using MatchCluster.Matching.Audit;
using MatchCluster.Matching.Governance;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Uses;
using Microsoft.Extensions.Logging;

namespace MatchCluster.Api.Tests.Audit;

/// <summary>A row names the agreement that allowed or refused the use, and the purpose that counted.</summary>
public sealed class AuditOfAgreementsTests : IAsyncLifetime
{
    private readonly string directory = Directory.CreateTempSubdirectory("audit-").FullName;
    private DevelopmentKey key = null!;
    private Server server = null!;
    private HttpClient http = null!;

    public async Task InitializeAsync()
    {
        Agreement border = new()
        {
            Id = "border-2026",
            Partner = "border-a",
            Purposes = ["border-entry"],
            Modalities = [Modality.Finger, Modality.Iris],
            Search = ["watchlist"],
            Administer = ["own"],
            MinThreshold = 30,
            Release = ReleaseProfile.Full,
            PriorityCap = 5,
            ValidFrom = DateTimeOffset.UnixEpoch,
            ValidTo = DateTimeOffset.UnixEpoch.AddYears(500),
            Phase = AgreementPhase.Live,
            LegalBasis = "Treaty of Nowhere, article 1",
        };
        await using (SqliteGovernanceStore documents = SqliteGovernanceStore.Open(directory))
        {
            Agreements agreements = new(documents, TimeProvider.System);
            SignedResult proposed = await agreements.Partners.ProposeAsync(border, "anna", default);
            Assert.Null(proposed.Refusal);
            Assert.Null((await agreements.Partners.ApproveAsync(border.Id, 1, "berta", default)).Refusal);
        }

        string file = Path.Combine(directory, "dev.pem");
        key = DevelopmentKey.Open(file);
        ServerOptions options = new()
        {
            Data = directory,
            Urls = "http://127.0.0.1:0",
            Threads = 1,
            Audit = new AuditSettings(),
            KeepsAgreements = true,
            Access = new AccessSettings
            {
                Tokens = new TokenSettings(
                    DevelopmentKey.Issuer, DevelopmentKey.Audience,
                    KeySource.Of(file + DevelopmentKey.PublicSuffix, TimeProvider.System)),
            },
        };
        server = await Server.StartAsync(new MemoryGalleryStore(1), options, LogLevel.None, CancellationToken.None);
        await server.Loaded;
        http = new HttpClient { BaseAddress = new Uri(server.Urls.First()) };
        string token = key.Sign(
            new TokenClaims(
                "border-a", "abis.identify abis.encounter.write abis.gallery.read mc.identify mc.audit", null,
                TimeSpan.FromMinutes(5)),
            TimeProvider.System.GetUtcNow());
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public async Task DisposeAsync()
    {
        http.Dispose();
        await server.DisposeAsync();
        key.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Rows_of_searches_lines_writes_and_refusals_name_the_agreement_and_its_version()
    {
        JsonObject body = Bodies.Encounter("own", Bodies.Samples(1));
        await http.PostAsync(RunningServer.V1("persons/P-1/encounters/E-1"), JsonContent.Create(body)).OkAsync();
        JsonObject probe = Bodies.Identify(Bodies.Samples(1));
        await http.PostAsync(RunningServer.V1("identify/own"), JsonContent.Create(probe)).OkAsync();
        await http.PostAsync(RunningServer.V1("identify/prison"), JsonContent.Create(probe))
            .ErrorAsync(403, FailureCode.GalleryNotGranted);
        JsonObject line = new() { ["id"] = "Q", ["biometricData"] = Bodies.Samples(1) };
        using StringContent lines = new(
            line.ToJsonString(), System.Text.Encoding.UTF8, "application/x-ndjson");
        Assert.Equal(200, await http.PostAsync("/mc/v1/identify/own", lines).StatusAsync());
        Assert.Equal(404, await http.GetAsync("/mc/v1/galleries/prison").StatusAsync());
        Assert.Equal(200, await http.GetAsync("/mc/v1/galleries/own").StatusAsync());

        using (HttpClient stranger = new() { BaseAddress = http.BaseAddress })
        {
            Assert.Equal(401, await stranger.GetAsync(RunningServer.V1("galleries")).StatusAsync());
        }

        string text = await http.GetStringAsync(new Uri("/mc/v1/audit", UriKind.Relative));
        JsonNode[] rows =
            [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(row => JsonNode.Parse(row)!)];
        Assert.Equal("unchecked", (string)rows[^1]["caller"]!);
        rows = rows[..^1];
        Assert.Equal(
            ["createEncounter", "identify", "identify", "batchIdentify", "readGalleryState", "readGalleryState"],
            rows.Select(row => (string)row["operation"]!));
        Assert.All(rows, row => Assert.Equal(
            ("border-2026", 1L), ((string)row["agreement"]!["id"]!, (long)row["agreement"]!["version"]!)));
        Assert.All(rows.Where(row => row["refusal"] is null), row =>
            Assert.Equal("border-entry", (string?)row["purpose"]));
        Assert.Equal(nameof(FailureCode.GalleryNotGranted), (string)rows[2]["refusal"]!["name"]!);
    }

    [Fact]
    public async Task Rows_of_signatures_name_what_was_signed_and_by_whom()
    {
        using HttpClient anna = Administrator("anna");
        using HttpClient berta = Administrator("berta");
        JsonNode held = (await anna.GetAsync("/mc/v1/agreements/border-2026").OkAsync())["versions"]!
            .AsArray()[^1]!["agreement"]!;
        JsonNode proposed = await anna.PutAsync(
            "/mc/v1/agreements/border-2026/proposal", JsonContent.Create(held)).OkAsync();
        JsonObject approval = new() { ["version"] = 2, ["sha256"] = (string)proposed["sha256"]! };
        Assert.Equal(409, await anna.PostAsync(
            "/mc/v1/agreements/border-2026/approval", JsonContent.Create(approval)).StatusAsync());
        await berta.PostAsync("/mc/v1/agreements/border-2026/approval", JsonContent.Create(approval)).OkAsync();
        JsonObject reason = new() { ["reason"] = "misuse is suspected" };
        await anna.PostAsync("/mc/v1/agreements/border-2026/suspension", JsonContent.Create(reason)).OkAsync();

        string text = await anna.GetStringAsync(new Uri("/mc/v1/audit", UriKind.Relative));
        JsonNode[] rows =
            [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(row => JsonNode.Parse(row)!)];
        Assert.Equal(
            [
                ("readAgreement", "anna", 200, 0L), ("proposeAgreement", "anna", 200, 2L),
                ("approveAgreement", "anna", 409, 2L), ("approveAgreement", "berta", 200, 2L),
                ("suspendAgreement", "anna", 200, 1L),
            ],
            rows.Select(row => (
                (string)row["operation"]!, (string)row["subject"]!, (int)row["status"]!,
                (long)row["agreement"]!["version"]!)));
        Assert.All(rows, row => Assert.Equal("border-2026", (string?)row["agreement"]!["id"]));
    }

    private HttpClient Administrator(string person) => new()
    {
        BaseAddress = http.BaseAddress,
        DefaultRequestHeaders =
        {
            Authorization = new AuthenticationHeaderValue("Bearer", key.Sign(
                new TokenClaims("operator", "mc.admin mc.audit", person, TimeSpan.FromMinutes(5)),
                TimeProvider.System.GetUtcNow())),
        },
    };
}
