using System.Buffers;
using MatchCluster.Api.Http;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Streams;
using MatchCluster.Matching.Audit;
using MatchCluster.Matching.Storage;
using Microsoft.AspNetCore.Mvc;

namespace MatchCluster.Api.Operator;

/// <summary>
/// Rows of the audit log, one a line, byte for byte as they are chained: the SHA-256 of a line is the "previous" of the
/// next one. Reading them is a use too.
/// </summary>
internal static class AuditRead
{
    private const int DefaultLimit = 1000;

    public static async Task RunAsync(
        HttpContext http,
        [FromQuery(Name = "after")] long after = 0,
        [FromQuery(Name = "limit")] int limit = DefaultLimit,
        [FromQuery(Name = "person")] string? person = null)
    {
        if (http.RequestServices.GetService<AuditLog>() is not { } log)
        {
            await HttpAnswers.WriteProblemAsync(http, new Failure(
                FailureCode.Unknown,
                "there is no audit log; the server keeps one when it is started with --audit true"));
            return;
        }

        if (after < 0 || limit is < 1 or > ApiLimits.AuditPage)
        {
            await HttpAnswers.WriteProblemAsync(http, Failure.Invalid(
                "after, limit", $"{after}, {limit}", $"0 or more, and 1..{ApiLimits.AuditPage}"));
            return;
        }

        IReadOnlyList<AuditRow> rows;
        try
        {
            rows = await log.ReadAsync(after, limit, person, http.RequestAborted);
        }
        catch (StoreException fault)
        {
            await HttpAnswers.WriteProblemAsync(http, Failure.Of(fault.Outage));
            return;
        }

        http.Response.ContentType = NdjsonWriter.ContentType;
        foreach (AuditRow row in rows)
        {
            http.Response.BodyWriter.Write(row.Json);
            http.Response.BodyWriter.Write("\n"u8);
        }

        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
    }
}
