using MatchCluster.Matching.Tasks;

namespace MatchCluster.Api.Tasks;

/// <summary>How tasks are worked at.</summary>
internal sealed record TaskSettings
{
    private const double LongestPauseSeconds = 30;

    public static TaskSettings Default { get; } = new();

    /// <summary>How much the store takes.</summary>
    public TaskLimits Limits { get; init; } = TaskLimits.Default;

    /// <summary>Days that a task is kept after its end, so that its status can be read.</summary>
    public int KeptDays { get; init; } = 7;

    /// <summary>Tasks that one process executes at a time.</summary>
    public int MostExecuting { get; init; } = Math.Max(4, 2 * Environment.ProcessorCount);

    /// <summary>Results that one process sends at a time.</summary>
    public int MostDelivering { get; init; } = 32;

    /// <summary>How long a silent process keeps a task; renewed three times in it.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often the store is asked for what is due, while nothing says that something is.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// How long a task is tried again that the server cannot answer now; then that is its answer.
    /// </summary>
    public TimeSpan TriesFor { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Claims after which a task counts as one that ends the processes that execute it.</summary>
    public int MostClaims { get; init; } = 200;

    /// <summary>
    /// How long a task rests that cannot be done now: it grows, so that an outage ends before the claims do.
    /// </summary>
    /// <param name="epoch">Claims so far, 1 or more.</param>
    public static TimeSpan PauseAfter(long epoch) =>
        TimeSpan.FromSeconds(Math.Min(LongestPauseSeconds, 0.25 * Math.Pow(2, Math.Min(epoch, 10))));
}
