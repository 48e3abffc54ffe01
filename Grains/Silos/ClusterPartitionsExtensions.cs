using MatchCluster.Grains.Catalogue;
using MatchCluster.Grains.Placements;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace MatchCluster.Grains.Silos;

/// <summary>Makes a silo host partitions, or take part in the cluster without any.</summary>
public static class ClusterPartitionsExtensions
{
    /// <summary>
    /// Hosts partitions of a store. Silos are told apart by their name (<see cref="SiloOptions.SiloName"/>):
    /// give each silo one name for all its starts. The silo disposes of the store. Where there is an
    /// <see cref="ErasureRecording"/>, what has expired is recorded by it before it is erased. Grain storage named
    /// <see cref="ICatalogueGrain.StorageName"/> must be there.
    /// </summary>
    /// <param name="silo">The silo.</param>
    /// <param name="store">Opens the store; all silos of the cluster must see one and the same store.</param>
    /// <param name="configure">How it takes part.</param>
    public static ISiloBuilder AddMatchClusterPartitions(
        this ISiloBuilder silo, Func<IServiceProvider, IGalleryStore> store, Action<ClusterSiloOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(configure);
        silo.Services.AddOptions<ClusterSiloOptions>().Configure(configure).ValidateOnStart();
        silo.Services.AddSingleton<IValidateOptions<ClusterSiloOptions>, ClusterSiloOptionsCheck>();
        silo.Services.AddSingleton(store);
        silo.Services.AddSingleton(services =>
        {
            ClusterSiloOptions options = services.GetRequiredService<IOptions<ClusterSiloOptions>>().Value;
            return new PartitionHost(
                services.GetRequiredService<IGalleryStore>(), options.Threads, TimeProvider.System,
                options.MemoryBytes, calibration: options.Calibration,
                recording: services.GetService<ErasureRecording>());
        });
        silo.Services.AddMetrics();
        silo.Services.TryAddSingleton<SiloInstruments>();
        silo.Services.AddSingleton<HostedPartitions>();
        silo.Services.AddSingleton<SiloEndpoint>();
        silo.Services.AddSingleton<Standbys>();
        silo.Services.AddSingleton<SiloKeys>();
        silo.Services.AddSingleton<CatalogueMembership>();
        silo.Services.AddSingleton<Handover>();
        silo.Services.AddSingleton<UnfinishedMoves>();
        silo.Services.AddSingleton<PartitionKeeper>();
        silo.Services.AddHostedService(services => services.GetRequiredService<PartitionKeeper>());
        silo.Services.AddHostedService<ResealKeeper>();
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, SiloMembership>();
        return silo.AddPartitionPlacement();
    }

    /// <summary>
    /// A member that hosts no partition: a front end that scatters. As a member it is told of a killed silo within
    /// the failure detection time, where a client outside would wait for its time-out.
    /// </summary>
    /// <param name="silo">The silo.</param>
    /// <param name="calibration">What it scores by itself; null takes the committed curves.</param>
    public static ISiloBuilder AddMatchClusterFrontEnd(
        this ISiloBuilder silo, ScoreCalibration? calibration = null)
    {
        silo.Services.AddSingleton(calibration ?? ScoreCalibration.Default);
        silo.Services.PostConfigure<GrainTypeOptions>(options => options.Classes.ExceptWith(
            [typeof(IdentityPartitionGrain), typeof(SiloGrain), typeof(CatalogueGrain)]));
        silo.Services.AddSingleton<OwnersRefresh>();
        silo.Services.AddHostedService(services => services.GetRequiredService<OwnersRefresh>());
        return silo.AddPartitionPlacement();
    }

    private static ISiloBuilder AddPartitionPlacement(this ISiloBuilder silo)
    {
        silo.Services.TryAddSingleton(TimeProvider.System);
        silo.Services.AddSingleton<OwnersView>();
        silo.Services.AddPlacementDirector<PartitionPlacement, PartitionPlacementDirector>();
        silo.Services.AddPlacementDirector<SiloPlacement, SiloPlacementDirector>();
        return silo;
    }
}
