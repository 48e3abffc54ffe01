using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MatchCluster.Grains.Tests.Redis;

namespace MatchCluster.Grains.Tests.Processes;

/// <summary>
/// Silos and front ends over one Redis, any of which is killed (SIGKILL) when a test says so; another one takes its
/// place. Callers ask until they are answered, each time at the next front end, as gateways do.
/// </summary>
internal sealed class KilledCluster : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly RedisServer redis;
    private readonly string[] siloSettings;
    private readonly string[] frontSettings;
    private readonly List<MemberProcess> silos = [];
    private readonly List<MemberProcess> fronts = [];
    private readonly List<HttpClient> made = [];
    private HttpClient[] clients = [];
    private int started;
    private int asked;

    private KilledCluster(RedisServer redis, string[] siloSettings, string[] frontSettings)
    {
        this.redis = redis;
        this.siloSettings = siloSettings;
        this.frontSettings = frontSettings;
    }

    /// <summary>How often somebody had to ask again.</summary>
    public int AskedAgain { get; private set; }

    /// <summary>A front end that runs.</summary>
    public HttpClient Front => Volatile.Read(ref clients)[0];

    /// <summary>Starts them; returns when everybody can be searched.</summary>
    public static async Task<KilledCluster> StartAsync(
        int silos, int fronts, string[] siloSettings, string[] frontSettings)
    {
        KilledCluster cluster = new(await RedisServer.StartAsync(), siloSettings, frontSettings);
        try
        {
            cluster.silos.AddRange(Enumerable.Range(0, silos).Select(_ => cluster.StartSilo()));
            cluster.fronts.AddRange(Enumerable.Range(0, fronts).Select(_ => cluster.StartFront()));
            cluster.clients = await Task.WhenAll(cluster.fronts.Select(cluster.ClientAsync));
            Stopwatch waited = Stopwatch.StartNew();
            while (!(await cluster.Front.GetStringAsync("/health")).Contains("\"ready\"", StringComparison.Ordinal))
            {
                Assert.True(waited.Elapsed < Patience, "the cluster does not become ready");
                await Task.Delay(Pause);
            }

            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Kills a silo or a front end, and starts another one in its place.</summary>
    /// <returns>Which.</returns>
    public async Task<string> KillOneAsync(Random random)
    {
        int victim = random.Next(silos.Count + fronts.Count);
        if (victim < silos.Count)
        {
            await using (MemberProcess silo = silos[victim])
            {
                await silo.KillAsync();
            }

            silos[victim] = StartSilo();
            await silos[victim].AddressAsync();
            return "silo";
        }

        int front = victim - silos.Count;
        await using (MemberProcess killed = fronts[front])
        {
            await killed.KillAsync();
        }

        fronts[front] = StartFront();
        HttpClient[] now = [.. clients];
        now[front] = await ClientAsync(fronts[front]);
        Volatile.Write(ref clients, now);
        return "front end";
    }

    /// <summary>Asks one front end after the other until there is an answer.</summary>
    /// <param name="method">GET, POST, PUT or DELETE.</param>
    /// <param name="path">The path with its query.</param>
    /// <param name="body">What is sent; null for nothing.</param>
    /// <param name="also">A status that is an answer as 2xx are.</param>
    public async Task<JsonNode?> AskAsync(HttpMethod method, string path, JsonNode? body = null, int also = 200)
    {
        Stopwatch waited = Stopwatch.StartNew();
        string last = "";
        while (waited.Elapsed < Patience)
        {
            HttpClient[] all = Volatile.Read(ref clients);
            using HttpRequestMessage request = new(method, path)
            {
                Content = body is null ? null : JsonContent.Create(body),
            };
            request.Headers.Add("MatchCluster-Deadline-Ms", "10000");
            try
            {
                using HttpResponseMessage answer =
                    await all[Interlocked.Increment(ref asked) % all.Length].SendAsync(request);
                string text = await answer.Content.ReadAsStringAsync();
                if (answer.IsSuccessStatusCode || (int)answer.StatusCode == also)
                {
                    return text.Length == 0 ? null : JsonNode.Parse(text);
                }

                last = $"{(int)answer.StatusCode}: {text}";
                Assert.True(
                    answer.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests
                        or HttpStatusCode.GatewayTimeout,
                    $"{method} {path}: {last}");
            }
            catch (Exception gone) when (gone is HttpRequestException or IOException or OperationCanceledException)
            {
                last = gone.Message;
            }

            AskedAgain++;
            await Task.Delay(Pause);
        }

        throw new TimeoutException($"{method} {path}: no answer within {Patience}, the last was {last}");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (MemberProcess member in (MemberProcess[])[.. fronts, .. silos])
        {
            await member.DisposeAsync();
        }

        made.ForEach(client => client.Dispose());
        await redis.DisposeAsync();
    }

    private MemberProcess StartSilo() =>
        MemberProcess.Start($"silo-{++started}", "Silo", redis.Port, siloSettings);

    private MemberProcess StartFront() =>
        MemberProcess.Start($"api-{++started}", "Api", redis.Port, ["--cluster", .. frontSettings]);

    private async Task<HttpClient> ClientAsync(MemberProcess front)
    {
        HttpClient client = new() { BaseAddress = await front.AddressAsync(), Timeout = TimeSpan.FromSeconds(30) };
        made.Add(client);
        return client;
    }
}
