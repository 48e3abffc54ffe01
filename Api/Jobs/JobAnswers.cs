using MatchCluster.Matching.Deduplication;
using MatchCluster.Matching.Tasks;

namespace MatchCluster.Api.Jobs;

/// <summary>What is said of a job.</summary>
internal static class JobAnswers
{
    public static JobAnswer Of(TaskRecord task)
    {
        JobNotes notes = JobNotes.Decode(task.Progress.Span);
        long total = DuplicateRequest.PairsOf(notes.PersonsTotal);
        bool isOpen = task.State is TaskState.Waiting or TaskState.Paused;
        (double rate, double left) = notes.Lines is { } lines
            ? (PerSecond(lines.Done), lines.Total - lines.Done)
            : (PerSecond(notes.Pairs), total - notes.Pairs);
        return new JobAnswer(
            task.Id, task.Kind, notes.GalleryId, StateOf(task), task.Created, task.Changed, notes.Threshold,
            notes.Exhaustive, notes.Persons, notes.PersonsTotal, notes.Pairs, total, notes.Found, notes.Seconds,
            PerSecond(notes.Pairs), isOpen && rate > 0 ? Math.Max(0, left) / rate : null, notes.WithoutSamples,
            notes.Cut, notes.Unreadable, notes.StateAtStart, notes.StateAtEnd, notes.ChangedDuring, notes.Reason)
        {
            Lines = notes.Lines is not { } done ? null : new JobLines(
                done.Total, done.Done, done.With, done.Without, done.NotCompared, done.Incomplete, done.Refused,
                done.Errors, PerSecond(done.Done)),
        };

        double PerSecond(long count) => notes.Seconds > 0 ? count / notes.Seconds : 0;
    }

    public static string StateOf(TaskRecord task) =>
        task.State == TaskState.Waiting && task.Owner is not null ? "running" : Word(task.State);

    public static string Word(TaskState state) => state.ToString().ToLowerInvariant();
}
