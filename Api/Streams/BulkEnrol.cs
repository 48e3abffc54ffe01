using System.Text.Json;
using System.Threading.Channels;
using MatchCluster.Api.Audit;
using MatchCluster.Api.Http;
using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Http.Requests;
using MatchCluster.Api.Osia.Contract;
using MatchCluster.Api.Osia.Endpoints;
using MatchCluster.Api.Osia.Reading;
using MatchCluster.Api.Retention;
using MatchCluster.Api.Searching;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;
using Microsoft.Extensions.Options;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace MatchCluster.Api.Streams;

/// <summary>
/// A stream of encounters of any length. One batch is read while the one before it is written, so that two
/// batches are the memory a stream takes; a line is settled when it is durable or its error was sent.
/// </summary>
internal static class BulkEnrol
{
    /// <summary>A line with its write, or with the failure that stands in its place.</summary>
    private sealed record Prepared(
        long Line, int Bytes, LineIds Ids, Write? Write, Failure? Failure, PersonIdsOthers? Others = null)
    {
        /// <summary>Bytes of pictures, which the line may only have named.</summary>
        public long PictureBytes => (Write as Write.Create)?.Encounter.PictureBytes ?? 0;
    }

    public static async Task RunAsync(
        EncounterRoot root, TimeProvider clock, EncounterIntake intake, IOptions<JsonOptions> json, HttpContext http)
    {
        JsonSerializerOptions options = json.Value.SerializerOptions;
        NdjsonWriter answers = NdjsonWriter.Begin(http, options);
        var body = (MeteredBody)http.Request.Body;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        var batches = Channel.CreateBounded<List<Prepared>>(1);
        Task reading = ReadAsync(body, clock, intake, options, http, batches.Writer, ending.Token);
        EnrolCount count = default;
        try
        {
            await foreach (List<Prepared> batch in batches.Reader.ReadAllAsync(ending.Token))
            {
                for (int done = 0, next; done < batch.Count; done = next)
                {
                    int room = await RatePace.RoomAsync(http, ending.Token);
                    next = done + Math.Min(room, batch.Count - done);
                    List<Prepared> part = batch[done..next];
                    count = await SettleAsync(part, root, count, answers, http, ending.Token);
                    body.Return(part.Sum(line => (long)line.Bytes));
                    answers.Write(new EnrolAnswer { Progress = count });
                    await answers.FlushAsync(ending.Token);
                }
            }

            answers.Write(new EnrolAnswer { Done = count });
            await answers.FlushAsync(ending.Token);
        }
        finally
        {
            await ending.CancelAsync();
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async ValueTask<EnrolCount> SettleAsync(
        List<Prepared> batch, EncounterRoot root, EnrolCount before, NdjsonWriter answers, HttpContext http,
        CancellationToken cancel)
    {
        AuditNotes? audit = AuditNotes.Of(http);
        DateTimeOffset started = audit?.Now() ?? default;
        Prepared[] writes = [.. batch.Where(line => line.Write is not null)];
        IReadOnlyList<WriteResult> results = writes.Length == 0 ? []
            : await root.ApplyAsync(
                [.. writes.Select(line => line.Write!)], http.LineBudget(cancel));
        int next = 0;
        long refused = 0;
        foreach (Prepared line in batch)
        {
            Failure? failure = line.Failure ?? EncounterService.FailureOf(results[next++]);
            audit?.EnrolledLine(
                line.Line, started, failure, line.Ids.PersonId,
                (line.Write as Write.Create)?.Encounter.Galleries ?? []);
            if (failure is not null)
            {
                refused++;
                answers.Write(About(line) with { Error = LineError.Of(failure) });
            }
            else if (line.Others is { } others)
            {
                answers.Write(About(line) with { Others = others });
            }
        }

        return new EnrolCount(
            batch[^1].Line, before.Applied + batch.Count - refused, before.Refused + refused);
    }

    private static EnrolAnswer About(Prepared line) =>
        new() { Line = line.Line, PersonId = line.Ids.PersonId, EncounterId = line.Ids.EncounterId };

    private static async Task ReadAsync(
        MeteredBody body, TimeProvider clock, EncounterIntake intake, JsonSerializerOptions options, HttpContext http,
        ChannelWriter<List<Prepared>> batches, CancellationToken cancel)
    {
        Exception? error = null;
        try
        {
            List<Prepared> batch = [];
            long bytes = 0;
            await foreach (NdjsonLine line in NdjsonReader.ReadAsync(body, cancel))
            {
                batch.Add(await LineDefects.HoldAsync(
                    http,
                    () => PrepareAsync(line, clock.GetUtcNow(), intake, options, http, cancel),
                    failure => new Prepared(line.Number, line.Bytes?.Length ?? 0, default, null, failure)));
                bytes += (line.Bytes?.Length ?? 0) + batch[^1].PictureBytes;

                // A full batch waits for its turn; a smaller one goes as soon as the writer is idle, so that
                // a slow stream is acked line by line and a fast one in large commits. Where all callers together hold
                // much, one line is a full batch.
                bool isFull = body.IsTight || batch.Count >= ApiLimits.EnrolBatchLines
                    || bytes >= ApiLimits.EnrolBatchBytes;
                if (isFull || batches.TryWrite(batch))
                {
                    if (isFull)
                    {
                        await batches.WriteAsync(batch, cancel);
                    }

                    batch = [];
                    bytes = 0;
                }
            }

            if (batch.Count > 0)
            {
                await batches.WriteAsync(batch, cancel);
            }
        }
        catch (Exception broken)
        {
            error = broken; // The consumer meets it where it waits for the next batch.
        }

        batches.Complete(error);
    }

    private static async ValueTask<Prepared> PrepareAsync(
        NdjsonLine line, DateTimeOffset now, EncounterIntake intake, JsonSerializerOptions options, HttpContext http,
        CancellationToken cancel)
    {
        if (line.Bytes is null)
        {
            return new Prepared(line.Number, 0, default, null, NdjsonLine.TooLong());
        }

        NotStored notStored = NotStored.For(http);
        Parsed<EnrolLine> read = await StreamJson.ReadAsync<EnrolLine>(
            line.Bytes, "encounter", options, http, notStored, cancel);
        if (read.IsFailed)
        {
            return new Prepared(line.Number, line.Bytes.Length, LineIds.Of(line.Bytes), null, read.Failure);
        }

        EnrolLine enrol = read.Value;
        LineIds ids = LineIds.Of(enrol);
        Failure? badId = Identifiers.Check("personId", enrol.PersonId)
            ?? Identifiers.Check("encounter.encounterId", enrol.Encounter.EncounterId);
        if (badId is not null)
        {
            return new Prepared(line.Number, line.Bytes.Length, ids, null, badId);
        }

        Parsed<Encounter> encounter = await intake.ReadAsync(
            enrol.Encounter, enrol.PersonId, enrol.Encounter.EncounterId,
            ExpiresAt.Read("expiresAt", enrol.ExpiresAt, now), notStored, http.LineBudget(cancel), http,
            isPatient: true);
        return encounter.IsFailed
            ? new Prepared(line.Number, line.Bytes.Length, ids, null, encounter.Failure)
            : new Prepared(
                line.Number, line.Bytes.Length, ids,
                new Write.Create(encounter.Value), null, notStored.Others);
    }
}
