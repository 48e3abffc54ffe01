using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using MatchCluster.Api.Hosting;
using MatchCluster.Api.Options;
using MatchCluster.Api.Tests.Access;
using MatchCluster.Matching.Audit;
using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Storage;
using Microsoft.Extensions.Logging;

namespace MatchCluster.Api.Tests.Administration;

/// <summary>A real server that checks callers, keeps agreements and records uses.</summary>
public sealed class GovernedServer : IAsyncLifetime, IAsyncDisposable
{
    /// <summary>Every scope of a partner's program.</summary>
    public const string PartnerScopes =
        "abis.identify abis.verify abis.encounter.read abis.encounter.write abis.gallery.read mc.identify mc.enrol "
        + "mc.explain mc.agreement.read";

    private readonly string directory = Directory.CreateTempSubdirectory("governed-").FullName;
    private readonly TestIssuer issuer = new();
    private readonly List<HttpClient> clients = [];
    private Server server = null!;

    /// <summary>Changes that each gallery's log keeps, in a store on the disk; null keeps people in memory.</summary>
    public int? ChangesKept { get; init; }

    /// <summary>The master key that the store, on the disk, is encrypted with; null encrypts nothing.</summary>
    public MasterKeySource? MasterKey { get; init; }

    public Uri Url => new(server.Urls.First());

    internal Server Server => server;

    public async Task InitializeAsync()
    {
        ServerOptions options = new()
        {
            Data = directory,
            Urls = "http://127.0.0.1:0",
            Threads = 2,
            Access = issuer.Settings(),
            KeepsAgreements = true,
            Audit = new AuditSettings(Every: 1000),
        };
        IGalleryStore store = MasterKey is not null
            ? await SqliteGalleryStore.OpenAsync(directory, 2, 2, default, MasterKey)
            : ChangesKept is not { } kept ? new MemoryGalleryStore(2)
            : await SqliteGalleryStore.OpenAsync(directory, 2, 2, default, changesKept: kept);
        server = await Server.StartAsync(store, options, LogLevel.None, CancellationToken.None);
        await server.Loaded;
    }

    async Task IAsyncLifetime.DisposeAsync() => await DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        clients.ForEach(client => client.Dispose());
        await server.DisposeAsync();
        issuer.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    /// <summary>A token of a partner's program, or of a natural person.</summary>
    public string TokenOf(string partner, string scopes, string? person = null) => issuer.Token(scopes, token =>
    {
        token.Claims["client_id"] = partner;
        token.Claims["sub"] = person ?? partner;
        if (person is not null)
        {
            token.Claims["auth_time"] = 1_790_000_000;
        }
    });

    /// <summary>A client that sends such a token and these headers.</summary>
    public HttpClient As(
        string partner, string scopes = PartnerScopes, string? person = null,
        params (string Name, string Value)[] headers)
    {
        HttpClient client = new() { BaseAddress = Url };
        client.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Bearer", TokenOf(partner, scopes, person));
        foreach ((string name, string value) in headers)
        {
            client.DefaultRequestHeaders.TryAddWithoutValidation(name, value);
        }

        clients.Add(client);
        return client;
    }

    /// <summary>An administrator.</summary>
    public HttpClient Person(string name) => As("operator", "mc.admin", name);

    /// <summary>Signs a document by two administrators.</summary>
    /// <param name="path">Its path under /mc/v1.</param>
    /// <param name="document">What it says.</param>
    public async Task SignAsync(string path, JsonObject document)
    {
        JsonNode proposed = await Person("anna").PutAsync(
            $"/mc/v1/{path}/proposal", JsonContent.Create(document)).OkAsync();
        await Person("berta").PostAsync($"/mc/v1/{path}/approval", ApprovalOf(proposed)).OkAsync();
    }

    public Task SignAgreementAsync(JsonObject agreement) =>
        SignAsync($"agreements/{(string)agreement["id"]!}", agreement);

    public Task SignPolicyAsync(string gallery, string owner) =>
        SignAsync($"gallery-policies/{gallery}", new JsonObject { ["id"] = gallery, ["owner"] = owner });

    /// <summary>The approval of what was answered to a proposal.</summary>
    public static JsonContent ApprovalOf(JsonNode proposed) => JsonContent.Create(new JsonObject
    {
        ["version"] = (long)proposed["version"]!,
        ["sha256"] = (string)proposed["sha256"]!,
    });

    /// <summary>An agreement of a partner that searches the watchlist by fingers; members replace its own.</summary>
    public static JsonObject Agreement(string partner, params (string Name, JsonNode? Value)[] changed)
    {
        JsonObject agreement = new()
        {
            ["id"] = $"{partner}-2026",
            ["partner"] = partner,
            ["purposes"] = new JsonArray("border-entry", "test"),
            ["modalities"] = new JsonArray("finger"),
            ["search"] = new JsonArray("watchlist"),
            ["enrol"] = new JsonArray("visa-b"),
            ["minThreshold"] = 40,
            ["maxCandidates"] = 3,
            ["release"] = "scores",
            ["priorityCap"] = 5,
            ["validFrom"] = "2020-01-01",
            ["validTo"] = "2999-01-01T00:00:00+01:00",
            ["phase"] = "live",
            ["legalBasis"] = "Treaty of Nowhere, article 1",
        };
        foreach ((string name, JsonNode? value) in changed)
        {
            agreement[name] = value;
        }

        return agreement;
    }

    /// <summary>The rows of the audit log.</summary>
    public async Task<JsonNode[]> RowsAsync()
    {
        string text = await As("operator", "mc.audit").GetStringAsync("/mc/v1/audit?limit=10000");
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)
            .Where(row => (string)row["operation"]! != "readAudit")];
    }

    /// <summary>The answers to the lines of a stream.</summary>
    public static async Task<JsonNode[]> StreamAsync(HttpClient client, string path, params JsonObject[] lines)
    {
        using StringContent sent = new(
            string.Join('\n', lines.Select(line => line.ToJsonString())), Encoding.UTF8, "application/x-ndjson");
        using HttpResponseMessage answer = await client.PostAsync(path, sent);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
    }
}
