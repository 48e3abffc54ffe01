using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;
using MatchCluster.Api.Audit;
using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Http.Requests;
using MatchCluster.Api.Osia.Reading;
using MatchCluster.Api.Osia.Writing;
using MatchCluster.Api.Searching;
using MatchCluster.Matching;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace MatchCluster.Api.Streams;

/// <summary>
/// Many probes in one request. They are read and prepared ahead while the batch before them is searched;
/// whatever is ready then, 64 at most and less where 64 would take long or each is dear, goes through the
/// partitions together, and its answers are sent at once.
/// </summary>
internal static class BatchIdentify
{
    /// <summary>A line with its request, or with the failure that stands in its place.</summary>
    private sealed record Prepared(
        long Line, int Bytes, string? Id, IdentifyRequest? Request, Failure? Failure, NotStored? Notes = null,
        string? Hash = null, ProbeErasure? Erasure = null, string? Person = null);

    /// <summary>The time between two looks whether all callers together hold less.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    public static async Task RunAsync(
        string galleryId,
        [Description("0 lowest .. 9 highest, default 0: a stream waits where a single call is refused.")]
        [FromQuery(Name = Priority.Name)] int? priority,
        SearchService door, AdmissionGate gate, BatchProbes probes, IOptions<JsonOptions> json, HttpContext http)
    {
        Asker asker = Asker.Of(http, Priority.Stream);
        JsonSerializerOptions options = json.Value.SerializerOptions;
        NdjsonWriter answers = NdjsonWriter.Begin(http, options);
        var body = (MeteredBody)http.Request.Body;
        StrongBox<int> unanswered = new();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        var ready = Channel.CreateBounded<Task<Prepared>>(new BoundedChannelOptions(Limits.SearchesPerBatch)
        {
            SingleReader = true,
            SingleWriter = true,
        });
        Task reading = ReadAsync(
            body,
            line => LineDefects.HoldAsync(
                http,
                () => PrepareAsync(line, galleryId, options, probes, http, ending.Token),
                failure => new Prepared(line.Number, line.Bytes?.Length ?? 0, null, null, failure)),
            unanswered, ready.Writer, ending.Token);
        try
        {
            while (await ready.Reader.WaitToReadAsync(ending.Token))
            {
                List<Prepared> batch = [];
                SearchLoad load = default;
                Portion portion = gate.PortionFor(asker);
                int room = await RatePace.RoomAsync(http, ending.Token);
                while (batch.Count < room && HasRoom(load, batch.Count, portion)
                    && ready.Reader.TryRead(out Task<Prepared>? next))
                {
                    Prepared line = await next;
                    batch.Add(line);
                    load += line.Request is null ? default : SearchLoad.Of(line.Request);
                }

                await AnswerAsync(batch, door, asker, http, answers);
                batch.ForEach(line => line.Erasure?.Dispose());
                await answers.FlushAsync(ending.Token);
                body.Return(batch.Sum(line => (long)line.Bytes));
                Interlocked.Add(ref unanswered.Value, -batch.Count);
            }
        }
        finally
        {
            await ending.CancelAsync();
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Some lines of usual cost always go together; more, or dearer ones, where there is room for
    /// them.</summary>
    private static bool HasRoom(SearchLoad load, int lines, Portion portion) =>
        lines < Limits.SearchesPerBatch
        && (load.Cost < portion.Cost || (lines < portion.Lines && !load.IsLarge));

    private static async Task ReadAsync(
        MeteredBody body, Func<NdjsonLine, Task<Prepared>> prepare, StrongBox<int> unanswered,
        ChannelWriter<Task<Prepared>> ready, CancellationToken cancel)
    {
        Exception? error = null;
        try
        {
            await foreach (NdjsonLine line in NdjsonReader.ReadAsync(body, cancel))
            {
                Interlocked.Increment(ref unanswered.Value);
                await ready.WriteAsync(prepare(line), cancel);
                while (body.IsTight && Volatile.Read(ref unanswered.Value) > 0)
                {
                    await Task.Delay(Look, cancel);
                }
            }
        }
        catch (Exception broken)
        {
            error = broken; // The consumer meets it where it waits for the next line.
        }

        ready.Complete(error);
    }

    private static async ValueTask<Prepared> PrepareAsync(
        NdjsonLine line, string gallery, JsonSerializerOptions options, BatchProbes probes, HttpContext http,
        CancellationToken cancel)
    {
        if (line.Bytes is null)
        {
            return new Prepared(line.Number, 0, null, null, NdjsonLine.TooLong());
        }

        NotStored notes = NotStored.For(http);
        Parsed<BatchProbe> read = await StreamJson.ReadAsync<BatchProbe>(
            line.Bytes, null, options, http, notes, cancel);
        Erasure.Clear(line.Bytes);
        if (read.IsFailed)
        {
            return new Prepared(line.Number, line.Bytes.Length, null, null, read.Failure);
        }

        BatchProbe probe = read.Value;
        string? hash = null;
        List<Sample>? sent = null;
        Parsed<IdentifyRequest> request = await probes.RequestOfAsync(
            probe, gallery, notes, samples =>
            {
                hash = AuditNotes.Of(http)?.HashOf(samples);
                sent = probe.BiometricData is null ? null : samples;
            },
            http, cancel);
        return new Prepared(
            line.Number, line.Bytes.Length, probe.Id, request.Value, request.Failure, notes, hash,
            new ProbeErasure(probe.BiometricData ?? [], sent), probe.PersonId);
    }

    private static async ValueTask AnswerAsync(
        List<Prepared> batch, SearchService door, Asker asker, HttpContext http, NdjsonWriter answers)
    {
        AuditNotes? audit = AuditNotes.Of(http);
        DateTimeOffset started = audit?.Now() ?? default;
        foreach (Prepared failed in batch.Where(line => line.Failure is not null))
        {
            audit?.SearchedLine(failed.Line, started, failed.Failure, null, null, failed.Person);
            answers.Write(Failed(failed, failed.Failure!));
        }

        Prepared[] asked = [.. batch.Where(line => line.Failure is null)];
        if (asked.Length == 0)
        {
            return;
        }

        Parsed<IReadOnlyList<IdentifyAnswer>> found =
            await door.WaitAndIdentifyAsync(
                [.. asked.Select(line => line.Request!)], asker, http.Budget());
        for (int i = 0; i < asked.Length; i++)
        {
            IdentifyAnswer? answer = found.Value?[i];
            audit?.SearchedLine(
                asked[i].Line, started, answer is null ? found.Failure : CoverageRule.FailureOf(answer), answer,
                asked[i].Hash, asked[i].Person);
            answers.Write(answer is null ? Failed(asked[i], found.Failure!) : Answered(asked[i], answer));
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
            Case = answer.CaseId,
            Cut = answer.IsCut == true ? true : null,
            Penetration = answer.FirstStage is { Comparisons: > 0 } ? answer.Penetration : null,
            Loss = answer.Loss?.AtMost,
            ExpectedLoss = answer.Loss?.Expected,
            Fast = answer.Fast,
            Turns = answer.Turns,
            Forgiven = line.Notes?.Forgiven,
            NotUsed = line.Notes?.NotUsed,
            Extracted = line.Notes?.Extracted,
            Calibration = answer.Calibration.Id,
            Threshold = answer.Threshold,
            Fpir = answer.FpirAtThreshold,
            ElapsedMs = answer.Elapsed?.TotalMilliseconds,
            Release = AnswerWriter.ReleaseOf(answer.Permission),
            // An empty list reads as "no candidate": a search without one that is incomplete or compared nothing
            // says only what it covered.
            Candidates = CoverageRule.FailureOf(answer) is null ? AnswerWriter.Candidates(answer, line.Notes?.Forgiven)
                : null,
        };
    }
}
