using System.Security.Cryptography;
using MatchCluster.Api.Http;
using MatchCluster.Api.Http.Failures;
using Microsoft.AspNetCore.Http.Features;

namespace MatchCluster.Api.Jobs;

/// <summary>The body of a call that begins a job over lines.</summary>
internal static class JobBody
{
    public const string Ndjson = "ndjson";
    public const string Csv = "csv";

    public const string NdjsonType = "application/x-ndjson";
    public const string CsvType = "text/csv";

    private const int ReadBytes = 64 * 1024;

    /// <summary>The form of the body by its media type, or null.</summary>
    public static string? FormatOf(HttpRequest request) =>
        request.ContentType?.Split(';')[0].Trim().ToLowerInvariant() switch
        {
            NdjsonType or "application/ndjson" or "application/jsonl" or "application/x-jsonlines" => Ndjson,
            CsvType => Csv,
            _ => null,
        };

    /// <summary>Reads it, up to the limit and no further.</summary>
    public static async Task<Parsed<byte[]>> ReadAsync(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = ApiLimits.JobBytes + 1L;
        }

        if (http.Request.ContentLength > ApiLimits.JobBytes)
        {
            return TooLong;
        }

        using MemoryStream read = new((int)(http.Request.ContentLength ?? ReadBytes));
        byte[] some = new byte[ReadBytes];
        try
        {
            int count;
            while ((count = await http.Request.Body.ReadAsync(some, http.RequestAborted)) > 0)
            {
                if (read.Length + count > ApiLimits.JobBytes)
                {
                    return TooLong;
                }

                read.Write(some, 0, count);
            }

            return read.ToArray();
        }
        finally
        {
            CryptographicOperations.ZeroMemory(some);
            CryptographicOperations.ZeroMemory(read.GetBuffer());
        }
    }

    private static Failure TooLong { get; } = new(
        FailureCode.BodyTooLarge,
        $"the body is longer than {ApiLimits.JobBytes} bytes: send its lines in several jobs");
}
