using MatchCluster.Api.Audit;
using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Http.Requests;
using MatchCluster.Matching.Tasks;

namespace MatchCluster.Api.Tasks;

/// <summary>What the application needs for tasks.</summary>
internal static class TaskServices
{
    /// <param name="services">Those of the application.</param>
    /// <param name="store">Where tasks are kept; null where none are.</param>
    /// <param name="settings">How they are worked at.</param>
    public static void AddTasks(this IServiceCollection services, ITaskStore? store, TaskSettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton<TaskPulse>();
        services.AddSingleton<TaskMetrics>();
        services.AddSingleton<TaskDesk>();
        services.AddSingleton<TaskPipeline>();
        if (store is null)
        {
            return;
        }

        services.AddSingleton(store);
        services.AddSingleton<OsiaExecutor>();
        services.AddSingleton<DeliveryRight>();
        services.AddSingleton<TaskSender>();
        services.AddHostedService<TaskWorker>();
    }

    /// <summary>Builds what kept calls pass: what calls with a known caller pass, in the same order.</summary>
    /// <param name="app">The application.</param>
    /// <param name="isAudited">Whether uses are recorded.</param>
    /// <param name="keepsAgreements">Whether callers have agreements.</param>
    /// <param name="protect">Adds what opens and protects data inside of messages.</param>
    public static void UseTasks(
        this WebApplication app, bool isAudited, bool keepsAgreements, Action<IApplicationBuilder> protect)
    {
        IApplicationBuilder inner = ((IApplicationBuilder)app).New();
        if (isAudited)
        {
            inner.UseMiddleware<AuditDoor>();
        }

        inner.UseMiddleware<FailureMiddleware>();
        BodyBudget bodies = app.Services.GetRequiredService<BodyBudget>();
        CancellationToken stopping = app.Lifetime.ApplicationStopping;
        inner.Use((http, next) => MeteredBody.MeterAsync(http, next, bodies, stopping));
        if (keepsAgreements)
        {
            inner.Use(CallerShare.NoteAsync);
        }

        inner.Use(StatedUse.CheckAsync);
        if (isAudited)
        {
            inner.Use(AuditDoor.AdmitAsync);
        }

        protect(inner);
        inner.Use(EarlyDecision.AskAsync);
        inner.Run(http => http.GetEndpoint()!.RequestDelegate!(http));
        app.Services.GetRequiredService<TaskPipeline>().Use(inner.Build());
    }
}
