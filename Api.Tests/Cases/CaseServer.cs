using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MatchCluster.Api.Http.Access;
using MatchCluster.Matching.Governance;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Uses;
using Microsoft.Extensions.DependencyInjection;

namespace MatchCluster.Api.Tests.Cases;

/// <summary>
/// A server with development tokens whose gallery "watchlist" belongs to police-c and is searched by border-a, and
/// with two people in it.
/// </summary>
public sealed class CaseServer : IAsyncLifetime
{
    public const string Gallery = "watchlist";

    private readonly string directory = Directory.CreateTempSubdirectory("matchcluster-test-").FullName;
    private DevelopmentKey key = null!;

    public RunningServer Server { get; private set; } = null!;

    public string Folder => directory;

    public async Task InitializeAsync()
    {
        string path = Path.Combine(directory, "key.pem");
        key = DevelopmentKey.Open(path);
        Server = await RunningServer.StartAsync(
            new AccessSettings
            {
                Tokens = new TokenSettings(DevelopmentKey.Issuer, DevelopmentKey.Audience,
                    KeySource.Of(path + DevelopmentKey.PublicSuffix, TimeProvider.System)),
            },
            directory);
        Agreements agreements = Server.App.Services.GetRequiredService<Agreements>();
        SignedResult policy = await agreements.Galleries.ProposeAsync(
            new GalleryPolicy { Id = Gallery, Owner = "police-c" }, "anna", default);
        await agreements.Galleries.ApproveAsync(Gallery, policy.Version, "berta", default);
        await SignAsync(agreements, Of("border-a", ReleaseProfile.Full));
        await SignAsync(agreements, Of("visa-b", ReleaseProfile.Scores));
        await SignAsync(agreements, Of("asylum-e", ReleaseProfile.Full) with { NoRetain = true });
        await SignAsync(agreements, Of("police-c", ReleaseProfile.Full) with { Administer = [Gallery] });
        for (int person = 1; person <= 2; person++)
        {
            await SendAsync(
                HttpMethod.Post, RunningServer.V1($"persons/P-{person}/encounters/E-1"),
                Token("police-c", "abis.encounter.write"),
                Bodies.Encounter(Gallery, Bodies.Samples(person))).OkAsync();
        }
    }

    public async Task DisposeAsync()
    {
        await Server.DisposeAsync();
        key.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    /// <summary>A token of a program, or of a natural person.</summary>
    public string Token(string partner, string scopes, string? person = null) => key.Sign(
        new TokenClaims(partner, scopes, person, TimeSpan.FromHours(1)), TimeProvider.System.GetUtcNow());

    /// <summary>A token of a person who decides.</summary>
    public string Decider(string partner, string person) => Token(partner, "mc.case.read mc.decide", person);

    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, string token, JsonNode? body = null)
    {
        using HttpRequestMessage request = new(method, path)
        {
            Content = body is null ? null : JsonContent.Create(body),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await Server.Http.SendAsync(request);
    }

    public Task<HttpResponseMessage> GetAsync(string path, string token) => SendAsync(HttpMethod.Get, path, token);

    /// <summary>Searches for a person who is on the watchlist; the id of the case.</summary>
    public async Task<string> SearchAsync(string partner = "border-a", int person = 1)
    {
        using HttpResponseMessage answer = await SendAsync(
            HttpMethod.Post, RunningServer.V1($"identify/{Gallery}?threshold=40"), Token(partner, "abis.identify"),
            Bodies.Identify(Bodies.Samples(person, 1)));
        string id = answer.Headers.GetValues("MC-Case").Single();
        JsonNode candidate = (await answer.JsonAsync())[0]!;
        Assert.Equal(id, (string?)candidate["others"]!["case"]);
        return id;
    }

    public Task<HttpResponseMessage> DecideAsync(
        string id, string token, string decision = "SAME", JsonArray? probe = null)
    {
        JsonObject body = new() { ["rank"] = 1, ["decision"] = decision, ["reason"] = "ridges seen" };
        if (probe is not null)
        {
            body["biometricData"] = probe;
        }

        return SendAsync(HttpMethod.Post, $"/mc/v1/cases/{id}/decisions", token, body);
    }

    private static Agreement Of(string partner, ReleaseProfile release) => new()
    {
        Id = partner + "-1",
        Partner = partner,
        Purposes = ["border-entry"],
        Modalities = [Modality.Finger, Modality.Iris],
        Search = [Gallery],
        Release = release,
        MaxCandidates = 10,
        ValidFrom = DateTimeOffset.UnixEpoch,
        ValidTo = new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero),
        Phase = AgreementPhase.Live,
        LegalBasis = "Treaty of Nowhere, article 1",
    };

    private static async Task SignAsync(Agreements agreements, Agreement agreement)
    {
        SignedResult proposed = await agreements.Partners.ProposeAsync(agreement, "anna", default);
        Assert.Null(proposed.Refusal);
        Assert.Null((await agreements.Partners.ApproveAsync(
            agreement.Id, proposed.Version, "berta", default)).Refusal);
    }
}
