using MatchCluster.Grains.Partitions;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Storage;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;

namespace MatchCluster.Grains.Silos;

/// <summary>Makes a silo host partitions, or take part in the cluster without any.</summary>
public static class ClusterPartitionsExtensions
{
    /// <summary>
    /// Hosts partitions of a store. Silos are told apart by their name (<see cref="SiloOptions.SiloName"/>):
    /// give each the same one at every start. The silo disposes of the store.
    /// </summary>
    /// <param name="silo">The silo.</param>
    /// <param name="store">Opens the store; every silo of the cluster must see the same one.</param>
    /// <param name="threads">Threads that scan; 0 takes one per core.</param>
    public static ISiloBuilder AddMatchClusterPartitions(
        this ISiloBuilder silo, Func<IServiceProvider, IGalleryStore> store, int threads)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        silo.Services.AddSingleton(store);
        silo.Services.AddSingleton(services => new PartitionHost(
            services.GetRequiredService<IGalleryStore>(), threads, TimeProvider.System));
        silo.Services.AddSingleton<LocalPartitions>();
        silo.Services.AddHostedService<PartitionMover>();
        return silo.AddPartitionPlacement();
    }

    /// <summary>
    /// A member that hosts no partition: a front end that scatters. As a member it is told of a killed silo within
    /// the failure detection time, where a client outside would wait for its time-out.
    /// </summary>
    public static ISiloBuilder AddMatchClusterFrontEnd(this ISiloBuilder silo)
    {
        silo.Services.PostConfigure<GrainTypeOptions>(
            options => options.Classes.Remove(typeof(IdentityPartitionGrain)));
        return silo.AddPartitionPlacement();
    }

    private static ISiloBuilder AddPartitionPlacement(this ISiloBuilder silo)
    {
        // The strategy is told the number of partitions, so that it is made anew for each that asks.
        silo.Services.AddPlacementDirector<PartitionPlacement, PartitionPlacementDirector>(ServiceLifetime.Transient);
        return silo;
    }
}
