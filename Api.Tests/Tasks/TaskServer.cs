using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MatchCluster.Api.Deliveries;
using MatchCluster.Api.Hosting;
using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Options;
using MatchCluster.Api.Tasks;
using MatchCluster.Matching.Audit;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Tasks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MatchCluster.Api.Tests.Tasks;

/// <summary>A real server that sends results to a receiver of the test.</summary>
internal sealed class TaskServer : IAsyncDisposable
{
    private readonly Server server;
    private readonly string own;

    private TaskServer(Server server, CallbackReceiver receiver, string own)
    {
        this.server = server;
        this.own = own;
        Receiver = receiver;
        Http = new HttpClient { BaseAddress = new Uri(server.Urls.First()) };
    }

    public HttpClient Http { get; }

    public CallbackReceiver Receiver { get; }

    public ITaskStore Store => server.App.Services.GetRequiredService<ITaskStore>();

    public string Url => server.Urls.First();

    /// <summary>Starts it; tasks are kept in memory where no directory is given.</summary>
    public static async Task<TaskServer> StartAsync(
        string? data = null, AccessSettings? access = null, TaskSettings? tasks = null, RetryPlan? plan = null,
        bool isAudited = false)
    {
        CallbackReceiver receiver = new();
        string own = Directory.CreateTempSubdirectory("matchcluster-tasks-").FullName;
        ServerOptions options = new()
        {
            Urls = "http://127.0.0.1:0",
            Threads = 2,
            Data = data ?? own,
            Access = access ?? AccessSettings.None,
            Audit = isAudited ? new AuditSettings() : null,
            Callbacks = new CallbackSettings
            {
                Servers = CallbackSettings.Read(receiver.Origin)!,
                Plan = plan ?? RetryPlan.Default with { First = TimeSpan.FromMilliseconds(10) },
            },
            Tasks = tasks ?? TaskSettings.Default,
        };
        IGalleryStore store = data is null ? new MemoryGalleryStore(RunningServer.Partitions)
            : await SqliteGalleryStore.OpenAsync(data, 2, 2, default);
        Server server = await Server.StartAsync(store, options, LogLevel.Warning, default);
        await server.Loaded;
        return new TaskServer(server, receiver, own);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await server.DisposeAsync();
        await Receiver.DisposeAsync();
        Directory.Delete(own, recursive: true);
    }

    /// <summary>Sends a call with a callback.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">The path under /v1, with a query or without.</param>
    /// <param name="body">The body; null for none.</param>
    /// <param name="transaction">The transaction.</param>
    public async Task<HttpResponseMessage> HandOverAsync(
        string method, string path, JsonNode? body, string transaction)
    {
        char joint = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        using HttpRequestMessage request = new(
            new HttpMethod(method), $"/v1/{path}{joint}transactionId={transaction}&callback={Receiver.Address}")
        {
            Content = body is null ? null : JsonContent.Create(body),
        };
        return await Http.SendAsync(request);
    }

    /// <summary>Hands a call over and says its task.</summary>
    public async Task<string> TaskAsync(string method, string path, JsonNode? body, string transaction)
    {
        using HttpResponseMessage response = await HandOverAsync(method, path, body, transaction);
        string text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == 202, $"{(int)response.StatusCode}: {text}");
        JsonObject answer = JsonNode.Parse(text)!.AsObject();
        Assert.Equal(["taskId"], answer.Select(pair => pair.Key));
        return (string)answer["taskId"]!;
    }

    /// <summary>Hands a call over and waits for its result.</summary>
    public async Task<Received> ResultAsync(string method, string path, JsonNode? body, string transaction) =>
        await Receiver.OfAsync(await TaskAsync(method, path, body, transaction));

    /// <summary>Waits until a task's status is this one.</summary>
    public async Task WaitAsync(string taskId, string status)
    {
        long started = Stopwatch.GetTimestamp();
        while (true)
        {
            string now = await Http.GetStringAsync($"/v1/tasks/{taskId}/status?transactionId=T");
            if (now == $"\"{status}\"")
            {
                return;
            }

            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(30), $"the status stays {now}");
            await Task.Delay(5);
        }
    }
}
