using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Http.Requests;
using MatchCluster.Api.Osia.Writing;
using MatchCluster.Api.Tasks;
using MatchCluster.Matching.Deduplication;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Tasks;
using MatchCluster.Matching.Uses;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace MatchCluster.Api.Jobs;

/// <summary>Long work over a whole gallery: it is accepted, watched, paused, and its results are read.</summary>
internal static class JobRoutes
{
    private const string Lines = "application/x-ndjson";
    private const string Table = "text/csv";
    private const int MostListed = 1000;

    private static readonly string[] Kinds = [JobKinds.Deduplicate];

    public static void Map(IEndpointRouteBuilder mc)
    {
        mc.MapPost("/jobs", CreateAsync).WithName("createJob").Needs(Scopes.Jobs);
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
            .Produces<JobGroup>(contentType: Lines);
        mc.MapGet("/jobs/{jobId}/report", ReportAsync).WithName("readJobReport").Needs(Scopes.Jobs)
            .Produces<string>(contentType: "text/html");
    }

    private static async Task<Results<Ok<JobAnswer>, ProblemFailed>> CreateAsync(
        TaskDesk desk, IUsePolicy policy, TimeProvider clock, HttpContext http,
        [FromQuery(Name = "kind")] string? kind = null, [FromQuery(Name = "galleryId")] string? galleryId = null,
        [FromQuery(Name = "threshold")] double? threshold = null,
        [FromQuery(Name = "accuracyLevel")] string accuracyLevel = "default")
    {
        Failure? wrong = kind != JobKinds.Deduplicate ? Failure.Invalid("kind", kind, JobKinds.Deduplicate)
            : Identifiers.Check("galleryId", galleryId)
            ?? (galleryId is null ? Failure.Invalid("galleryId", galleryId, "a gallery") : null)
            ?? (threshold is { } asked && !(asked is >= 20 and <= 1000)
                ? Failure.Invalid("threshold", $"{asked}", "20..1000") : null)
            ?? (accuracyLevel is not ("default" or "exhaustive")
                ? Failure.Invalid("accuracyLevel", accuracyLevel, "default or exhaustive") : null)
            ?? (!desk.IsOpen ? new Failure(FailureCode.Unknown, "this server keeps no tasks") : null);
        if (wrong is not null)
        {
            return new ProblemFailed(wrong);
        }

        Use use = http.Use();
        UseDecision decision = await policy.DecideAsync(
            use, UseRequest.Of(Operation.Identify, galleryId!) with { Threshold = threshold }, http.RequestAborted);
        if (decision.Refusal is { } refusal)
        {
            return new ProblemFailed(Failure.Of(refusal));
        }

        bool exhaustive = accuracyLevel == "exhaustive";
        JobCall call = new(
            galleryId!, threshold, exhaustive, use.Partner, use.Subject, use.IsPerson, use.Purpose, use.Agreement,
            use.AtMost);
        string key = IdempotencyKey.Of(http);
        byte[] request = call.Encode();
        TaskRecord task = TaskRecord.Make(
            kind!, use.Partner,
            key.Length == 0 ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))),
            SHA256.HashData((call with { Subject = "" }).Encode()), request, 0, clock.GetUtcNow()) with
        {
            Progress = new JobNotes
            {
                GalleryId = galleryId!,
                Exhaustive = exhaustive,
                Threshold = threshold,
                Release = decision.Release,
            }.Encode(),
        };
        Parsed<string> id = await desk.AcceptAsync(task, http.RequestAborted);
        return id.Failure is { } failure ? new ProblemFailed(failure) : await ReadAsync(id.Value!, desk, http);
    }

    private static async Task<Results<Ok<JobPage>, ProblemFailed>> ListAsync(TaskDesk desk, HttpContext http)
    {
        if (!desk.IsOpen)
        {
            return TypedResults.Ok(new JobPage([]));
        }

        try
        {
            IReadOnlyList<TaskRecord> listed = await desk.Store.ListAsync(
                new TaskQuery(http.SeenPartner(), Kinds, Most: MostListed), http.RequestAborted);
            TaskRecord?[] jobs = await Task.WhenAll(
                listed.Select(job => desk.Store.ReadAsync(job.Id, http.RequestAborted).AsTask()));
            return TypedResults.Ok(new JobPage([.. jobs.OfType<TaskRecord>().Select(AnswerOf)]));
        }
        catch (StoreException fault)
        {
            return new ProblemFailed(Failure.Of(fault.Outage));
        }
    }

    private static async Task<Results<Ok<JobAnswer>, ProblemFailed>> ReadAsync(
        string jobId, TaskDesk desk, HttpContext http)
    {
        Parsed<TaskRecord> job = await FindAsync(jobId, desk, http);
        return job.Failure is { } failure ? new ProblemFailed(failure) : TypedResults.Ok(AnswerOf(job.Value!));
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

        try
        {
            DateTimeOffset now = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
            return await desk.Store.ControlAsync(
                jobId, from, new TaskChange(now) { State = to, Due = now }, http.RequestAborted)
                ? await ReadAsync(jobId, desk, http)
                : new ProblemFailed(new Failure(
                    FailureCode.Conflict,
                    $"the job is {StateOf(job.Value!)}, wanted {string.Join(" or ", from.Select(Word))}"));
        }
        catch (StoreException fault)
        {
            return new ProblemFailed(Failure.Of(fault.Outage));
        }
    }

    private static async Task<IResult> ResultsAsync(
        string jobId, TaskDesk desk, HttpContext http,
        [FromQuery(Name = "format")] string format = "ndjson")
    {
        if (format is not ("ndjson" or "csv"))
        {
            return new ProblemFailed(Failure.Invalid("format", format, "ndjson or csv"));
        }

        Parsed<(TaskRecord Job, IReadOnlyList<JobGroup> Groups)> read = await GroupsAsync(jobId, desk, http);
        if (read.Failure is { } failure)
        {
            return new ProblemFailed(failure);
        }

        StringBuilder text = new();
        if (format == "ndjson")
        {
            foreach (JobGroup group in read.Value.Groups)
            {
                text.Append(JsonSerializer.Serialize(group, JobJson.Default.JobGroup)).Append('\n');
            }

            return TypedResults.Text(text.ToString(), Lines);
        }

        text.Append("group,personId,otherId,score\r\n");
        for (int group = 0; group < read.Value.Groups.Count; group++)
        {
            foreach (JobLink link in read.Value.Groups[group].Links)
            {
                text.Append(
                    System.Globalization.CultureInfo.InvariantCulture,
                    $"{group + 1},{CsvText.Cell(link.PersonId)},{CsvText.Cell(link.OtherId)},{link.Score}\r\n");
            }
        }

        return TypedResults.Text(text.ToString(), Table);
    }

    private static async Task<IResult> ReportAsync(
        string jobId, TaskDesk desk, HttpContext http)
    {
        Parsed<(TaskRecord Job, IReadOnlyList<JobGroup> Groups)> read = await GroupsAsync(jobId, desk, http);
        return read.Failure is { } failure ? new ProblemFailed(failure)
            : TypedResults.Text(
                JobReport.Of(AnswerOf(read.Value.Job), read.Value.Groups), "text/html", Encoding.UTF8);
    }

    private static async Task<Parsed<(TaskRecord Job, IReadOnlyList<JobGroup> Groups)>> GroupsAsync(
        string jobId, TaskDesk desk, HttpContext http)
    {
        Parsed<TaskRecord> found = await FindAsync(jobId, desk, http);
        if (found.Failure is { } failure)
        {
            return failure;
        }

        TaskRecord job = found.Value!;
        PartnerIds? ids = http.RequestServices.GetService<PartnerIds>();
        try
        {
            // The job's profile, or less where the caller wants to see less.
            JobNotes notes = JobNotes.Decode(job.Progress.Span);
            ReleaseProfile release = http.Use().AtMost is { } most && most < notes.Release ? most : notes.Release;
            if (ids is null && release is ReleaseProfile.Candidates or ReleaseProfile.Scores)
            {
                return new Failure(
                    FailureCode.Unknown, "no key for the ids of this release profile; wanted --reference-key");
            }

            IReadOnlyList<DuplicateGroup> groups = await PairLines.GroupsAsync(desk.Store, job, http.RequestAborted);
            IReadOnlyList<JobGroup> released =
                [.. groups.Select(group => PairLines.Released(group, release, job.Partner, ids))];
            return (job, released);
        }
        catch (StoreException fault)
        {
            return Failure.Of(fault.Outage);
        }
    }

    private static async Task<Parsed<TaskRecord>> FindAsync(string jobId, TaskDesk desk, HttpContext http)
    {
        try
        {
            return desk.IsOpen && await desk.Store.ReadAsync(jobId, http.RequestAborted) is { } job
                && Kinds.Contains(job.Kind) && (http.SeenPartner() is not { } partner || job.Partner == partner)
                ? job : new Failure(FailureCode.Unknown, "unknown job");
        }
        catch (StoreException fault)
        {
            return Failure.Of(fault.Outage);
        }
    }

    private static JobAnswer AnswerOf(TaskRecord task)
    {
        JobNotes notes = JobNotes.Decode(task.Progress.Span);
        double rate = notes.Seconds > 0 ? notes.Pairs / notes.Seconds : 0;
        long total = DuplicateRequest.PairsOf(notes.PersonsTotal);
        bool isOpen = task.State is TaskState.Waiting or TaskState.Paused;
        return new JobAnswer(
            task.Id, task.Kind, notes.GalleryId, StateOf(task), task.Created, task.Changed, notes.Threshold,
            notes.Exhaustive, notes.Persons, notes.PersonsTotal, notes.Pairs, total, notes.Found, notes.Seconds, rate,
            isOpen && rate > 0 ? Math.Max(0, total - notes.Pairs) / rate : null, notes.WithoutSamples, notes.Cut,
            notes.Unreadable, notes.StateAtStart, notes.StateAtEnd, notes.ChangedDuring, notes.Reason);
    }

    private static string StateOf(TaskRecord task) =>
        task.State == TaskState.Waiting && task.Owner is not null ? "running" : Word(task.State);

    private static string Word(TaskState state) => state.ToString().ToLowerInvariant();
}
