using System.ComponentModel;
using System.Security.Cryptography;
using System.Text;
using MatchCluster.Api.Http;
using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Http.Images;
using MatchCluster.Api.Http.Requests;
using MatchCluster.Api.Tasks;
using MatchCluster.Matching;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Tasks;
using MatchCluster.Matching.Uses;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace MatchCluster.Api.Jobs;

/// <summary>Takes in jobs: checks what is asked, and keeps it.</summary>
internal static class JobCreation
{
    private const double LowestPair = 20;

    private static readonly string[] Kept =
    [
        StatedUse.PurposeHeader, StatedUse.AgreementHeader, StatedUse.ReleaseHeader, ImageHeaders.Prefer,
        ImageHeaders.Resolution, ImageHeaders.QualityMin,
    ];

    public static async Task<Results<Ok<JobAnswer>, ProblemFailed>> RunAsync(
        TaskDesk desk, IUsePolicy policy, TimeProvider clock, HttpContext http,
        [FromQuery(Name = "kind")] string? kind = null, [FromQuery(Name = "galleryId")] string? galleryId = null,
        [FromQuery(Name = "threshold")] double? threshold = null,
        [FromQuery(Name = "accuracyLevel")] string accuracyLevel = "default",
        [Description("Candidates of a line that does not say.")]
        [FromQuery(Name = "maxNbCand")] int? maxNbCand = null)
    {
        Failure? wrong = CheckKind(kind, http)
            ?? Identifiers.Check("galleryId", galleryId)
            ?? (galleryId is null ? Failure.Invalid("galleryId", galleryId, "a gallery") : null)
            ?? CheckThreshold(kind!, threshold)
            ?? (accuracyLevel is not ("default" or "exhaustive")
                ? Failure.Invalid("accuracyLevel", accuracyLevel, "default or exhaustive") : null)
            ?? CheckCandidates(kind!, maxNbCand)
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

        if (kind == JobKinds.Accuracy && decision.Release != ReleaseProfile.Full)
        {
            return new ProblemFailed(new Failure(
                FailureCode.ReleaseTooSmall,
                "kind: errors are counted by persons and scores; wanted an agreement that releases them, and no "
                + "MC-Release below full"));
        }

        JobCall call = new(
            galleryId!, threshold, accuracyLevel == "exhaustive", use.Partner, use.Subject, use.IsPerson, use.Purpose,
            use.Agreement, use.AtMost);
        JobNotes notes = new JobNotes
        {
            GalleryId = call.GalleryId,
            Exhaustive = call.Exhaustive,
            Threshold = threshold,
        }.AllowedBy(decision);
        if (kind != JobKinds.Deduplicate)
        {
            Parsed<(JobCall Call, LineNotes Lines)> read =
                await ReadLinesAsync(kind!, call with { MaxCandidates = maxNbCand }, decision, http);
            if (read.Failure is { } unread)
            {
                return new ProblemFailed(unread);
            }

            (call, notes) = (read.Value.Call, notes with { Lines = read.Value.Lines });
        }

        string key = IdempotencyKey.Of(http);
        byte[] request = call.Encode();
        TaskRecord task = TaskRecord.Make(
            kind!, use.Partner,
            key.Length == 0 ? null : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))),
            call.Digest(), request, 0, clock.GetUtcNow()) with
        {
            Progress = notes.Encode(),
        };
        try
        {
            Parsed<string> id = await desk.AcceptAsync(task, http.RequestAborted);
            return id.Failure is { } failure ? new ProblemFailed(failure)
                : await JobRoutes.ReadAsync(id.Value!, desk, http);
        }
        finally
        {
            // A store in memory keeps the very bytes of the request; a durable one has written them.
            Erasure.Clear(call.Body);
            Erasure.Clear(desk.Store is MemoryTaskStore ? default : request);
        }
    }

    private static async Task<Parsed<(JobCall Call, LineNotes Lines)>> ReadLinesAsync(
        string kind, JobCall call, UseDecision decision, HttpContext http)
    {
        if (JobBody.FormatOf(http.Request) is not { } format)
        {
            return new Failure(
                FailureCode.UnsupportedMediaType,
                $"wanted Content-Type: {JobBody.NdjsonType} (probes) or {JobBody.CsvType} (references)");
        }

        if (format == JobBody.Ndjson && (http.Use().NoRetain || decision.NoRetain))
        {
            return new Failure(
                FailureCode.TaskNotKept,
                "found probes of which nothing may be kept, and a job keeps them until it has ended; send them to "
                + "/mc/v1/identify");
        }

        Parsed<byte[]> body = await JobBody.ReadAsync(http);
        if (body.IsFailed)
        {
            return body.Failure;
        }

        Parsed<long> count = JobInput.Check(body.Value, format, LineWriter.ColumnsOf(kind));
        return count.IsFailed ? count.Failure
            : (call with
            {
                Format = format,
                Headers = Kept.Where(name => http.Request.Headers.ContainsKey(name))
                    .ToDictionary(name => name, name => http.Request.Headers[name].ToString()),
                Kind = http.Caller().Kind,
                Scopes = [.. http.Caller().Scopes.Order(StringComparer.Ordinal)],
                Body = body.Value,
            }, new LineNotes { Total = count.Value });
    }

    /// <summary>Who begins a job that searches may search.</summary>
    private static Failure? CheckKind(string? kind, HttpContext http)
    {
        if (kind is null || !JobKinds.All.Contains(kind))
        {
            return Failure.Invalid("kind", kind, string.Join(", ", JobKinds.All));
        }

        Caller caller = http.Caller();
        return kind == JobKinds.Deduplicate || caller.Kind == CallerKind.Unchecked
            || caller.Scopes.Contains(Scopes.BatchIdentify) ? null
            : new Failure(FailureCode.ScopeMissing,
                $"kind: {kind} searches; wanted the scope {Scopes.BatchIdentify} beside {Scopes.Jobs}");
    }

    private static Failure? CheckThreshold(string kind, double? threshold)
    {
        double lowest = kind == JobKinds.BatchIdentify ? 0 : LowestPair;
        return threshold is null || (threshold >= lowest && threshold <= ApiLimits.HighestThreshold) ? null
            : Failure.Invalid("threshold", $"{threshold}", $"{lowest}..{ApiLimits.HighestThreshold}");
    }

    private static Failure? CheckCandidates(string kind, int? most) =>
        most is null ? null
        : kind == JobKinds.Deduplicate ? Failure.Invalid("maxNbCand", $"{most}", $"none for {kind}")
        : most is >= 1 and <= Limits.CandidatesPerSearch ? null
        : Failure.Invalid("maxNbCand", $"{most}", $"1..{Limits.CandidatesPerSearch}");
}
