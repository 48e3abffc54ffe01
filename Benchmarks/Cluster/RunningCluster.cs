using MatchCluster.Benchmarks.Runner;
using MatchCluster.Grains.Clients;
using MatchCluster.Grains.Members;
using MatchCluster.Grains.Redis;
using MatchCluster.Grains.Silos;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using Microsoft.Extensions.Configuration;
using StackExchange.Redis;

namespace MatchCluster.Benchmarks.Cluster;

/// <summary>Redis and silos as processes; this process is the front end, as Api is.</summary>
internal sealed class RunningCluster : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly ProgramProcess redisServer;
    private readonly ConnectionMultiplexer redis;
    private readonly IConfiguration settings;
    private readonly MemberOptions options;
    private readonly int port;
    private readonly int partitions;
    private readonly List<ProgramProcess> silos = [];
    private RunningMember? member;
    private ClusterFrontEnd? frontEnd;

    private RunningCluster(
        ProgramProcess redisServer, ConnectionMultiplexer redis, IGalleryStore store, IConfiguration settings,
        MemberOptions options, int port, int partitions)
    {
        this.redisServer = redisServer;
        this.redis = redis;
        this.settings = settings;
        this.options = options;
        this.port = port;
        this.partitions = partitions;
        Store = store;
    }

    /// <summary>The gallery's store, which the silos open too.</summary>
    public IGalleryStore Store { get; }

    public GrainDirectory Directory => frontEnd!.Directory;

    /// <summary>
    /// Processor time of this process and of every silo: what neighbours on the machine take is not in it.
    /// </summary>
    public TimeSpan Cpu => silos.Aggregate(Environment.CpuUsage.TotalTime, (sum, silo) => sum + silo.Cpu);

    /// <summary>Partitions of the silo that was added last.</summary>
    public int OwnedByLast => Owned(silos.Count - 1);

    /// <summary>Whether nothing is placed on a silo that was killed.</summary>
    public bool IsLastGone => Owned(silos.Count) == 0;

    public static async Task<RunningCluster> StartAsync(DirectoryInfo folder, int partitions, CancellationToken cancel)
    {
        int port = ProgramProcess.FreePort();
        ProgramProcess server = StartRedis(folder.FullName, port);
        IConfiguration settings = new ConfigurationBuilder().AddInMemoryCollection(
        [
            KeyValuePair.Create(MemberKeys.Redis, (string?)$"127.0.0.1:{port}"),
            KeyValuePair.Create(MemberKeys.SiloPort, (string?)"0"),
        ]).Build();
        MemberOptions options = MemberOptions.Read(settings, defaultName: "benchmark");
        ConnectionMultiplexer redis = await RedisConnection.OpenAsync(options.Redis, options.Name, () => { }, cancel);
        RedisGalleryStore store = await RedisGalleryStore.OpenAsync(
            redis, options.Store, partitions, partitions, cancel);
        return new RunningCluster(server, redis, store, settings, options, port, partitions);
    }

    /// <summary>Starts one more; returns when its share is loaded there and every partition answers.</summary>
    public async Task AddSiloAsync(int threads, CancellationToken cancel)
    {
        silos.Add(StartSilo(NameOf(silos.Count), port, partitions, threads));
        if (member is null)
        {
            member = await RunningMember.StartAsync(
                options, settings, redis, silo => silo.AddMatchClusterFrontEnd(), _ => { }, Patience, cancel);
            frontEnd = await ClusterFrontEnd.ConnectAsync(member.Services, Patience, _ => { }, cancel);
        }

        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        late.CancelAfter(Patience);
        int share = partitions / silos.Count;
        IReadOnlyList<PartitionStatus> heard;
        do
        {
            // Where a partition is, is known from its last answer.
            await Task.Delay(Look, late.Token);
            heard = await Directory.StatusAllAsync(late.Token);
        }
        while (OwnedByLast < share || heard.Any(one => one.State != PartitionState.Ready));
    }

    public void KillLast()
    {
        silos[^1].Dispose();
        silos.RemoveAt(silos.Count - 1);
    }

    public async ValueTask DisposeAsync()
    {
        silos.ForEach(silo => silo.Dispose());
        if (member is not null)
        {
            await member.DisposeAsync();
        }

        await Store.DisposeAsync();
        await redis.DisposeAsync();
        redisServer.Dispose();
    }

    /// <summary>Redis as docs/cluster.md starts it.</summary>
    private static ProgramProcess StartRedis(string folder, int port) => new(
        "redis", "redis-server",
        [
            "--port", $"{port}", "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--appendonly", "yes",
            "--appendfsync", "always",
        ]);

    private static ProgramProcess StartSilo(string name, int redis, int partitions, int threads) => new(
        name, ProgramProcess.DotNet,
        [
            "exec", Path.Combine(AppContext.BaseDirectory, "MatchCluster.Silo.dll"), "--redis", $"127.0.0.1:{redis}",
            "--name", name, "--port", "0", "--urls", "http://127.0.0.1:0", "--partitions", $"{partitions}",
            "--threads", $"{threads}",
        ]);

    private static string NameOf(int silo) => $"silo-{silo}";

    private int Owned(int silo) => Enumerable.Range(0, partitions)
        .Count(partition => Directory.SiloOf(new PartitionId(partition)) == NameOf(silo));
}
