using System.ComponentModel;
using System.Text.Json;
using System.Threading.Channels;
using MatchCluster.Api.Http;
using MatchCluster.Api.Osia;
using MatchCluster.Api.Searching;
using MatchCluster.Matching;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Scores;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace MatchCluster.Api.Mc;

/// <summary>
/// Many probes in one request. They are read and prepared ahead while the batch before them is searched;
/// whatever is ready then, 64 at most and less where 64 would take long, crosses the partitions together, and its
/// answers are sent at once.
/// </summary>
internal static class BatchIdentify
{
    /// <summary>A line with its request, or with the failure that stands in its place.</summary>
    private sealed record Prepared(long Line, string? Id, IdentifyRequest? Request, Failure? Failure);

    public static async Task RunAsync(
        string galleryId,
        [Description("0 lowest .. 9 highest, default 0: a stream waits where a single call is refused.")]
        [FromQuery(Name = Priority.Name)] int? priority,
        SearchDoor door, AdmissionGate gate, IOptions<JsonOptions> json, HttpContext http)
    {
        Priority urgency = priority is { } level ? new Priority(level) : Priority.Stream;
        JsonSerializerOptions options = json.Value.SerializerOptions;
        NdjsonWriter answers = NdjsonWriter.Begin(http, options);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        var ready = Channel.CreateBounded<Prepared>(new BoundedChannelOptions(Limits.SearchesPerBatch)
        {
            SingleReader = true,
            SingleWriter = true,
        });
        Task reading = ReadAsync(http, galleryId, options, ready.Writer, ending.Token);
        try
        {
            while (await ready.Reader.WaitToReadAsync(ending.Token))
            {
                List<Prepared> batch = [];
                int most = Math.Min(gate.PortionFor(urgency), Limits.SearchesPerBatch);
                while (batch.Count < most && ready.Reader.TryRead(out Prepared? next))
                {
                    batch.Add(next);
                }

                await AnswerAsync(batch, door, urgency, http, answers);
                await answers.FlushAsync(ending.Token);
            }
        }
        finally
        {
            await ending.CancelAsync();
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task ReadAsync(
        HttpContext http, string gallery, JsonSerializerOptions options, ChannelWriter<Prepared> ready,
        CancellationToken cancel)
    {
        Exception? error = null;
        try
        {
            await foreach (NdjsonLine line in NdjsonReader.ReadAsync(http.Request.BodyReader, cancel))
            {
                await ready.WriteAsync(Prepare(line, gallery, options), cancel);
            }
        }
        catch (Exception broken)
        {
            error = broken; // The consumer meets it where it waits for the next line.
        }

        ready.Complete(error);
    }

    private static Prepared Prepare(NdjsonLine line, string gallery, JsonSerializerOptions options)
    {
        if (line.Bytes is null)
        {
            return new Prepared(line.Number, null, null, NdjsonLine.TooLong());
        }

        Mapped<BatchProbe> read = McJson.Read<BatchProbe>(line.Bytes, options);
        if (read.IsFailed)
        {
            return new Prepared(line.Number, null, null, read.Failure);
        }

        BatchProbe probe = read.Value;
        Mapped<IdentifyRequest> request = RequestOf(probe, gallery);
        return new Prepared(line.Number, probe.Id, request.Value, request.Failure);
    }

    private static Mapped<IdentifyRequest> RequestOf(BatchProbe line, string gallery)
    {
        if (Identifiers.Check("id", line.Id) is { } badId)
        {
            return badId;
        }

        if (line.TargetFpir is not null && line.Filter?.TargetFpir is not null)
        {
            return new Failure(FailureCode.InvalidFilter, "targetFpir: found beside filter.targetFPIR");
        }

        OsiaFilter? filter = line.TargetFpir is null
            ? line.Filter : (line.Filter ?? new OsiaFilter()) with { TargetFpir = line.TargetFpir };
        Mapped<Probe> probe = BiometricDataReader.ReadProbe(line.BiometricData, "biometricData");
        return probe.IsFailed ? probe.Failure
            : SearchReader.Read(
                probe.Value, gallery, filter, line.MaxNbCand, line.Threshold, line.Exhaustive ?? false,
                line.Fast ?? false, line.SwappedHands ?? false);
    }

    private static async ValueTask AnswerAsync(
        List<Prepared> batch, SearchDoor door, Priority priority, HttpContext http, NdjsonWriter answers)
    {
        foreach (Prepared failed in batch.Where(line => line.Failure is not null))
        {
            answers.Write(Failed(failed, failed.Failure!));
        }

        Prepared[] asked = [.. batch.Where(line => line.Failure is null)];
        if (asked.Length == 0)
        {
            return;
        }

        Mapped<IReadOnlyList<IdentifyAnswer>> found =
            await door.WaitAndIdentifyAsync(
                [.. asked.Select(line => line.Request!)], priority, http.Budget());
        for (int i = 0; i < asked.Length; i++)
        {
            answers.Write(found.IsFailed ? Failed(asked[i], found.Failure) : Answered(asked[i], found.Value[i]));
        }
    }

    private static BatchAnswer Failed(Prepared line, Failure failure) =>
        new() { Id = line.Id, Line = line.Line, Error = LineError.Of(failure) };

    private static BatchAnswer Answered(Prepared line, IdentifyAnswer answer)
    {
        if (answer.Refusal is { } refusal)
        {
            return Failed(line, Failure.Of(refusal));
        }

        Coverage coverage = answer.Coverage;
        return new BatchAnswer
        {
            Id = line.Id,
            Line = line.Line,
            Complete = coverage.IsComplete,
            Coverage = new BatchCoverage(
                coverage.PartitionsAsked, coverage.PartitionsAnswered, coverage.IdentitiesHeld,
                coverage.IdentitiesSearched, coverage.Missing)
            {
                IdentitiesComparable = coverage.IdentitiesComparable,
            },
            Compared = coverage.HasCompared,
            AboveThreshold = answer.AboveThreshold,
            Cut = answer.IsCut ? true : null,
            Penetration = answer.FirstStage is { Comparisons: > 0 } ? answer.Penetration : null,
            Fast = answer.Fast,
            Threshold = answer.Threshold,
            Fpir = answer.FpirAtThreshold,
            ElapsedMs = answer.Elapsed.TotalMilliseconds,
            // An empty list reads as "no candidate": a search without one that is incomplete or compared nothing
            // says only what it covered.
            Candidates = Covered.FailureOf(answer) is null ? AnswerWriter.Candidates(answer) : null,
        };
    }
}
