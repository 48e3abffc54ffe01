using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Http.Requests;

namespace MatchCluster.Api.Http.Callers;

/// <summary>
/// The caller's own name of a call that makes something: a repeated call of the same name makes nothing again, also
/// with another transaction.
/// </summary>
internal static class IdempotencyKey
{
    public const string Header = "Idempotency-Key";

    /// <summary>The failure of the header, or null; its text follows the rule of identifiers.</summary>
    public static Failure? Check(HttpRequest request) =>
        request.Headers.TryGetValue(Header, out var sent) ? Identifiers.Check(Header, sent.ToString()) : null;

    /// <summary>What names the call: the header, or its transaction.</summary>
    public static string Of(HttpContext http) => http.Request.Headers[Header] is [{ Length: > 0 } key] ? key
        : http.Request.Query["transactionId"].ToString();
}
