using MatchCluster.Api.Audit;
using MatchCluster.Api.Deliveries;
using MatchCluster.Api.Demo;
using MatchCluster.Api.Http;
using MatchCluster.Api.Options;
using MatchCluster.Api.Retention;
using MatchCluster.Api.Searching;
using MatchCluster.Matching.Audit;
using MatchCluster.Matching.Cases;
using MatchCluster.Matching.Governance;
using MatchCluster.Matching.Quotas;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Starting;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Tasks;
using MatchCluster.Matching.Uses;
using MatchCluster.ServiceDefaults.Hosting;

namespace MatchCluster.Api.Hosting;

/// <summary>
/// The embedded server: a store, the engine over it and the web application, opened and closed in order.
/// </summary>
internal sealed class Server : IAsyncDisposable
{
    private readonly IGalleryStore store;
    private readonly MatchEngine engine;
    private readonly AuditLog? audit;
    private readonly SealedStore sealedStore;
    private readonly SqliteGovernanceStore? governance;
    private readonly SqliteQuotaStore? quotas;
    private readonly SqliteCaseSamples? probes;
    private readonly Receipts? receipts;
    private readonly SqliteTaskStore? tasks;
    private readonly SidePacks packs;

    private Server(
        IGalleryStore store, MatchEngine engine, SealedStore sealedStore, AuditLog? audit,
        SqliteGovernanceStore? governance, SqliteQuotaStore? quotas, SqliteCaseSamples? probes,
        Receipts? receipts, SqliteTaskStore? tasks, SidePacks packs, WebApplication app)
    {
        this.tasks = tasks;
        this.packs = packs;
        this.sealedStore = sealedStore;
        this.probes = probes;
        this.receipts = receipts;
        this.governance = governance;
        this.quotas = quotas;
        this.store = store;
        this.engine = engine;
        this.audit = audit;
        App = app;
    }

    public WebApplication App { get; }

    /// <summary>Completes when every partition is loaded or has failed.</summary>
    public Task Loaded => engine.Loaded;

    /// <summary>The addresses that are listened on, with real port numbers.</summary>
    public IReadOnlyCollection<string> Urls => [.. App.Urls];

    /// <summary>Runs until it is stopped; what makes a start impossible is one line of errors.</summary>
    /// <returns>The exit code of the process.</returns>
    public static async Task<int> RunAsync(ServerOptions options, TextWriter errors, CancellationToken cancel)
    {
        if (ListenAddresses.RefusalOf(options.Urls, options.Access.Listening) is { } refusal)
        {
            return await CannotStartAsync(errors, refusal);
        }

        using TemporaryDirectory? temporary = options.DemoPeople is null ? null : new TemporaryDirectory();
        ServerOptions used = temporary is null ? options : options with { Data = temporary.Path };
        try
        {
            LogLevel level = options.DemoPeople is null ? LogLevel.Information : LogLevel.Warning;
            await using Server server = await StartAsync(used, level, cancel);
            if (options.DemoPeople is { } people)
            {
                await DemoRun.RunAsync(
                    server.App, server.Loaded, people, options.DemoModality, temporary!.Path,
                    server.App.Lifetime.ApplicationStopping);
            }

            await server.App.WaitForShutdownAsync(cancel);
            return 0;
        }
        catch (Exception error) when (error is StoreException or SelfSearchException)
        {
            return await CannotStartAsync(errors, error.Message);
        }
        catch (IOException error)
        {
            // Kestrel: the address is in use. Anything later is answered where it happens.
            return await CannotStartAsync(errors, error.Message);
        }
    }

    /// <summary>Opens the store, begins to load and listens.</summary>
    /// <exception cref="StoreException">The data directory cannot be used; the message says why.</exception>
    /// <exception cref="SelfSearchException">This machine answers wrongly.</exception>
    /// <exception cref="IOException">The address cannot be listened on.</exception>
    public static async Task<Server> StartAsync(
        ServerOptions options, LogLevel level, CancellationToken cancel)
    {
        IGalleryStore store = await SqliteGalleryStore.OpenAsync(
            options.Data, options.Partitions, Environment.ProcessorCount, cancel, options.MasterKey,
            options.ChangesKept);
        return await StartAsync(store, options, level, cancel);
    }

    /// <summary>Starts over a store that is already open; the store is closed with the server.</summary>
    public static async Task<Server> StartAsync(
        IGalleryStore store, ServerOptions options, LogLevel level, CancellationToken cancel)
    {
        StopNotes stops = new();
        AuditLog? audit = null;
        SqliteGovernanceStore? governance = null;
        SqliteQuotaStore? quotas = null;
        SqliteCaseSamples? probes = null;
        Receipts? receipts = null;
        SqliteTaskStore? tasks = null;
        CallbackSettings callbacks = options.Callbacks;
        SidePacks? packs = null;
        Agreements? agreements = null;
        IPicturePolicy pictures;
        PartnerIds ids = new(() => ReferenceKeyOf(options));
        try
        {
            audit = options.Audit is { } settings
                ? await AuditLog.OpenAsync(options.Data, settings, TimeProvider.System, cancel) : null;
            governance = await KeptAgreements.OpenAsync(options, cancel);
            quotas = governance is null ? null : SqliteQuotaStore.Open(options.Data);
            probes = governance is null ? null : SqliteCaseSamples.Open(options.Data, store.Keys);
            receipts = Receipts.Open(options.ReceiptKey, options.Data);
            callbacks = callbacks.WithSigner(options.Data);
            tasks = store is MemoryGalleryStore ? null
                : SqliteTaskStore.Open(options.Data, store.Keys, options.Tasks.Limits);
            packs = await SidePacks.OpenAsync(options, store, cancel);
            if (governance is not null || options.ReferenceKey is not null)
            {
                ids.Open();
            }

            agreements = governance is null ? null : new Agreements(governance, TimeProvider.System);
            pictures = KeptPictures.Of(options, agreements, store.Keys is not null);
        }
        catch
        {
            receipts?.Dispose();
            await (packs?.DisposeAsync() ?? default);
            await CloseAsync(store, audit, governance, quotas, probes, tasks);
            throw;
        }

        MatchEngine engine = MatchEngine.Open(
            store, new MatchEngineOptions
            {
                Threads = options.Threads,
                MemoryBytes = options.MemoryBytes,
                Calibration = options.Calibration,
                OnStopped = stops.Note,
                OnErasing = audit is null ? null : new ErasureRows(audit, TimeProvider.System).RecordAsync,
                ImageDirectory = options.DemoPeople is null ? options.Data : null,
            });
        SealedStore sealedStore = new(store, engine, probes, packs.Subscriptions);
        Backend backend = new(
            engine, store.SizeInBytesAsync, Backend.AtOnceFor(engine.Threads, engine.All.Count),
            Calls: engine.Calls, Calibration: options.Calibration, Agreements: agreements, Quotas: quotas,
            Keys: store.Keys, Reseal: sealedStore.Begin, Ids: ids,
            Tasks: (ITaskStore?)tasks ?? new MemoryTaskStore(options.Tasks.Limits), Feed: packs.Feed,
            Packs: packs.Desk, Copy: packs.Copy, Pictures: pictures,
            Cases: agreements is null ? null : new CaseBook(
                governance!, probes!, agreements,
                new CaseSettings(options.Calibration.Id, TimeSpan.FromDays(options.CaseDays)), TimeProvider.System));
        WebApplication app = ServerApp.Build(
            backend, options.Urls, level, options.Admission, options.Hosts, options.Images, options.Access, audit,
            options.Payload, receipts, callbacks, options.ServiceLevels, options.Tasks,
            packs.Subscriptions?.Stores);
        Server server = new(
            store, engine, sealedStore, audit, governance, quotas, probes, receipts, tasks, packs, app);
        stops.LogTo(server.Log());
        try
        {
            // While the partitions load: nobody is answered before it is known that answers are right.
            server.Log().HasSearchedItself(await SelfSearchAsync(options, cancel));
            await app.StartAsync(cancel);
            ListenAddresses.Read(options.Urls, options.Access.Listening).Check(app.Urls);
            server.Log().Listening(string.Join(", ", app.Urls), engine.All.Count, options.Data);
            server.Log().CallersAre(options.Access);
            if (receipts is null)
            {
                server.Log().GivesNoReceipts();
            }

            sealedStore.Start(server.Log());
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops accepting, ends what runs, then closes the engine and its store.</summary>
    public async ValueTask DisposeAsync()
    {
        await App.StopAsync();
        await sealedStore.DisposeAsync();
        Log().Stopped();
        await App.DisposeAsync();
        await engine.DisposeAsync();
        receipts?.Dispose();
        await packs.DisposeAsync();
        await CloseAsync(store, audit, governance, quotas, probes, tasks);
    }

    /// <summary>The secret of ids for partners: the file that was named, or one of the data directory.</summary>
    private static byte[] ReferenceKeyOf(ServerOptions options) => options.ReferenceKey is { } path
        ? SecretFile.Read(path, PartnerIds.SecretBytes)
        : SecretFile.ReadOrMake(
            Path.Combine(options.Data, SecretFile.ReferenceKeyName), PartnerIds.SecretBytes);

    private static async ValueTask CloseAsync(
        IGalleryStore store, AuditLog? audit, SqliteGovernanceStore? governance, SqliteQuotaStore? quotas,
        SqliteCaseSamples? probes, SqliteTaskStore? tasks)
    {
        if (tasks is not null)
        {
            await tasks.DisposeAsync();
        }

        if (audit is not null)
        {
            await audit.DisposeAsync();
        }

        if (governance is not null)
        {
            await governance.DisposeAsync();
        }

        if (quotas is not null)
        {
            await quotas.DisposeAsync();
        }

        if (probes is not null)
        {
            await probes.DisposeAsync();
        }

        await store.DisposeAsync();
    }

    /// <summary>Searches whose answers are known; also for a front end, which compares and verifies.</summary>
    internal static async Task<SelfSearchReport?> SelfSearchAsync(ServerOptions options, CancellationToken cancel) =>
        options.SelfSearch is { } search ? await search(cancel) : null;

    private ILogger<Server> Log() => App.Services.GetRequiredService<ILogger<Server>>();

    internal static async Task<int> CannotStartAsync(TextWriter errors, string reason)
    {
        await errors.WriteLineAsync("matchcluster: " + reason.ReplaceLineEndings(" "));
        return CommandLine.CannotStart;
    }
}
