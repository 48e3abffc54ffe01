using System.Globalization;
using MatchCluster.Api.Http.Failures;

namespace MatchCluster.Api.Retention;

/// <summary>
/// When what is enrolled expires: our own header and the member of a line, because OSIA has no word for it. It never
/// makes an encounter stay longer than was agreed.
/// </summary>
internal static class ExpiresAt
{
    public const string Header = "MC-Expires-At";

    private const string Wanted = "a time in the future as in RFC 3339, for example 2027-01-31T12:00:00Z";

    private static readonly string[] Forms =
        ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <summary>The time that a call states; null where it states none.</summary>
    /// <param name="http">The call.</param>
    /// <param name="now">The time, after which it must lie.</param>
    public static Parsed<DateTimeOffset?> Of(HttpContext http, DateTimeOffset now) =>
        http.Request.Headers[Header] is { Count: > 0 } stated
            ? Read(Header, stated.Count == 1 ? stated[0] : stated.ToString(), now) : (DateTimeOffset?)null;

    /// <summary>A stated time, in whole seconds; null where none is stated.</summary>
    /// <param name="name">The header or member, for the failure.</param>
    /// <param name="text">Its text.</param>
    /// <param name="now">The time, after which it must lie.</param>
    public static Parsed<DateTimeOffset?> Read(string name, string? text, DateTimeOffset now)
    {
        if (text is null)
        {
            return (DateTimeOffset?)null;
        }

        // A time without an offset would be another one on every machine.
        bool isRead = DateTimeOffset.TryParseExact(
            text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out DateTimeOffset time)
            && (text.EndsWith('Z') || text[^6] is '+' or '-');
        return isRead && time > now && time.ToUnixTimeSeconds() < uint.MaxValue
            ? (DateTimeOffset?)DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds())
            : Failure.Invalid(name, text, Wanted);
    }
}
