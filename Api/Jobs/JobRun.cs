using MatchCluster.Matching.Tasks;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Api.Jobs;

/// <summary>
/// A claimed job. What a runner notes and what it found since are saved together under the epoch of the claim: whoever
/// goes on after a dead process begins at what was saved last, and nothing is lost or there twice.
/// </summary>
internal sealed class JobRun
{
    /// <summary>What is redone after an interruption, and how old the figures of a job are, at most.</summary>
    public static readonly TimeSpan SavesEvery = TimeSpan.FromSeconds(3);

    private readonly ITaskStore store;
    private readonly TaskRecord job;
    private readonly JobMetrics metrics;
    private readonly TimeProvider clock;
    private int parts;
    private long since;

    public JobRun(ITaskStore store, TaskRecord job, JobMetrics metrics, TimeProvider clock)
    {
        (this.store, this.job, this.metrics, this.clock) = (store, job, metrics, clock);
        (parts, since) = (job.Parts, clock.GetTimestamp());
        Call = JobCall.Decode(job.Request);
        Notes = JobNotes.Decode(job.Progress.Span);
    }

    public string Kind => job.Kind;

    public JobCall Call { get; }

    /// <summary>What was noted last.</summary>
    public JobNotes Notes { get; private set; }

    /// <summary>Whether it is time to save.</summary>
    public bool IsDue => clock.GetElapsedTime(since) >= SavesEvery;

    /// <summary>Notes what allows the job; it is saved with what the runner notes next.</summary>
    public void AllowBy(UseDecision decision) => Notes = Notes.AllowedBy(decision);

    /// <summary>Notes something and adds a part, where there is one: both or nothing.</summary>
    /// <param name="notes">All that is noted; the time is added here.</param>
    /// <param name="part">What was found since; empty where nothing was.</param>
    /// <param name="done">Pairs or lines since the last time.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <exception cref="JobLostException">Somebody else has the job.</exception>
    public async Task SaveAsync(JobNotes notes, ReadOnlyMemory<byte> part, long done, CancellationToken cancel)
    {
        notes = Timed(notes);
        if (!await store.SaveAsync(
            job.Id, job.Epoch, new TaskChange(clock.GetUtcNow()) { Progress = notes.Encode() },
            part.IsEmpty ? null : new TaskPart(parts, part), cancel))
        {
            throw new JobLostException();
        }

        (Notes, since) = (notes, clock.GetTimestamp());
        parts += part.IsEmpty ? 0 : 1;
        metrics.Worked(Kind, done);
    }

    /// <summary>Ends the job: what was asked is erased, and the claim ends with it.</summary>
    /// <exception cref="JobLostException">Somebody else has the job.</exception>
    public async Task EndAsync(JobEnd end)
    {
        JobNotes notes = Timed(Notes) with { Reason = end.Reason };
        if (!await store.SaveAsync(
            job.Id, job.Epoch,
            new TaskChange(clock.GetUtcNow())
            {
                State = end.State,
                Progress = notes.Encode(),
                ErasesRequest = true,
                Releases = true,
            },
            null, CancellationToken.None))
        {
            throw new JobLostException();
        }

        Notes = notes;
    }

    private JobNotes Timed(JobNotes notes) =>
        notes with { Seconds = Notes.Seconds + clock.GetElapsedTime(since).TotalSeconds };
}
