using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MatchCluster.Api.Hosting;
using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Options;
using MatchCluster.Api.Tests.Access;
using MatchCluster.Matching.Governance;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Uses;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MatchCluster.Api.Tests.Release;

/// <summary>Partners with agreements of different profiles, who ask the same gallery about the same person.</summary>
public sealed class PartnerReleaseTests : IAsyncLifetime
{
    private const string Owner = "police-c";
    private const string Gallery = "watchlist";

    private readonly string directory = Directory.CreateTempSubdirectory("partners-").FullName;
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
        foreach ((string partner, ReleaseProfile? release) in ((string, ReleaseProfile?)[])
            [
                (Owner, ReleaseProfile.Full), ("border-a", ReleaseProfile.Candidates),
                ("visa-b", ReleaseProfile.Candidates), ("bank-d", null),
            ])
        {
            await SignAsync(AgreementOf(partner, release));
        }

        await SendAsync(
            Owner, "persons/PERSON-1/encounters/E1", Bodies.Encounter(Gallery, Bodies.Samples(1)), null);
    }

    public async Task DisposeAsync()
    {
        http.Dispose();
        await server.DisposeAsync();
        issuer.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Each_partner_sees_its_own_id_of_a_person_and_the_owner_the_real_one()
    {
        string border = await FoundAsync("border-a");
        string visa = await FoundAsync("visa-b");
        Assert.Equal("PERSON-1", await FoundAsync(Owner));
        Assert.Equal(3, new[] { border, visa, "PERSON-1" }.Distinct().Count());
        Assert.Equal(border, await FoundAsync("border-a"));

        // The owner who asks for less is a partner as any other.
        string own = await FoundAsync(Owner, ReleaseProfile.Candidates);
        Assert.DoesNotContain(own, (string[])[border, visa, "PERSON-1"]);
    }

    [Fact]
    public async Task An_agreement_that_names_no_profile_releases_a_hit_whatever_the_call_asks()
    {
        foreach (ReleaseProfile? asked in (ReleaseProfile?[])[null, ReleaseProfile.Full])
        {
            JsonNode hit = Assert.Single((await IdentifyAsync("bank-d", asked)).AsArray())!;
            Assert.Equal("hit", (string?)hit["others"]!["release"]);
            Assert.Equal(0, (double)hit["score"]!);
            Assert.DoesNotContain("PERSON-1", hit.ToJsonString(), StringComparison.Ordinal);
        }
    }

    private async Task<string> FoundAsync(string partner, ReleaseProfile? asked = null) =>
        (string)(await IdentifyAsync(partner, asked))[0]!["personId"]!;

    private Task<JsonNode> IdentifyAsync(string partner, ReleaseProfile? asked) => SendAsync(
        partner, $"identify/{Gallery}?threshold=40", Bodies.Identify(Bodies.Samples(1, impression: 1)), asked);

    private async Task<JsonNode> SendAsync(string partner, string path, JsonNode body, ReleaseProfile? asked)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, RunningServer.V1(path))
        {
            Content = JsonContent.Create(body),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            issuer.Token("abis.identify abis.encounter.write", token => token.Claims["client_id"] = partner));
        if (asked is { } profile)
        {
            request.Headers.Add(StatedUse.ReleaseHeader, ReleaseWords.Of(profile));
        }

        return await http.SendAsync(request).OkAsync();
    }

    private async Task SignAsync(Agreement agreement)
    {
        Agreements agreements = server.App.Services.GetRequiredService<Agreements>();
        SignedResult proposed = await agreements.Partners.ProposeAsync(agreement, "anna", default);
        Assert.Null(proposed.Refusal);
        Assert.Null((await agreements.Partners.ApproveAsync(
            agreement.Id, proposed.Version, "berta", default)).Refusal);
    }

    private static Agreement AgreementOf(string partner, ReleaseProfile? release)
    {
        Agreement silent = new()
        {
            Id = partner,
            Partner = partner,
            Purposes = ["border-entry"],
            Modalities = [Modality.Finger, Modality.Iris],
            Search = [Gallery],
            Administer = partner == Owner ? [Gallery] : [],
            ValidFrom = DateTimeOffset.UnixEpoch,
            ValidTo = DateTimeOffset.MaxValue,
            Phase = AgreementPhase.Live,
            LegalBasis = "Treaty of Nowhere, article 1",
        };
        return release is { } profile ? silent with { Release = profile } : silent;
    }
}
