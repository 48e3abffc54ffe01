using System.Net.Http.Headers;
using MatchCluster.Api.Hosting;
using MatchCluster.Api.Options;
using MatchCluster.Api.Tests.Access;
using MatchCluster.Matching.Governance;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Uses;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MatchCluster.Api.Tests.Jobs;

/// <summary>What of a job's results leaves after its agreement has changed.</summary>
public sealed class JobReleaseTests : IAsyncLifetime
{
    private const string Partner = "police-c";

    private readonly string directory = Directory.CreateTempSubdirectory("matchcluster-test-").FullName;
    private readonly TestIssuer issuer = new();
    private Server server = null!;
    private HttpClient http = null!;

    public async Task InitializeAsync()
    {
        ServerOptions options = new()
        {
            Data = directory,
            Urls = "http://127.0.0.1:0",
            Threads = 2,
            Access = issuer.Settings(),
            KeepsAgreements = true,
        };
        server = await Server.StartAsync(new MemoryGalleryStore(2), options, LogLevel.None, CancellationToken.None);
        await server.Loaded;
        http = new HttpClient { BaseAddress = new Uri(server.Urls.First()) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", issuer.Token("abis.encounter.write mc.identify mc.jobs", token =>
                token.Claims["client_id"] = Partner));
        await SignAsync(ReleaseProfile.Full);
        http.DefaultRequestHeaders.Add("MC-Purpose", "visa");
        await http.EnrolAsync("P1", 1);
        await http.EnrolAsync("P1-again", 1, impression: 1);
    }

    public async Task DisposeAsync()
    {
        http.Dispose();
        await server.DisposeAsync();
        issuer.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Results_leave_only_as_far_as_the_agreement_of_now_releases_them()
    {
        string lines = await http.BeginAsync("batch-identify", "personId\nP1\n", "text/csv").IdAsync();
        Assert.Equal("done", (string)(await http.EndAsync(lines))["state"]!);
        string pairs = (string)(await http.PostAsync(
            "/mc/v1/jobs?kind=deduplicate&galleryId=G&threshold=30", null).AnswerAsync())["jobId"]!;
        Assert.Equal("done", (string)(await http.EndAsync(pairs))["state"]!);

        // Whoever reads need not say again for what the job was begun.
        http.DefaultRequestHeaders.Remove("MC-Purpose");
        Assert.Contains("P1", await ReadAsync(lines, "results", 200));
        Assert.Contains("P1-again", await ReadAsync(pairs, "results", 200));

        await SignAsync(ReleaseProfile.Hit);
        foreach (string read in (string[])["results", "results?format=csv", "report"])
        {
            Assert.Contains("1216", await ReadAsync(lines, read, 403), StringComparison.Ordinal);
            Assert.DoesNotContain("P1", await ReadAsync(pairs, read, 200));
        }

        await SignAsync(ReleaseProfile.Full);
        Assert.Contains("P1", await ReadAsync(lines, "results", 200));

        // Another agreement of the partner, of several purposes, opens nothing that the suspended one closed.
        await SignAsync(ReleaseProfile.Full, "other", "elsewhere");
        await server.App.Services.GetRequiredService<Agreements>().SuspendAsync("with-1", "r", "anna", default);
        foreach (string job in (string[])[lines, pairs])
        {
            foreach (string read in (string[])["results", "results?format=csv", "report"])
            {
                await ReadAsync(job, read, 403);
            }
        }
    }

    private async Task<string> ReadAsync(string job, string what, int status)
    {
        using HttpResponseMessage answer = await http.GetAsync($"/mc/v1/jobs/{job}/{what}");
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == status, $"{what}: {(int)answer.StatusCode}: {text}");
        return text;
    }

    private async Task SignAsync(ReleaseProfile release, string id = "with-1", string gallery = "G")
    {
        Agreements agreements = server.App.Services.GetRequiredService<Agreements>();
        SignedResult proposed = await agreements.Partners.ProposeAsync(
            new Agreement
            {
                Id = id,
                Partner = Partner,
                Purposes = ["test", "visa"],
                Modalities = [Modality.Finger, Modality.Iris],
                Search = [gallery],
                Administer = [gallery],
                Release = release,
                ValidFrom = DateTimeOffset.UnixEpoch,
                ValidTo = DateTimeOffset.MaxValue,
                Phase = AgreementPhase.Live,
                LegalBasis = "Treaty of Nowhere",
            },
            "anna", default);
        Assert.Null(proposed.Refusal);
        Assert.Null((await agreements.Partners.ApproveAsync(id, proposed.Version, "berta", default)).Refusal);
    }
}
