using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Matching.Tasks;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Api.Jobs;

/// <summary>Asks the agreements how much may be read now of what a job found.</summary>
internal sealed class JobRight(IUsePolicy policy)
{
    /// <summary>How much leaves, or why nothing does.</summary>
    /// <param name="job">The job with its notes.</param>
    /// <param name="http">Who reads.</param>
    public async ValueTask<Parsed<ReleaseProfile>> ReleaseAsync(TaskRecord job, HttpContext http)
    {
        JobNotes notes = JobNotes.Decode(job.Progress.Span);
        Use reader = http.Use();
        UseDecision decision = await policy.DecideAsync(
            new Use
            {
                Partner = job.Partner,
                Purpose = notes.Purpose ?? reader.Purpose,
                Agreement = notes.Agreement ?? reader.Agreement,
                Decided = reader.Decided,
            },
            UseRequest.Of(Operation.Identify, notes.GalleryId) with { IsQuestion = true }, http.RequestAborted);
        if (decision.Refusal is { } refusal)
        {
            return Failure.Of(refusal);
        }

        // Pairs are kept whole, and cut when they are read.
        ReleaseProfile most = reader.AtMost is { } wanted && wanted < decision.Release ? wanted : decision.Release;
        if (job.Kind == JobKinds.Deduplicate)
        {
            return Parsed<ReleaseProfile>.Of(most < notes.Release ? most : notes.Release);
        }

        // Answers were cut to the agreement's profile when they were made; they are not cut again.
        return decision.Release < notes.Release
            ? new Failure(
                FailureCode.ReleaseTooSmall,
                $"the agreement releases {ReleaseWords.Of(decision.Release)} now, and the job has answers with "
                + $"{ReleaseWords.Of(notes.Release)}")
            : most < notes.Release
                ? Failure.Invalid(
                    StatedUse.ReleaseHeader, ReleaseWords.Of(most),
                    $"{ReleaseWords.Of(notes.Release)}, as the job was begun with; a job that shows less is begun so")
            : Parsed<ReleaseProfile>.Of(notes.Release);
    }
}
