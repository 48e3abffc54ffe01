using MatchCluster.Api.Administration;
using MatchCluster.Api.Audit;
using MatchCluster.Api.Deliveries;
using MatchCluster.Api.Feeds;
using MatchCluster.Api.Health;
using MatchCluster.Api.Http;
using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Http.Images;
using MatchCluster.Api.Http.Requests;
using MatchCluster.Api.Jobs;
using MatchCluster.Api.OpenApi;
using MatchCluster.Api.Operator;
using MatchCluster.Api.Osia.Contract;
using MatchCluster.Api.Osia.Endpoints;
using MatchCluster.Api.Osia.Protection;
using MatchCluster.Api.Osia.Reading;
using MatchCluster.Api.Page;
using MatchCluster.Api.Retention;
using MatchCluster.Api.Searching;
using MatchCluster.Api.Streams;
using MatchCluster.Api.Subscriptions;
using MatchCluster.Api.Tasks;
using MatchCluster.Api.Telemetry;
using MatchCluster.Api.Unique;
using MatchCluster.Matching;
using MatchCluster.Matching.Audit;
using MatchCluster.Matching.Quotas;
using MatchCluster.Matching.Scan;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Uses;
using MatchCluster.ServiceDefaults.Hosting;
using MatchCluster.ServiceDefaults.Telemetry;

namespace MatchCluster.Api.Hosting;

/// <summary>
/// The web application over a backend. It reads no configuration but its arguments: an address from a file or
/// an environment variable would pass by the check of addresses.
/// </summary>
internal static class ServerApp
{
    private const string Service = "matchcluster";

    private static readonly TimeSpan ShutdownPatience = TimeSpan.FromSeconds(20);

    /// <param name="backend">What answers.</param>
    /// <param name="urls">Where to listen; checked already.</param>
    /// <param name="level">What is logged.</param>
    /// <param name="admission">How much is let in.</param>
    /// <param name="names">Names of this server beside the loopback ones.</param>
    /// <param name="images">What is done with pictures.</param>
    /// <param name="access">Who may call; left out, any program of this machine.</param>
    /// <param name="audit">Where uses are recorded; null where they are not.</param>
    /// <param name="payload">What data inside of messages is protected with; null refuses protected data.</param>
    /// <param name="receipts">What signs receipts of deletions; null gives none.</param>
    /// <param name="callbacks">Where results may be sent; left out, nowhere.</param>
    /// <param name="levels">The service levels; left out, those of NGI.</param>
    /// <param name="tasks">How tasks are worked at.</param>
    /// <param name="subscriptions">Where subscriptions are kept; null keeps none.</param>
    public static WebApplication Build(
        Backend backend, string urls, LogLevel level, Admission admission, HostNames? names = null,
        ImageSettings? images = null, AccessSettings? access = null, AuditLog? audit = null,
        PayloadSettings? payload = null, Receipts? receipts = null,
        CallbackSettings? callbacks = null, ServiceLevels? levels = null, TaskSettings? tasks = null,
        SubscriptionStores? subscriptions = null)
    {
        access ??= AccessSettings.None;
        ListenAddresses addresses = ListenAddresses.Read(urls, access.Listening);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(ServerApp).Assembly.GetName().Name,
        });
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = ApiLimits.BodyBytes;
            kestrel.Limits.MaxConcurrentConnections = OpenFiles.Connections();
            addresses.Bind(kestrel, listen => SecureAddress.Configure(listen, access));
        });
        builder.Logging.AddConsoleLog(level);

        // Orleans' own are a cluster's: without them the calls to silos would be missing in the trace of a search.
        builder.AddTelemetry(
            Service, EngineVersion.Number,
            SearchMetrics.Source, "Microsoft.Orleans", "Microsoft.Orleans.Application");
        AddServices(builder.Services, backend, admission);
        builder.Services.AddSingleton((names ?? HostNames.None).And(addresses.Named));
        builder.Services.AddAccess(access);
        builder.Services.AddSingleton(images ?? ImageSettings.Default);
        if (audit is not null)
        {
            builder.Services.AddSingleton(audit);
            builder.Services.AddHostedService<AuditWatch>();
            if (backend.Erasures is not null)
            {
                builder.Services.AddSingleton(backend.Erasures);
                builder.Services.AddHostedService<ErasureIntake>();
            }
        }

        if (payload is not null)
        {
            builder.Services.AddSingleton(payload);
            builder.Services.AddSingleton<PayloadReader>();
        }

        if (receipts is not null)
        {
            builder.Services.AddSingleton(receipts);
        }

        builder.Services.AddSingleton(levels ?? ServiceLevels.Default);
        builder.Services.AddDeliveries(callbacks ?? CallbackSettings.None);
        builder.Services.AddTasks(backend.Tasks, tasks ?? TaskSettings.Default);
        builder.Services.AddJobs(backend.Tasks);
        builder.Services.AddSubscriptions(backend, subscriptions);
        WebApplication app = builder.Build();
        BodyBudget bodies = app.Services.GetRequiredService<BodyBudget>();
        CancellationToken stopping = app.Lifetime.ApplicationStopping;
        app.Use(AnswerPolicy.ApplyAsync);
        if (audit is not null)
        {
            app.UseMiddleware<AuditDoor>();
        }

        app.UseMiddleware<FailureMiddleware>();
        app.UseMiddleware<CallerCheck>();
        app.Use(RequestLine.ReadPathAsync);
        app.Use((http, next) => MeteredBody.MeterAsync(http, next, bodies, stopping));
        app.UseRouting();
        app.UseMiddleware<AccessCheck>();
        if (access.Tokens is not null)
        {
            // Left out, the framework would put it first of all, where the token's key was not looked for yet.
            app.UseAuthentication();
        }

        if (backend.Agreements is not null)
        {
            app.Use(CallerShare.NoteAsync);
        }

        app.Use(ServiceLevelWatch.WatchAsync);
        app.Use(EscapedSlashes.DecodeAsync);
        app.Use(StatedUse.CheckAsync);
        if (audit is not null)
        {
            app.Use(AuditDoor.AdmitAsync);
        }

        app.Use(QueryRules.CheckAsync);
        app.UseMiddleware<TaskDoor>();
        if (payload is not null)
        {
            app.UseMiddleware<PayloadDoor>();
        }

        app.Use(EarlyDecision.AskAsync);
        app.UseTasks(audit is not null, backend.Agreements is not null, inner =>
        {
            if (payload is not null)
            {
                inner.UseMiddleware<PayloadDoor>();
            }
        });
        app.MapHealth();
        app.MapMetrics().Needs(Scopes.Stats)
            .WithMetadata(AuditRule.Exempt("it holds counts and times, and nobody's data"));
        app.MapOpenApi().IsOpen("it describes the routes, and holds nobody's data")
            .WithMetadata(AuditRule.Exempt("it describes the interface"));
        app.MapOsia();
        app.MapMc();
        app.MapOperatorPage();
        app.MapDemoFiles();
        return app;
    }

    private static void AddServices(IServiceCollection services, Backend backend, Admission admission)
    {
        services.AddRouting();
        services.AddMetrics();
        services.AddOpenApi("v1", ApiDescription.Configure);
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.Configure<HostOptions>(options => options.ShutdownTimeout = ShutdownPatience);
        services.ConfigureHttpJsonOptions(options =>
        {
            OsiaJson.Configure(options.SerializerOptions);
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, OsiaJson.Default);
            options.SerializerOptions.TypeInfoResolverChain.Insert(1, StreamJson.Default);
            options.SerializerOptions.TypeInfoResolverChain.Insert(2, OperatorJson.Default);
            options.SerializerOptions.TypeInfoResolverChain.Insert(3, ErrorJson.Default);
            options.SerializerOptions.TypeInfoResolverChain.Insert(4, HealthJson.Default);
            options.SerializerOptions.TypeInfoResolverChain.Insert(5, AdministrationJson.Default);
            options.SerializerOptions.TypeInfoResolverChain.Insert(6, TaskJson.Default);
            options.SerializerOptions.TypeInfoResolverChain.Insert(7, FeedJson.Default);
            options.SerializerOptions.TypeInfoResolverChain.Insert(8, JobJson.Default);
            options.SerializerOptions.TypeInfoResolverChain.Insert(9, AlertJson.Default);
        });

        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(backend);
        services.AddSingleton<RecentActivity>();
        services.AddSingleton<SearchMetrics>();
        services.AddSingleton<ServiceMetrics>();
        services.AddSingleton<ItemMetrics>();
        services.AddSingleton<IPartitionDirectory>(provider =>
            new MeasuredDirectory(backend.Directory, provider.GetRequiredService<SearchMetrics>()));
        if (backend.Agreements is { } kept)
        {
            services.AddSingleton(kept);
            services.AddSingleton(provider => new UseMeter(
                backend.Quotas ?? new MemoryQuotaStore(), provider.GetRequiredService<TimeProvider>()));
            services.AddSingleton<MeteredPolicy>();
            services.AddSingleton<IUsePolicy>(provider => provider.GetRequiredService<MeteredPolicy>());
        }
        else
        {
            services.AddSingleton(backend.Policy ?? OpenPolicy.Instance);
        }

        if (backend.Ids is not null)
        {
            services.AddSingleton(backend.Ids);
        }

        if (backend.Cases is { } cases)
        {
            services.AddSingleton(cases);
            services.AddSingleton<ICaseOpener>(cases);
            services.AddHostedService<CaseHousekeeping>();
        }

        CopyServices.Add(services, backend);
        services.AddSingleton(backend.Pictures ?? NamedPictures.None);
        services.AddSingleton<SearchRoot>();
        services.AddSingleton<EncounterRoot>();
        services.AddSingleton(provider => new ChangeRoot(
            backend.Directory, backend.Feed, provider.GetRequiredService<IUsePolicy>(), backend.Ids));
        services.AddSingleton(_ => BodyBudget.OfThisProcess());
        services.AddSingleton(admission);
        services.AddSingleton<AdmissionGate>();
        services.AddSingleton(new SearchTurns(backend.SearchesAtOnce));
        services.AddSingleton<SearchService>();
        services.AddSingleton<ProbePreparation>();
        services.AddSingleton<ImageFetcher>();
        services.AddSingleton<ImageItems>();
        services.AddSingleton<EncounterIntake>();

        // What a factory makes is disposed of with the application; the engine's own threads are the engine's.
        if (backend.Calls is { } calls)
        {
            services.AddSingleton(calls);
        }
        else
        {
            services.AddSingleton(_ => new EngineCalls(calibration: backend.Calibration));
        }

        services.AddSingleton<PairService>();
        services.AddSingleton<EncounterService>();
        services.AddSingleton<BatchProbes>();
        services.AddSingleton<Deletions>();
        services.AddSingleton(backend.Turns ?? new ProcessTurns());
        services.AddSingleton<UniqueEnrolment>();
        services.AddHostedService<PartitionWatch>();
    }
}
