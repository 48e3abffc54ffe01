using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;

namespace MatchCluster.Api.Http.Failures;

/// <summary>The one file that knows HTTP status codes.</summary>
internal static class HttpAnswers
{
    /// <summary>A quota of the day is there again on the next day.</summary>
    private const int LongestWaitSeconds = 24 * 60 * 60;

    /// <summary>Errors are read by people too: quotes stay quotes.</summary>
    private static readonly ErrorJson Readable = new(new JsonSerializerOptions(ErrorJson.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>
    /// 401, 403, 413, 415, 421, 429, 503 and 507 are not in OSIA's lists: they are said by the protocol below it,
    /// each with an OSIA Error as its body. 404 and 409 have no body there.
    /// </summary>
    public static int StatusOf(FailureCode code) => code switch
    {
        FailureCode.Unknown or FailureCode.NoSuchRoute => StatusCodes.Status404NotFound,
        FailureCode.MethodNotAllowed => StatusCodes.Status405MethodNotAllowed,
        FailureCode.Conflict or FailureCode.DecidedAlready or FailureCode.CaseClosed
            or FailureCode.TransactionConflict
            or FailureCode.ChangesNotReached or FailureCode.ChangesNotKept or FailureCode.PackNotMade
            or FailureCode.SubscriptionsNotKept
            => StatusCodes.Status409Conflict,
        FailureCode.ChangesCompacted => StatusCodes.Status410Gone,
        FailureCode.BodyTooLarge => StatusCodes.Status413PayloadTooLarge,
        FailureCode.UnsupportedMediaType => StatusCodes.Status415UnsupportedMediaType,
        FailureCode.CredentialsMissing or FailureCode.TokenMalformed or FailureCode.TokenSignature
            or FailureCode.TokenExpired or FailureCode.TokenNotYetValid or FailureCode.TokenIssuer
            or FailureCode.TokenAudience or FailureCode.TokenClaims or FailureCode.CertificateRefused
            or FailureCode.CredentialsDisagree => StatusCodes.Status401Unauthorized,
        FailureCode.QuotaExceeded => StatusCodes.Status429TooManyRequests,
        FailureCode.OtherOrigin or FailureCode.ScopeMissing or FailureCode.NoRule or FailureCode.PersonRequired
            or FailureCode.MayNotDecide or FailureCode.PackExpired or FailureCode.PackReadOnly
            or (>= FailureCode.CallerNotStated and < FailureCode.QuotaExceeded) => StatusCodes.Status403Forbidden,
        FailureCode.OtherHost => StatusCodes.Status421MisdirectedRequest,
        FailureCode.Overloaded => StatusCodes.Status429TooManyRequests,
        FailureCode.Incomplete or FailureCode.Unavailable or FailureCode.DeadlinePassed
            or FailureCode.KeysUnavailable or FailureCode.AuditUnavailable
            or FailureCode.AgreementsUnavailable or FailureCode.CaseNotKept
            or FailureCode.TasksFull or FailureCode.TasksOfPartnerFull => StatusCodes.Status503ServiceUnavailable,
        FailureCode.GalleryFull => StatusCodes.Status507InsufficientStorage,
        FailureCode.StorageFailed or FailureCode.Unexpected => StatusCodes.Status500InternalServerError,
        _ => StatusCodes.Status400BadRequest,
    };

    private static FailureCode CodeOf(int status) => status switch
    {
        StatusCodes.Status413PayloadTooLarge => FailureCode.BodyTooLarge,
        StatusCodes.Status415UnsupportedMediaType => FailureCode.UnsupportedMediaType,
        StatusCodes.Status404NotFound => FailureCode.NoSuchRoute,
        StatusCodes.Status405MethodNotAllowed => FailureCode.MethodNotAllowed,
        _ => FailureCode.BadRequest,
    };

    /// <summary>
    /// The failure of an answer that routing or binding gave without a word, or null. They do so for a body
    /// that is too long, breaks off or is of another type.
    /// </summary>
    public static Failure? FailureOfSilent(HttpResponse response) =>
        response is
        {
            HasStarted: false, ContentType: null, StatusCode: StatusCodes.Status400BadRequest
            or StatusCodes.Status408RequestTimeout or StatusCodes.Status413PayloadTooLarge
            or StatusCodes.Status415UnsupportedMediaType or StatusCodes.Status405MethodNotAllowed
        } || (response is { HasStarted: false, ContentType: null, StatusCode: StatusCodes.Status404NotFound }
            && response.HttpContext.GetEndpoint() is null)
            ? FailureOfServer(response.StatusCode) : null;

    /// <summary>
    /// The failure for a status that the web server chose. Its own words are about its own code: nobody who
    /// calls knows that.
    /// </summary>
    public static Failure FailureOfServer(int status)
    {
        FailureCode code = CodeOf(status);
        return new Failure(code, code switch
        {
            FailureCode.BodyTooLarge => $"the body is longer than {ApiLimits.BodyBytes} bytes",
            FailureCode.UnsupportedMediaType =>
                "wanted Content-Type: application/json (application/x-ndjson for the streams of /mc/v1)",
            FailureCode.NoSuchRoute => "no route of this path; /openapi/v1.json lists them",
            FailureCode.MethodNotAllowed =>
                "this path does not take this method; the header Allow and /openapi/v1.json say which it takes",
            _ => "the request broke off or is malformed",
        });
    }

    /// <summary>The status that says whether the server is ready, for probes of an orchestrator.</summary>
    public static int StatusOfHealth(bool ready) =>
        ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;

    /// <summary>
    /// Writes a failure of OSIA's routes: Error{code, message}, or no body where the contract has none.
    /// </summary>
    public static Task WriteOsiaAsync(HttpContext http, Failure failure)
    {
        Begin(http, failure);
        return failure.Code is FailureCode.Unknown or FailureCode.Conflict
            ? Task.CompletedTask
            : http.Response.WriteAsJsonAsync(
                new OsiaError((int)failure.Code, failure.Message), Readable.OsiaError);
    }

    /// <summary>The body of a failure of OSIA's routes, also of those that the contract gives no body.</summary>
    public static byte[] OsiaErrorOf(Failure failure) => JsonSerializer.SerializeToUtf8Bytes(
        new OsiaError((int)failure.Code, failure.Message), Readable.OsiaError);

    /// <summary>Writes a failure of our own routes, as RFC 9457 wants it.</summary>
    public static Task WriteProblemAsync(HttpContext http, Failure failure)
    {
        Begin(http, failure);
        return http.Response.WriteAsJsonAsync(
            ProblemOf(failure), Readable.ProblemDetails, "application/problem+json");
    }

    /// <summary>
    /// Writes a failure that is found before any endpoint, in the form of the door that was asked.
    /// </summary>
    public static Task WriteAsync(HttpContext http, Failure failure) =>
        http.Request.Path.StartsWithSegments("/mc")
            ? WriteProblemAsync(http, failure)
            : WriteOsiaAsync(http, failure);

    /// <summary>The problem document of a failure; also one line of an NDJSON answer.</summary>
    public static ProblemDetails ProblemOf(Failure failure) => new()
    {
        Title = failure.Code.ToString(),
        Status = StatusOf(failure.Code),
        Detail = failure.Message,
        Extensions = { ["code"] = (int)failure.Code },
    };

    private static void Begin(HttpContext http, Failure failure)
    {
        http.Features.Set(failure);
        http.Response.StatusCode = StatusOf(failure.Code);
        if (failure.RetryAfter is { } wait)
        {
            double seconds = Math.Clamp(Math.Ceiling(wait.TotalSeconds), 1, LongestWaitSeconds);
            http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }
    }
}
