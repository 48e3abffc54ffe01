using MatchCluster.Matching.Tasks;

namespace MatchCluster.Api.Jobs;

/// <summary>What the application needs for jobs.</summary>
internal static class JobServices
{
    /// <param name="services">Those of the application.</param>
    /// <param name="store">Where jobs are kept; null where none are.</param>
    public static void AddJobs(this IServiceCollection services, ITaskStore? store)
    {
        services.AddSingleton<JobRight>();
        if (store is null)
        {
            return;
        }

        services.AddSingleton<JobMetrics>();
        services.AddSingleton<JobAudit>();
        services.AddSingleton<IJobRunner, DeduplicateRunner>();
        services.AddSingleton<LineWalk>();
        services.AddSingleton<IJobRunner, BatchIdentifyRunner>();
        services.AddSingleton<IJobRunner, AccuracyRunner>();
        services.AddHostedService<JobWorker>();
    }
}
