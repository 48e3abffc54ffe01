using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MatchCluster.Api.Tests;
using MatchCluster.Grains.Tests.Redis;
using StackExchange.Redis;

namespace MatchCluster.Grains.Tests.Processes;

/// <summary>Two front ends of an encrypted cluster that keeps agreements: what one does acts at the other.</summary>
public sealed class CasesOfClusterTests : IDisposable
{
    private const string Gallery = "watchlist";

    private readonly string directory = Directory.CreateTempSubdirectory("matchcluster-test-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [SkippableFact]
    public async Task A_case_that_one_front_end_opened_is_compared_and_decided_at_the_other()
    {
        string master = Path.Combine(directory, "master.key");
        await File.WriteAllTextAsync(master, Convert.ToBase64String(new byte[32]));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(master, UnixFileMode.UserRead);
        }

        const string Scopes = "mc.admin mc.case.read mc.decide abis.encounter.write";
        string anna = await TokenAsync("police-c", Scopes, "--person", "anna");
        string berta = await TokenAsync("police-c", Scopes, "--person", "berta");
        string border = await TokenAsync("border-a", "abis.identify");
        await using RedisServer redis = await RedisServer.StartAsync();
        await using MemberProcess silo = MemberProcess.Start(
            "silo-1", "Silo", redis.Port, "--partitions", "2", "--master-key", master);
        string[] said =
            ["--cluster", "--development-key", KeyFile, "--agreements", "true", "--master-key", master];
        await using MemberProcess one = MemberProcess.Start("api-1", "Api", redis.Port, said);
        await using MemberProcess other = MemberProcess.Start("api-2", "Api", redis.Port, said);
        using HttpClient here = new() { BaseAddress = await one.AddressAsync() };
        using HttpClient there = new() { BaseAddress = await other.AddressAsync() };

        await SignAsync(here, "gallery-policies", new() { ["id"] = Gallery, ["owner"] = "police-c" }, anna, berta);
        JsonObject own = Agreement("police-c");
        own["administer"] = new JsonArray(Gallery);
        await SignAsync(here, "agreements", own, anna, berta);
        await OkAsync(there, HttpMethod.Post, "/v1/persons/P-1/encounters/E-1?transactionId=T1", anna,
            Bodies.Encounter(Gallery, Bodies.Samples(1)));

        // Proposed from a shell at one, approved at the other: it acts on the next request of the first one.
        Assert.Equal(HttpStatusCode.Forbidden, (await SearchAsync(here, border)).Status);
        string file = Path.Combine(directory, "border-a.json");
        await File.WriteAllTextAsync(file, Agreement("border-a").ToJsonString());
        await RunApiAsync("agreements", "propose", file, "--token", FileOf(anna), "--server", $"{here.BaseAddress}");
        await RunApiAsync(
            "agreements", "approve", "border-a-1", "1", "--token", FileOf(berta), "--server", $"{there.BaseAddress}");
        (HttpStatusCode status, string? id) = await SearchAsync(here, border);
        Assert.Equal(HttpStatusCode.OK, status);

        JsonNode seen = await OkAsync(there, HttpMethod.Get, $"/mc/v1/cases/{id}", anna);
        Assert.Equal(("OPEN", "KEPT"), ((string?)seen["state"], (string?)seen["probe"]));
        JsonNode compared = await OkAsync(
            there, HttpMethod.Post, $"/mc/v1/cases/{id}/comparisons", anna, new JsonObject { ["rank"] = 1 });
        Assert.Equal("P-1", (string?)compared["personId"]);
        await using (ConnectionMultiplexer connection = await redis.ConnectAsync(redis.Port))
        {
            RedisKey key = Assert.Single(
                connection.GetServers().SelectMany(server => server.Keys(pattern: "*:probes:*")));
            byte[] bytes = (await connection.GetDatabase().StringGetAsync(key))!;
            Assert.All(
                Bodies.Samples(1, 1).Select(item => Convert.FromBase64String((string)item!["template"]!)),
                template => Assert.True(bytes.AsSpan().IndexOf(template.AsSpan(template.Length / 2, 16)) < 0));
        }

        JsonObject decision = new() { ["rank"] = 1, ["decision"] = "SAME", ["reason"] = "ridges seen" };
        string decisions = $"/mc/v1/cases/{id}/decisions";
        Assert.Equal("OPEN", (string?)(await OkAsync(there, HttpMethod.Post, decisions, anna, decision))["state"]);
        Assert.Equal("CONFIRMED", (string?)(await OkAsync(here, HttpMethod.Post, decisions, berta, decision))["state"]);
        Assert.Equal(
            "CONFIRMED", (string?)(await OkAsync(there, HttpMethod.Get, $"/mc/v1/cases/{id}", anna))["state"]);
    }

    private string KeyFile => Path.Combine(directory, "key.pem");

    private static JsonObject Agreement(string partner) => new()
    {
        ["id"] = partner + "-1",
        ["partner"] = partner,
        ["purposes"] = new JsonArray("border-entry"),
        ["modalities"] = new JsonArray("finger", "iris"),
        ["search"] = new JsonArray(Gallery),
        ["release"] = "full",
        ["maxCandidates"] = 10,
        ["validFrom"] = "2020-01-01",
        ["validTo"] = "2100-01-01",
        ["phase"] = "live",
        ["legalBasis"] = "Treaty of Nowhere, article 1",
    };

    private static async Task SignAsync(
        HttpClient http, string resource, JsonObject document, string proposer, string approver)
    {
        string path = $"/mc/v1/{resource}/{(string)document["id"]!}";
        JsonNode proposed = await OkAsync(http, HttpMethod.Put, path + "/proposal", proposer, document);
        await OkAsync(http, HttpMethod.Post, path + "/approval", approver, new JsonObject
        {
            ["version"] = (long)proposed["version"]!,
            ["sha256"] = (string?)proposed["sha256"],
        });
    }

    private static async Task<(HttpStatusCode Status, string? Case)> SearchAsync(HttpClient http, string token)
    {
        using HttpResponseMessage answer = await SendAsync(
            http, HttpMethod.Post, $"/v1/identify/{Gallery}?threshold=40&transactionId=T2", token,
            Bodies.Identify(Bodies.Samples(1, 1)));
        return (
            answer.StatusCode,
            answer.Headers.TryGetValues("MC-Case", out IEnumerable<string>? values) ? values.Single() : null);
    }

    private static async Task<JsonNode> OkAsync(
        HttpClient http, HttpMethod method, string path, string token, JsonNode? body = null)
    {
        using HttpResponseMessage answer = await SendAsync(http, method, path, token, body);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {answer.StatusCode} {text}");
        return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
    }

    private static async Task<HttpResponseMessage> SendAsync(
        HttpClient http, HttpMethod method, string path, string token, JsonNode? body)
    {
        using HttpRequestMessage request = new(method, path)
        {
            Content = body is null ? null : JsonContent.Create(body),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await http.SendAsync(request);
    }

    private string FileOf(string token)
    {
        string path = Path.Combine(directory, Path.GetRandomFileName());
        File.WriteAllText(path, token);
        return path;
    }

    private Task<string> TokenAsync(string partner, string scopes, params string[] more) => RunApiAsync(
        ["token", "--key", KeyFile, "--partner", partner, "--scopes", scopes, .. more]);

    private static async Task<string> RunApiAsync(params string[] arguments)
    {
        using Process command = Process.Start(new ProcessStartInfo(
            MemberProcess.DotNet,
            ["exec", Path.Combine(AppContext.BaseDirectory, "MatchCluster.Api.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
        })!;
        string output = await command.StandardOutput.ReadToEndAsync();
        await command.WaitForExitAsync();
        Assert.Equal(0, command.ExitCode);
        return output.Trim();
    }
}
