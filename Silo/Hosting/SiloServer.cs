using MatchCluster.Grains.Members;
using MatchCluster.Grains.Redis;
using MatchCluster.Grains.Silos;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Starting;
using MatchCluster.Matching.Storage;
using MatchCluster.ServiceDefaults.Hosting;
using MatchCluster.Silo.Health;
using MatchCluster.Silo.Options;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace MatchCluster.Silo.Hosting;

/// <summary>
/// The silo's process: first the pages that say how it is, then Redis, the store and the cluster, in that order; the
/// other way round at the end.
/// </summary>
internal static class SiloServer
{
    /// <summary>Runs until it is stopped; what makes a start impossible is one line of errors.</summary>
    /// <returns>The exit code of the process.</returns>
    public static Task<int> RunAsync(IConfiguration configuration, TextWriter errors, CancellationToken cancel) =>
        RunAsync(
            configuration, token => SelfSearch.RunAsync(SelfSearchSettings.Default, token), errors, cancel);

    /// <param name="configuration">The settings.</param>
    /// <param name="selfSearch">Searches whose answers are known, before the silo joins.</param>
    /// <param name="errors">Where it is said why it cannot start.</param>
    /// <param name="cancel">Stops it.</param>
    internal static async Task<int> RunAsync(
        IConfiguration configuration, Func<CancellationToken, Task<SelfSearchReport>> selfSearch, TextWriter errors,
        CancellationToken cancel)
    {
        try
        {
            SiloSettings settings = SiloSettings.Read(configuration);
            SiloReadiness standing = new(settings.Member.Name);
            OrleansDashboard? dashboard = settings.OrleansDashboard ? new OrleansDashboard() : null;
            await using WebApplication pages = SiloPages.Build(standing, settings.Urls, dashboard);
            await pages.StartAsync(cancel);
            ListenAddresses.Read(settings.Urls).Check(pages.Urls);
            await RunAsync(settings, configuration, selfSearch, standing, pages, dashboard, cancel);
            return 0;
        }
        catch (Exception refused) when (
            refused is StartRefusedException or StoreException or SelfSearchException or IOException)
        {
            await errors.WriteLineAsync("matchcluster-silo: " + refused.Message.ReplaceLineEndings(" "));
            return CommandLine.CannotStart;
        }
        catch (OperationCanceledException)
        {
            // Stopped before it had started.
            return 0;
        }
    }

    private static async Task RunAsync(
        SiloSettings settings, IConfiguration configuration,
        Func<CancellationToken, Task<SelfSearchReport>> selfSearch, SiloReadiness standing, WebApplication pages,
        OrleansDashboard? dashboard, CancellationToken cancel)
    {
        ILogger log = pages.Services.GetRequiredService<ILoggerFactory>().CreateLogger("MatchCluster.Silo");
        using CancellationTokenSource stopping = CancellationTokenSource.CreateLinkedTokenSource(
            cancel, pages.Lifetime.ApplicationStopping);
        log.Listening(settings.Member.Name, string.Join(", ", pages.Urls));

        // Two connections: a partition's load must not stand before a membership's heartbeat.
        await using ConnectionMultiplexer orleans = await ConnectAsync(settings, standing, log, stopping.Token);
        await using ConnectionMultiplexer gallery = await ConnectAsync(settings, standing, log, stopping.Token);
        RedisGalleryStore store = await RedisGalleryStore.OpenAsync(
            gallery, settings.Member.Store, settings.Partitions, SiloSettings.DefaultPartitions,
            new RedisStoreOptions
            {
                RequireAof = settings.RequireDurable,
                MasterKey = settings.MasterKey,
                ChangesKept = settings.ChangesKept,
            },
            stopping.Token);
        log.StoreOpened(settings.Member.Store, store.PartitionCount, store.Durability);
        log.StoresSealed(store.Keys?.MasterKeyId);

        standing.Is("making searches whose answers are known");
        SelfSearchReport searched = await selfSearch(stopping.Token);
        log.SelfSearched(searched.Searches, searched.Elapsed.TotalSeconds);

        standing.Is("joining the cluster");
        await using RunningMember member = await RunningMember.StartAsync(
            settings.Member, configuration, orleans,
            silo =>
            {
                silo.Services.AddSingleton(Recording(gallery, settings, log));
                Role(silo, store, settings, pages.Services.GetRequiredService<SiloInstruments>());
            },
            logging => logging.AddConsoleLog(LogLevel.Information), settings.DrainWithin, stopping.Token);
        standing.Joined(member.Services.GetRequiredService<OwnPartitions>());
        dashboard?.Open(member.Services);
        log.Joined(settings.Member.ClusterId);

        await ReadinessWatch.RunAsync(standing, log, stopping.Token);
        standing.Is("stopping: handing its partitions over");
        dashboard?.Close();
        log.Stopping(settings.DrainWithin.TotalSeconds);
        await member.StopAsync();
        standing.Is("stopped");
        log.Stopped();
    }

    /// <summary>What expires is noted for the front ends' audit log before it is erased.</summary>
    private static ErasureRecording Recording(ConnectionMultiplexer redis, SiloSettings settings, ILogger log)
    {
        RedisErasures erasures = new(redis, settings.Member.Store, new RedisStoreOptions());
        return async erased =>
        {
            Outage? outage = await erasures.NoteAsync(erased);
            if (outage is not null)
            {
                log.ErasureWaits(outage.Reason);
            }

            return outage;
        };
    }

    private static void Role(
        ISiloBuilder silo, RedisGalleryStore store, SiloSettings settings, SiloInstruments instruments)
    {
        // Those of the pages: what they are asked for is what is measured in the cluster's host.
        silo.Services.AddSingleton(instruments);
        silo.AddMatchClusterPartitions(_ => store, options =>
        {
            options.Threads = settings.Threads;
            options.MemoryBytes = settings.MemoryMiB * 1024L * 1024L;
            options.Calibration = settings.Member.Calibration;
        });
        silo.Services.AddSingleton<OwnPartitions>();
        if (settings.OrleansDashboard)
        {
            OrleansDashboard.AddTo(silo);
        }
    }

    private static Task<ConnectionMultiplexer> ConnectAsync(
        SiloSettings settings, SiloReadiness standing, ILogger log, CancellationToken cancel) =>
        RedisConnection.OpenAsync(
            settings.Member.Redis, settings.Member.Name,
            () =>
            {
                standing.Is("waiting for Redis, which loads its data");
                log.RedisLoads();
            },
            cancel);
}
