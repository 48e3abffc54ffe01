using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using StackExchange.Redis;

namespace MatchCluster.Grains.Members;

/// <summary>
/// This process as a member of a cluster: an Orleans silo over Redis, with or without partitions. It is opened and
/// closed by its owner and listens to no signal itself.
/// </summary>
public sealed class RunningMember : IAsyncDisposable
{
    private readonly IHost host;

    private RunningMember(IHost host) => this.host = host;

    public IServiceProvider Services => host.Services;

    public IGrainFactory Grains => Services.GetRequiredService<IGrainFactory>();

    /// <summary>Joins the cluster; returns when this member is active in it.</summary>
    /// <param name="options">How it takes part.</param>
    /// <param name="settings">The rest of Orleans' own settings.</param>
    /// <param name="redis">Stays the caller's, until the member is disposed of.</param>
    /// <param name="role">What it does there.</param>
    /// <param name="logging">Where it logs.</param>
    /// <param name="drainWithin">How long a stop waits for what runs.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="StartRefusedException">It cannot join; the message says why.</exception>
    public static async Task<RunningMember> StartAsync(
        MemberOptions options, IConfiguration settings, IConnectionMultiplexer redis, Action<ISiloBuilder> role,
        Action<ILoggingBuilder> logging, TimeSpan drainWithin, CancellationToken cancel)
    {
        StartLog log = new();
        IHost? host = null;
        try
        {
            host = Build(options, settings, redis, role, builder => log.AddTo(logging, builder), drainWithin);
            await host.StartAsync(cancel);
            log.IsStarted = true;
            return new RunningMember(host);
        }
        catch (Exception failed)
        {
            await DisposeAsync(host);
            if (cancel.IsCancellationRequested)
            {
                throw new OperationCanceledException("the start was cancelled", failed, cancel);
            }

            throw new StartRefusedException(StartFailures.Sentence(failed), failed);
        }
    }

    /// <summary>Ends what runs, gives the partitions back and leaves the cluster.</summary>
    public Task StopAsync() => host.StopAsync();

    public async ValueTask DisposeAsync() => await DisposeAsync(host);

    private static IHost Build(
        MemberOptions options, IConfiguration settings, IConnectionMultiplexer redis, Action<ISiloBuilder> role,
        Action<ILoggingBuilder> logging, TimeSpan drainWithin)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings
        {
            ApplicationName = typeof(RunningMember).Assembly.GetName().Name,
        });
        builder.Configuration.AddConfiguration(settings).AddInMemoryCollection(OrleansSettings(options));
        logging(builder.Logging);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = drainWithin);
        builder.Services.AddSingleton<IHostLifetime, OwnersLifetime>();
        builder.Services.AddKeyedSingleton(options.RedisService, redis);
        builder.UseOrleans(silo =>
        {
            silo.Configure<ClusterMembershipOptions>(Detection.Configure);
            role(silo);
        });
        return builder.Build();
    }

    /// <summary>The checked options as Orleans reads them.</summary>
    private static Dictionary<string, string?> OrleansSettings(MemberOptions options) => new()
    {
        [MemberKeys.Name] = options.Name,
        [MemberKeys.ClusterId] = options.ClusterId,
        [MemberKeys.ServiceId] = options.ServiceId,
        [MemberKeys.Address] = $"{options.Address}",
        [MemberKeys.Tracing] = bool.TrueString,
        [MemberKeys.SiloPort] = $"{(options.SiloPort > 0 ? options.SiloPort : FreePort(options.Address))}",
        [MemberKeys.GatewayPort] = $"{options.GatewayPort}",
        [MemberKeys.ClusteringProvider] = "Redis",
        [MemberKeys.ClusteringService] = options.RedisService,
        [MemberKeys.DirectoryProvider] = "Redis",
        [MemberKeys.DirectoryService] = options.RedisService,
        [MemberKeys.StorageProvider(MemberKeys.CatalogueStorage)] = "Redis",
        [MemberKeys.StorageService(MemberKeys.CatalogueStorage)] = options.RedisService,
    };

    /// <summary>Orleans wants to know its port before it listens.</summary>
    private static int FreePort(IPAddress address)
    {
        using TcpListener listener = new(address, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async ValueTask DisposeAsync(IHost? host)
    {
        if (host is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }
    }

    /// <summary>Signals belong to who opened the member.</summary>
    private sealed class OwnersLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>
    /// Orleans logs a failed start with every stack trace; the start's owner says it in a line. Once it runs, its
    /// warnings are heard.
    /// </summary>
    private sealed class StartLog
    {
        public volatile bool IsStarted;

        public void AddTo(Action<ILoggingBuilder> logging, ILoggingBuilder builder)
        {
            logging(builder);
            builder.AddFilter("Orleans", Lets).AddFilter("Microsoft.Orleans", Lets)
                .AddFilter("Polly", LogLevel.None);
        }

        private bool Lets(LogLevel level) => level >= (IsStarted ? LogLevel.Warning : LogLevel.Critical);
    }
}
