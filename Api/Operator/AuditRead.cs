using System.Buffers;
using System.Globalization;
using MatchCluster.Api.Http;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Streams;
using MatchCluster.Matching.Audit;
using Microsoft.AspNetCore.Mvc;

namespace MatchCluster.Api.Operator;

/// <summary>
/// Rows of the audit log, one a line, byte for byte as they are chained: the SHA-256 of a line is the "previous" of the
/// next one. Reading them is a use too.
/// </summary>
internal static class AuditRead
{
    private const int DefaultLimit = 1000;
    private const int BytesPerFlush = 64 * 1024;

    /// <summary>A page of rows.</summary>
    public static async Task RunAsync(
        HttpContext http,
        [FromQuery(Name = "after")] long after = 0,
        [FromQuery(Name = "limit")] int limit = DefaultLimit,
        [FromQuery(Name = "person")] string? person = null,
        [FromQuery(Name = "from")] string? from = null,
        [FromQuery(Name = "to")] string? to = null)
    {
        Failure? wrong = limit is < 1 or > ApiLimits.AuditPage
            ? Failure.Invalid("limit", $"{limit}", $"1..{ApiLimits.AuditPage}") : null;
        if (await QueryOfAsync(http, wrong, after, person, from, to) is not { } asked)
        {
            return;
        }

        List<AuditRow> rows = await asked.Log.ReadAsync(asked.Query, limit, http.RequestAborted);

        http.Response.ContentType = NdjsonWriter.ContentType;
        foreach (AuditRow row in rows)
        {
            http.Response.BodyWriter.Write(row.Json);
            http.Response.BodyWriter.Write("\n"u8);
        }

        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
    }

    /// <summary>Every row of a query, and a signed manifest as the last line.</summary>
    public static async Task ExportAsync(
        HttpContext http,
        [FromQuery(Name = "after")] long after = 0,
        [FromQuery(Name = "person")] string? person = null,
        [FromQuery(Name = "from")] string? from = null,
        [FromQuery(Name = "to")] string? to = null)
    {
        if (await QueryOfAsync(http, null, after, person, from, to) is not { } asked)
        {
            return;
        }

        // Where the store fails later, the answer breaks off and has no manifest: its receiver sees that.
        http.Response.ContentType = NdjsonWriter.ContentType;
        long waiting = 0;
        await foreach (byte[] line in asked.Log.ExportAsync(asked.Query, http.RequestAborted))
        {
            http.Response.BodyWriter.Write(line);
            waiting += line.Length;
            if (waiting > BytesPerFlush)
            {
                await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
                waiting = 0;
            }
        }

        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
    }

    /// <summary>The log and what is asked of it; null where that was refused and answered.</summary>
    private static async Task<(AuditLog Log, AuditQuery Query)?> QueryOfAsync(
        HttpContext http, Failure? wrong, long after, string? person, string? from, string? to)
    {
        DateTimeOffset? begin = null;
        DateTimeOffset? end = null;
        wrong ??= after < 0 ? Failure.Invalid("after", $"{after}", "0 or more")
            : ProblemOf("from", from, out begin) ?? ProblemOf("to", to, out end)
            ?? (begin >= end ? Failure.Invalid("from, to", $"{from}, {to}", "a moment and a later one") : null);
        if (wrong is null && http.RequestServices.GetService<AuditLog>() is null)
        {
            wrong = new Failure(
                FailureCode.Unknown,
                "there is no audit log; the server keeps one when it is started with --audit true");
        }

        if (wrong is not null)
        {
            await HttpAnswers.WriteProblemAsync(http, wrong);
            return null;
        }

        return (
            http.RequestServices.GetRequiredService<AuditLog>(),
            new AuditQuery(after) { Person = person, From = begin, To = end });
    }

    private static Failure? ProblemOf(string name, string? text, out DateTimeOffset? moment)
    {
        moment = null;
        if (text is null)
        {
            return null;
        }

        string[] forms = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd"];
        if (DateTimeOffset.TryParseExact(
            text, forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset read))
        {
            moment = read;
            return null;
        }

        return Failure.Invalid(name, text, "a day or a moment as in RFC 3339, 2026-11-30T12:00:00Z");
    }
}
