using MatchCluster.Matching.Tasks;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Api.Jobs;

/// <summary>Does the work of one kind of jobs.</summary>
internal interface IJobRunner
{
    /// <summary>What it does, one of <see cref="JobKinds"/>.</summary>
    string Kind { get; }

    /// <summary>
    /// Works from what was saved last to the end, and saves on the way. It may be called again for the same job, in
    /// another process too.
    /// </summary>
    /// <param name="run">The job.</param>
    /// <param name="decision">What allows it, asked just now.</param>
    /// <param name="cancel">The claim is lost, or the host stops.</param>
    Task<JobEnd> RunAsync(JobRun run, UseDecision decision, CancellationToken cancel);
}

/// <summary>How a job ended.</summary>
/// <param name="State">Done or failed.</param>
/// <param name="Reason">Why it failed.</param>
internal sealed record JobEnd(TaskState State, string? Reason = null)
{
    public static JobEnd Done { get; } = new(TaskState.Done);

    public static JobEnd Failed(string reason) => new(TaskState.Failed, reason);
}

/// <summary>The job waits for something: it is given back, and goes on after the pause at what was saved.</summary>
internal sealed class JobRestsException(TimeSpan pause) : Exception("the job waits")
{
    public TimeSpan Pause { get; } = pause;
}

/// <summary>Somebody else has the job, paused it or ended it: nothing more of it is saved here.</summary>
internal sealed class JobLostException() : Exception("the job is not this worker's any more");
