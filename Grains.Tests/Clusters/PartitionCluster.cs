using MatchCluster.Grains.Catalogue;
using MatchCluster.Grains.Clients;
using MatchCluster.Grains.Contracts;
using MatchCluster.Grains.Silos;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Storage;
using Orleans.TestingHost;

namespace MatchCluster.Grains.Tests.Clusters;

/// <summary>
/// Silos of real Orleans in this process, a client, and one store for them all. Messages are serialised
/// between them as between machines. A silo is named Silo_0, Silo_1 and so on.
/// </summary>
internal sealed class PartitionCluster : IAsyncDisposable
{

    private readonly InProcessTestCluster cluster;

    private PartitionCluster(MemoryGalleryStore store, InProcessTestCluster cluster)
    {
        Store = store;
        this.cluster = cluster;
    }

    public MemoryGalleryStore Store { get; }

    public IGrainFactory Client => cluster.Client;

    /// <summary>The first silo's own way into the cluster.</summary>
    public IGrainFactory FrontEnd => Silos.Single(silo => silo.Name == "Silo_0")
        .ServiceProvider.GetRequiredService<IGrainFactory>();

    public IReadOnlyList<InProcessSiloHandle> Silos => cluster.Silos;

    /// <param name="silos">Silos to start with.</param>
    /// <param name="partitions">Partitions of the store.</param>
    /// <param name="frontEnds">The first so many of them host no partition.</param>
    /// <param name="configure">More for every silo, by its name.</param>
    /// <param name="options">Sets how a silo takes part, by its name; one thread scans unless it says more.</param>
    /// <param name="partitionsOf">A silo with an empty store of its own and so many partitions.</param>
    /// <param name="opened">Told of every partition that a silo begins to own.</param>
    public static async Task<PartitionCluster> StartAsync(
        int silos, int partitions, int frontEnds = 0, Action<string, ISiloBuilder>? configure = null,
        Action<string, ClusterSiloOptions>? options = null, Func<string, int?>? partitionsOf = null,
        Action<int>? opened = null)
    {
        MemoryGalleryStore store = new(partitions);
        SharedGrainStorage catalogue = new();
        InProcessTestClusterBuilder builder = new((short)silos);
        builder.Options.AssumeHomogenousSilosForTesting = false;
        builder.Options.ConfigureFileLogging = false;
        string[] members = [.. Enumerable.Range(0, frontEnds).Select(number => $"Silo_{number}")];
        builder.ConfigureSilo((its, silo) =>
        {
            silo.Configure<ClusterMembershipOptions>(membership =>
            {
                membership.ProbeTimeout = TimeSpan.FromMilliseconds(500);
                membership.NumMissedProbesLimit = 2;
                membership.NumVotesForDeathDeclaration = 1;
            });
            configure?.Invoke(its.SiloName, silo);
            silo.Services.AddKeyedSingleton<IGrainStorage>(ICatalogueGrain.StorageName, catalogue);
            _ = members.Contains(its.SiloName)
                ? silo.AddMatchClusterFrontEnd()
                : silo.AddMatchClusterPartitions(
                    _ => partitionsOf?.Invoke(its.SiloName) is { } other
                        ? new MemoryGalleryStore(other) : new SharedStore(store, opened),
                    part =>
                    {
                        part.Threads = 1;
                        options?.Invoke(its.SiloName, part);
                    });
        });
        PartitionCluster started = new(store, builder.Build());
        await started.cluster.DeployAsync();
        return started;
    }

    public async Task<GrainDirectory> ReadyAsync()
    {
        GrainDirectory directory = await GrainDirectory.ConnectAsync(Client);
        await ReadyAsync(directory);
        return directory;
    }

    /// <summary>Every partition is asked until it is loaded.</summary>
    public static async Task ReadyAsync(GrainDirectory directory)
    {
        foreach (IPartition partition in directory.All)
        {
            await PartitionWaits.UntilReadyAsync(partition);
        }
    }

    /// <summary>Names of the silos on which partitions are active, by partition; null where it is nowhere.</summary>
    public string?[] Owners() => [.. Enumerable.Range(0, Store.PartitionCount).Select(number =>
    {
        GrainId id = Client.GetGrain<IIdentityPartitionGrain>(number).GetGrainId();
        return cluster.TryGetGrainContext(id, out IGrainContext? active)
            ? Silos.Single(silo => silo.SiloAddress.Equals(active.Address.SiloAddress)).Name
            : null;
    })];

    /// <summary>Partitions of each silo that has some: "Silo_0:6".</summary>
    public string[] Loads() =>
    [
        .. Owners().OfType<string>().GroupBy(owner => owner).OrderBy(silo => silo.Key, StringComparer.Ordinal)
            .Select(silo => $"{silo.Key}:{silo.Count()}"),
    ];

    /// <summary>
    /// Waits until every partition is loaded where it is to stay, with so many on each silo as <see cref="Loads"/>
    /// says. A partition that is asked for before every silo has joined is placed on the first and moves on.
    /// </summary>
    public async Task SettledAsync(GrainDirectory directory, string loads)
    {
        await ReadyAsync(directory);
        await PartitionWaits.UntilAsync(() => Task.FromResult(string.Join(' ', Loads())), now => now == loads);
        await ReadyAsync(directory);
    }

    /// <summary>Starts one more silo.</summary>
    public Task JoinAsync() => cluster.StartAdditionalSiloAsync();

    /// <summary>Ends a silo without a goodbye, as a crash does.</summary>
    public Task KillAsync(InProcessSiloHandle silo) => cluster.KillSiloAsync(silo);

    public Task StopAsync(InProcessSiloHandle silo) => cluster.StopSiloAsync(silo);

    public async ValueTask DisposeAsync()
    {
        await cluster.StopAllSilosAsync();
        await cluster.DisposeAsync();
        await Store.DisposeAsync();
    }
}
