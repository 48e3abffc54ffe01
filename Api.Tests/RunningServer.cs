using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MatchCluster.Api.Hosting;
using MatchCluster.Api.Http;
using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Http.Images;
using MatchCluster.Api.Options;
using MatchCluster.Api.Osia.Protection;
using MatchCluster.Api.Searching;
using MatchCluster.Matching.Audit;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Uses;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MatchCluster.Api.Tests;

/// <summary>A real server on a free port of the loopback address, over a gallery in memory.</summary>
public sealed class RunningServer : IAsyncLifetime, IAsyncDisposable
{
    private Server? server;
    private WebApplication? front;
    private string? own;

    /// <summary>Partitions of the gallery in memory.</summary>
    public const int Partitions = 3;

    public HttpClient Http { get; private set; } = new();

    internal static async Task<RunningServer> StartAsync(
        IGalleryStore store, int searches = ApiLimits.ConcurrentSearches, long memoryBytes = 0, string? data = null)
    {
        RunningServer running = new();
        await running.BeginAsync(store, Admission.Default with { Places = searches }, memoryBytes, data: data);
        return running;
    }

    /// <summary>A whole server that does with pictures what the test says.</summary>
    internal static async Task<RunningServer> StartAsync(ImageSettings images)
    {
        RunningServer running = new();
        await running.BeginAsync(new MemoryGalleryStore(Partitions), Admission.Default, images: images);
        return running;
    }

    /// <summary>A whole server over a store, some of whose galleries keep pictures.</summary>
    internal static async Task<RunningServer> StartAsync(
        IGalleryStore store, string data, ImageSettings images, params string[] keepPictures)
    {
        RunningServer running = new();
        await running.BeginAsync(store, Admission.Default, images: images, data: data, keepPictures: keepPictures);
        return running;
    }

    /// <summary>A whole server over a store that keeps items which nothing here compares.</summary>
    internal static async Task<RunningServer> StartAsync(
        IGalleryStore store, string data, OpaqueLimits? opaque, params string[] keepPictures)
    {
        RunningServer running = new();
        await running.BeginAsync(store, Admission.Default, data: data, keepPictures: keepPictures, opaque: opaque);
        return running;
    }

    /// <summary>A whole server that checks callers; the client knows no credentials and trusts any server.</summary>
    internal static async Task<RunningServer> StartAsync(AccessSettings access, PayloadSettings? payload = null)
    {
        RunningServer running = new();
        await running.BeginAsync(
            new MemoryGalleryStore(Partitions), Admission.Default, access: access, payload: payload);
        return running;
    }

    /// <summary>A whole server with callers that keeps agreements, cases and an audit log in a directory.</summary>
    internal static async Task<RunningServer> StartAsync(
        AccessSettings access, string directory, IGalleryStore? store = null)
    {
        RunningServer running = new();
        await running.BeginAsync(
            store ?? new MemoryGalleryStore(Partitions), Admission.Default, access: access, governance: directory);
        return running;
    }

    /// <summary>The front end alone, over partitions of the test's own.</summary>
    internal static async Task<RunningServer> StartAsync(
        IPartitionDirectory partitions, Admission? admission = null, int searchesAtOnce = 4,
        ClusterView? cluster = null)
    {
        RunningServer running = new()
        {
            front = ServerApp.Build(new Backend(partitions, _ => ValueTask.FromResult(0L), searchesAtOnce, cluster),
                "http://127.0.0.1:0", LogLevel.Warning, admission ?? Admission.Default),
        };
        await running.front.StartAsync();
        running.Http.Dispose();
        running.Http = new HttpClient { BaseAddress = new Uri(running.front.Urls.First()) };
        return running;
    }

    public Task InitializeAsync() => BeginAsync(new MemoryGalleryStore(Partitions), Admission.Default);

    async Task IAsyncLifetime.DisposeAsync() => await DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (Interlocked.Exchange(ref front, null) is { } alone)
        {
            await alone.DisposeAsync();
        }

        if (Interlocked.Exchange(ref server, null) is { } whole)
        {
            await whole.DisposeAsync();
        }

        if (Interlocked.Exchange(ref own, null) is { } directory)
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    internal WebApplication App => front ?? server!.App;

    /// <summary>A part of the front end that stands alone.</summary>
    internal T Part<T>()
        where T : notnull => front!.Services.GetRequiredService<T>();

    /// <summary>A path under /v1 with a transaction id.</summary>
    public static string V1(string path) =>
        $"/v1/{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}transactionId=T1";

    public Task<HttpResponseMessage> PostAsync(string path, JsonNode? body) =>
        Http.PostAsync(V1(path), body is null ? null : JsonContent.Create(body));

    public Task<HttpResponseMessage> PutAsync(string path, JsonNode? body) =>
        Http.PutAsync(V1(path), body is null ? null : JsonContent.Create(body));

    public Task<HttpResponseMessage> GetAsync(string path) => Http.GetAsync(V1(path));

    public Task<HttpResponseMessage> DeleteAsync(string path) => Http.DeleteAsync(V1(path));

    private async Task BeginAsync(
        IGalleryStore store, Admission admission, long memoryBytes = 0, ImageSettings? images = null,
        AccessSettings? access = null, PayloadSettings? payload = null, string? data = null,
        string? governance = null, IReadOnlyList<string>? keepPictures = null, OpaqueLimits? opaque = null)
    {
        if (governance is null && data is null && store is not MemoryGalleryStore)
        {
            own = Directory.CreateTempSubdirectory("matchcluster-server-").FullName;
        }

        ServerOptions options = new()
        {
            KeepPictures = keepPictures ?? [],
            KeepOpaque = opaque,
            KeepsAgreements = governance is not null,
            Audit = governance is null ? null : new AuditSettings(),
            Urls = access?.Tls is null ? "http://127.0.0.1:0" : "https://127.0.0.1:0",
            Access = access ?? AccessSettings.None,
            Payload = payload,
            Threads = 2,
            Data = governance ?? data ?? own ?? ServerOptions.DefaultData,
            MemoryBytes = memoryBytes,
            Admission = admission,
            Images = images ?? ImageSettings.Default,
        };
        server = await Server.StartAsync(store, options, LogLevel.Warning, CancellationToken.None);
        await server.Loaded;
        Http.Dispose();
        Http = new HttpClient { BaseAddress = new Uri(server.Urls.First()) };
    }
}

internal static class AnswerExtensions
{
    public static async Task<JsonNode> JsonAsync(this HttpResponseMessage response) =>
        JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

    /// <summary>The JSON of an answer with status 200; anything else fails with what was answered.</summary>
    public static async Task<JsonNode> OkAsync(this Task<HttpResponseMessage> sent)
    {
        using HttpResponseMessage response = await sent;
        string text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == 200, $"{(int)response.StatusCode}: {text}");
        return JsonNode.Parse(text)!;
    }

    /// <summary>The status of an answer.</summary>
    public static async Task<int> StatusAsync(this Task<HttpResponseMessage> sent)
    {
        using HttpResponseMessage response = await sent;
        return (int)response.StatusCode;
    }

    /// <summary>The message of an OSIA Error with this status and code; other answers fail.</summary>
    internal static async Task<string> ErrorAsync(this Task<HttpResponseMessage> sent, int status, FailureCode code)
    {
        using HttpResponseMessage response = await sent;
        string text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode}: {text}");
        JsonObject error = JsonNode.Parse(text)!.AsObject();
        Assert.Equal(["code", "message"], error.Select(pair => pair.Key).Order());
        Assert.Equal((int)code, (int)error["code"]!);
        return (string)error["message"]!;
    }
}
