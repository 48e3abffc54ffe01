using System.Runtime.InteropServices;
using MatchCluster.Api.Http;
using MatchCluster.Api.Options;
using MatchCluster.Api.Retention;
using MatchCluster.Api.Searching;
using MatchCluster.Api.Subscriptions;
using MatchCluster.Grains.Catalogue;
using MatchCluster.Grains.Clients;
using MatchCluster.Grains.Members;
using MatchCluster.Grains.Redis;
using MatchCluster.Grains.Silos;
using MatchCluster.Matching.Audit;
using MatchCluster.Matching.Cases;
using MatchCluster.Matching.Feeds;
using MatchCluster.Matching.Governance;
using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Packs;
using MatchCluster.Matching.Starting;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Subscriptions;
using MatchCluster.Matching.Uses;
using MatchCluster.ServiceDefaults.Hosting;
using StackExchange.Redis;

namespace MatchCluster.Api.Hosting;

/// <summary>
/// The front end of a cluster: a member without partitions, which is told of a killed silo as soon as anybody is. It
/// joins, waits for silos, then listens; the other way round at the end.
/// </summary>
internal static class ClusterServer
{
    /// <summary>Silos may be started after their front end; one that nobody joins says so and ends.</summary>
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromMinutes(2);

    /// <summary>
    /// To leave the cluster, after the last request: a front end has nothing to hand over, and where the silos stop too
    /// nobody is left to tell.
    /// </summary>
    private static readonly TimeSpan DrainWithin = TimeSpan.FromSeconds(3);

    /// <summary>The longest that a search waits for the count of its partner's uses.</summary>
    private static readonly TimeSpan CountWithin = TimeSpan.FromSeconds(2);

    /// <summary>Callers wait meanwhile, and are answered with 503 then.</summary>
    private static readonly TimeSpan SettleAuditWithin = TimeSpan.FromSeconds(3);

    /// <summary>Runs until it is stopped; what makes a start impossible is one line of errors.</summary>
    /// <returns>The exit code of the process.</returns>
    public static async Task<int> RunAsync(
        ServerOptions options, IReadOnlyDictionary<string, string?> settings, TextWriter errors,
        CancellationToken cancel)
    {
        if (ListenAddresses.RefusalOf(options.Urls, options.Access.Listening) is { } refusal)
        {
            return await Server.CannotStartAsync(errors, refusal);
        }

        try
        {
            // A front end is told apart by its name too, but nothing is placed by it; its port is nobody's business.
            IConfiguration configuration = new ConfigurationBuilder()
                .AddInMemoryCollection([KeyValuePair.Create(MemberKeys.SiloPort, (string?)"0")])
                .AddEnvironmentVariables().AddInMemoryCollection(settings).Build();
            MemberOptions member = MemberOptions.Read(
                configuration, defaultName: $"api-{Environment.MachineName}-{Environment.ProcessId}");
            await RunAsync(options, configuration, member, errors, cancel);
            return 0;
        }
        catch (Exception refused) when (
            refused is StartRefusedException or ClusterRefusedException or StoreException or SelfSearchException
                or IOException)
        {
            return await Server.CannotStartAsync(errors, refused.Message);
        }
        catch (OperationCanceledException)
        {
            // Stopped before it had started.
            return 0;
        }
    }

    private static async Task RunAsync(
        ServerOptions options, IConfiguration configuration, MemberOptions member, TextWriter errors,
        CancellationToken cancel)
    {
        PartnerIds? ids = options.ReferenceKey is not { } key ? null
            : new PartnerIds(() => SecretFile.Read(key, PartnerIds.SecretBytes));
        ids?.Open();
        using Receipts? receipts = Receipts.Open(options.ReceiptKey, directory: null);
        using CancellationTokenSource stopping = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using PosixSignalRegistration terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using PosixSignalRegistration interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        await using ConnectionMultiplexer redis = await RedisConnection.OpenAsync(
            member.Redis, member.Name, () => Say(errors, "Redis loads its data"), stopping.Token);
        await using RunningMember running = await RunningMember.StartAsync(
            member, configuration, redis, silo => silo.AddMatchClusterFrontEnd(member.Calibration),
            logging => logging.AddConsoleLog(LogLevel.Information), DrainWithin, stopping.Token);

        SelfSearchReport? searched = await Server.SelfSearchAsync(options, stopping.Token);
        string said = "";
        ClusterFrontEnd cluster = await ClusterFrontEnd.ConnectAsync(
            running.Services, ConnectWithin,
            reason => said = reason == said ? said : Say(errors, $"waiting for silos: {reason}"), stopping.Token);
        int partitions = cluster.Directory.All.Count;
        await using RedisGalleryStore store = await RedisGalleryStore.OpenAsync(
            redis, member.Store, partitions, partitions,
            new RedisStoreOptions
            {
                TouchesNoRecords = true,
                MasterKey = options.MasterKey,
                ChangesKept = options.ChangesKept,
            },
            stopping.Token);
        RedisAuditStore? rows = options.Audit is null ? null : await RedisAuditStore.OpenAsync(
            redis, member.Store, new RedisStoreOptions { SettleWithin = SettleAuditWithin }, stopping.Token);
        await using AuditLog? audit = rows is null ? null : await AuditLog.OpenSharedAsync(
            rows, options.Audit! with { Server = member.Name }, TimeProvider.System, stopping.Token);

        RedisGovernanceStore documents = new(redis, member.Store, new RedisStoreOptions());
        Agreements? agreements = await KeptAgreements.CountAsync(
            options, documents, $"cluster {member.ClusterId}", stopping.Token)
            ? new Agreements(documents, TimeProvider.System) : null;
        IGalleryKeys? keys = await cluster.FindKeysAsync(stopping.Token);
        bool keepsProbes = keys is null || store.Keys is not null;
        CaseBook? cases = agreements is null ? null : new CaseBook(
            documents, new RedisCaseSamples(redis, member.Store, new RedisStoreOptions(), store.Keys), agreements,
            new CaseSettings(member.Calibration.Id, TimeSpan.FromDays(options.CaseDays)) { KeepsProbes = keepsProbes },
            TimeProvider.System);
        Backend backend = new(cluster.Directory, store.SizeInBytesAsync, Backend.AtOnceInCluster, new ClusterView(
            cluster.Directory.SiloOf,
            async token => await cluster.ReadAsync(token) is { } read ? MembersOf(read) : null),
            Calibration: member.Calibration, Agreements: agreements, Ids: ids,
            Keys: keys, Cases: cases,
            Tasks: !keepsProbes ? null : new RedisTaskStore(
                redis, member.Store, new RedisStoreOptions(), store.Keys, options.Tasks.Limits),
            Feed: await ((IGalleryStore)store).OpenFeedAsync(stopping.Token),
            Packs: options.PackKey is null ? null : new PackDesk(
                new RedisPackStore(redis, member.Store, new RedisStoreOptions()),
                SigningKeyFile.ReadOrMake(options.PackKey, SigningKeyFile.PublicOf(options.PackKey)),
                new FeedKeys(await store.StateKeyAsync(stopping.Token))),
            Pictures: KeptPictures.Of(options, agreements, keys is not null),
            Policy: options.KeepsAgreements is null ? new AgreementWatch(documents, TimeProvider.System) : null,
            Erasures: new RedisErasures(redis, member.Store, new RedisStoreOptions()),
            Turns: new RedisGalleryTurns(redis, member.Store, new RedisStoreOptions()),
            Quotas: new RedisQuotaStore(redis, member.Store, new RedisStoreOptions { SettleWithin = CountWithin }));
        await using WebApplication app = ServerApp.Build(
            backend, options.Urls, LogLevel.Information, options.Admission, options.Hosts,
            options.Images, options.Access, audit, options.Payload, receipts,
            options.Callbacks.WithSigner(directory: null), options.ServiceLevels, options.Tasks,
            !keepsProbes ? null : SubscriptionsOf(redis, member, store, options));
        await app.StartAsync(stopping.Token);
        ListenAddresses.Read(options.Urls, options.Access.Listening).Check(app.Urls);
        ILogger<Server> log = app.Services.GetRequiredService<ILogger<Server>>();
        log.Listening(string.Join(", ", app.Urls), partitions, $"cluster {member.ClusterId}");
        log.HasSearchedItself(searched);
        log.CallersAre(options.Access);
        if (receipts is null)
        {
            log.GivesNoReceipts();
        }

        Say(log, rows);
        if (cases is not null && !keepsProbes)
        {
            log.KeepsNoProbes();
        }

        await app.WaitForShutdownAsync(stopping.Token);
        await running.StopAsync();

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stopping.Cancel();
        }
    }

    private static SubscriptionStores SubscriptionsOf(
        ConnectionMultiplexer redis, MemberOptions member, RedisGalleryStore store, ServerOptions options) => new(
        new SubscriptionBook(
            new RedisTaskStore(
                redis, $"{member.Store}.subscriptions", new RedisStoreOptions(), store.Keys, SubscriptionBook.Limits),
            TimeProvider.System),
        new RedisAlertStore(redis, member.Store, new RedisStoreOptions()), options.Threads);

    private static MemberStats[] MembersOf(CatalogueView catalogue) =>
    [
        .. catalogue.Members.Select(card => new MemberStats(
            card.Name, card.Address.Endpoint.ToString(), card.Partitions is not null)),
    ];

    private static void Say(ILogger log, RedisAuditStore? rows)
    {
        if (rows is { KeepsAcks: true })
        {
            log.AuditIsDurable(rows.Durability);
        }
        else if (rows is not null)
        {
            log.AuditMayBeLost(rows.Durability);
        }
    }

    private static string Say(TextWriter errors, string reason)
    {
        errors.WriteLine($"matchcluster: {reason.ReplaceLineEndings(" ")}");
        return reason;
    }
}
