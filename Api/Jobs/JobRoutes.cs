using System.Text;
using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Tasks;
using MatchCluster.Matching.Tasks;
using MatchCluster.Matching.Uses;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace MatchCluster.Api.Jobs;

/// <summary>Long work over a whole gallery: it is accepted, watched, paused, and its results are read.</summary>
internal static class JobRoutes
{
    private const int MostListed = 1000;

    /// <summary>What the lines of a labelled set come to.</summary>
    private const string Figures = "figures";

    public static void Map(IEndpointRouteBuilder mc)
    {
        mc.MapPost("/jobs", JobCreation.RunAsync).WithName("createJob").Needs(Scopes.Jobs);
        mc.MapGet("/jobs", ListAsync).WithName("listJobs").Needs(Scopes.Jobs);
        mc.MapGet("/jobs/{jobId}", ReadAsync).WithName("readJob").Needs(Scopes.Jobs);
        mc.MapPost("/jobs/{jobId}/pause", (string jobId, TaskDesk desk, HttpContext http) =>
            ControlAsync(jobId, [TaskState.Waiting], TaskState.Paused, desk, http))
            .WithName("pauseJob").Needs(Scopes.Jobs);
        mc.MapPost("/jobs/{jobId}/resume", (string jobId, TaskDesk desk, TaskPulse pulse, HttpContext http) =>
            ResumeAsync(jobId, desk, pulse, http)).WithName("resumeJob").Needs(Scopes.Jobs);
        mc.MapPost("/jobs/{jobId}/cancel", (string jobId, TaskDesk desk, HttpContext http) =>
            ControlAsync(jobId, [TaskState.Waiting, TaskState.Paused], TaskState.Cancelled, desk, http))
            .WithName("cancelJob").Needs(Scopes.Jobs);
        mc.MapGet("/jobs/{jobId}/results", ResultsAsync).WithName("readJobResults").Needs(Scopes.Jobs)
            .Produces<JobGroup>(contentType: JobBody.NdjsonType);
        mc.MapGet("/jobs/{jobId}/report", ReportAsync).WithName("readJobReport").Needs(Scopes.Jobs)
            .Produces<string>(contentType: "text/html");
    }

    private static async Task<Results<Ok<JobPage>, ProblemFailed>> ListAsync(TaskDesk desk, HttpContext http)
    {
        if (!desk.IsOpen)
        {
            return TypedResults.Ok(new JobPage([]));
        }

        IReadOnlyList<TaskRecord> listed = await desk.Store.ListAsync(
            new TaskQuery(http.SeenPartner(), JobKinds.All, Most: MostListed), http.RequestAborted);
        TaskRecord?[] jobs = await Task.WhenAll(
            listed.Select(job => desk.Store.ReadNotesAsync(job.Id, http.RequestAborted).AsTask()));
        return TypedResults.Ok(new JobPage([.. jobs.OfType<TaskRecord>().Select(JobAnswers.Of)]));
    }

    /// <summary>Answers a job as it is now.</summary>
    public static async Task<Results<Ok<JobAnswer>, ProblemFailed>> ReadAsync(
        string jobId, TaskDesk desk, HttpContext http)
    {
        Parsed<TaskRecord> job = await FindAsync(jobId, desk, http);
        return job.Failure is { } failure ? new ProblemFailed(failure) : TypedResults.Ok(JobAnswers.Of(job.Value!));
    }

    private static async Task<Results<Ok<JobAnswer>, ProblemFailed>> ResumeAsync(
        string jobId, TaskDesk desk, TaskPulse pulse, HttpContext http)
    {
        Results<Ok<JobAnswer>, ProblemFailed> answer =
            await ControlAsync(jobId, [TaskState.Paused], TaskState.Waiting, desk, http);
        pulse.Beat();
        return answer;
    }

    /// <summary>Changes the state; whoever works at the job loses its claim and stops.</summary>
    private static async Task<Results<Ok<JobAnswer>, ProblemFailed>> ControlAsync(
        string jobId, TaskState[] from, TaskState to, TaskDesk desk, HttpContext http)
    {
        Parsed<TaskRecord> job = await FindAsync(jobId, desk, http);
        if (job.Failure is { } failure)
        {
            return new ProblemFailed(failure);
        }

        DateTimeOffset now = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        return await desk.Store.ControlAsync(
            jobId, from,
            new TaskChange(now) { State = to, Due = now, ErasesRequest = to == TaskState.Cancelled },
            http.RequestAborted)
            ? await ReadAsync(jobId, desk, http)
            : new ProblemFailed(new Failure(
                FailureCode.Conflict,
                $"the job is {JobAnswers.StateOf(job.Value!)}, wanted "
                + string.Join(" or ", from.Select(JobAnswers.Word))));
    }

    private static async Task<IResult> ResultsAsync(
        string jobId, TaskDesk desk, JobRight right, HttpContext http,
        [FromQuery(Name = "format")] string format = "ndjson")
    {
        if (format is not ("ndjson" or "csv" or Figures))
        {
            return new ProblemFailed(Failure.Invalid("format", format, $"ndjson, csv or {Figures}"));
        }

        bool isTable = format == "csv";
        Parsed<(TaskRecord Job, ReleaseProfile Release)> found = await FindAsync(jobId, desk, right, http);
        if (found.IsFailed)
        {
            return new ProblemFailed(found.Failure);
        }

        (TaskRecord job, ReleaseProfile release) = found.Value;
        return format == Figures ? job.Kind == JobKinds.Accuracy
                ? await AccuracyResults.FiguresAsync(job, desk)
                : new ProblemFailed(Failure.Invalid("format", format, $"ndjson or csv of a job {job.Kind}"))
            : job.Kind == JobKinds.Deduplicate ? await GroupResults.ReadAsync(job, release, isTable, desk, http)
            : LineResults.Answer(job, isTable, desk);
    }

    private static async Task<IResult> ReportAsync(
        string jobId, TaskDesk desk, JobRight right, HttpContext http)
    {
        Parsed<(TaskRecord Job, ReleaseProfile Release)> found = await FindAsync(jobId, desk, right, http);
        if (found.IsFailed)
        {
            return new ProblemFailed(found.Failure);
        }

        (TaskRecord job, ReleaseProfile release) = found.Value;
        return job.Kind switch
        {
            JobKinds.Deduplicate => await GroupResults.ReportAsync(job, release, desk, http),
            JobKinds.Accuracy => await AccuracyResults.ReportAsync(job, desk),
            _ => TypedResults.Text(LineReport.Of(job), "text/html", Encoding.UTF8),
        };
    }

    /// <summary>A job and how much of what it found may be read now.</summary>
    private static async Task<Parsed<(TaskRecord Job, ReleaseProfile Release)>> FindAsync(
        string jobId, TaskDesk desk, JobRight right, HttpContext http)
    {
        Parsed<TaskRecord> found = await FindAsync(jobId, desk, http);
        if (found.IsFailed)
        {
            return found.Failure;
        }

        Parsed<ReleaseProfile> release = await right.ReleaseAsync(found.Value, http);
        return release.IsFailed ? release.Failure
            : Parsed<(TaskRecord Job, ReleaseProfile Release)>.Of((found.Value, release.Value));
    }

    private static async Task<Parsed<TaskRecord>> FindAsync(string jobId, TaskDesk desk, HttpContext http)
    {
        return desk.IsOpen && await desk.Store.ReadNotesAsync(jobId, http.RequestAborted) is { } job
            && JobKinds.All.Contains(job.Kind) && (http.SeenPartner() is not { } partner || job.Partner == partner)
            ? job : new Failure(FailureCode.Unknown, "unknown job");
    }
}
