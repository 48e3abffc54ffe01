using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Matching.Model;
using Microsoft.AspNetCore.Http.Features;

namespace MatchCluster.Api.Http.Requests;

/// <summary>
/// The path as it was sent. The host resolves dot segments, escaped ones too, before anything is routed, passes over
/// empty ones and leaves escapes that it cannot read as they are: a call about the encounter '..' or '' would become
/// one about its person. Such paths are refused. In a target in absolute form (http://...) the host also
/// takes an escaped slash for one between two segments, and a backslash for a slash: what names a person
/// would name an encounter. There the path is read here, as the host reads that of the usual form.
/// </summary>
internal static partial class RequestLine
{
    private const string SchemeEnd = "://";

    /// <summary>What is wrong where not <see cref="IsReadable"/>.</summary>
    public const string UnreadableEscape =
        "found an escape that is no UTF-8 of two hexadecimal digits a byte, wanted % only as %25";

    /// <summary>
    /// Answers 400 where no identifier can be read from the path that was sent; runs before routing.
    /// </summary>
    public static Task ReadPathAsync(HttpContext http, RequestDelegate next)
    {
        string target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        string path = Path(target);
        PathString read = path.StartsWith('/') && !target.StartsWith('/') ? Unescape(path) : http.Request.Path;
        if (Check(path, read) is { } wrong)
        {
            return FailureMiddleware.WriteAsync(
                http, new Failure(FailureCode.InvalidIdentifier, "the path: " + wrong));
        }

        http.Request.Path = read;
        return next(http);
    }

    /// <summary>Everything but escaped slashes, which <see cref="EscapedSlashes"/> decodes after routing.</summary>
    private static string Unescape(string path) => string.Join(
        EscapedSlashes.Escape,
        path.Replace("%2f", EscapedSlashes.Escape, StringComparison.Ordinal).Split(EscapedSlashes.Escape)
            .Select(Uri.UnescapeDataString));

    /// <summary>
    /// The path of a request target in its origin form (/path?query) or its absolute form (http://...).
    /// </summary>
    public static string Path(string target)
    {
        string path = target.Split('?')[0];
        int scheme = path.StartsWith('/') ? -1 : path.IndexOf(SchemeEnd, StringComparison.Ordinal);
        if (scheme < 0)
        {
            return path;
        }

        int begin = path.IndexOf('/', scheme + SchemeEnd.Length);
        return begin < 0 ? "/" : path[begin..];
    }

    private static string? Check(string sent, PathString resolved)
    {
        string[] segments = sent.Split('/');
        if (segments.Any(segment => IdRule.IsDotSegment(Uri.UnescapeDataString(segment))))
        {
            return "found a segment '.' or '..', wanted a path without such";
        }

        // The page and the like have no identifiers in their paths.
        return !IsDoor(resolved) ? null
            : segments.Skip(1).Any(segment => segment.Length == 0) ? "found an empty segment, wanted an identifier"
            : segments.All(IsReadable) ? null
            : UnreadableEscape;
    }

    /// <summary>Whether the path is one of OSIA or of our own interface; the page and the like are not.</summary>
    public static bool IsDoor(PathString path) => path.StartsWithSegments("/v1") || path.StartsWithSegments("/mc");

    /// <summary>Whether every escape is two hexadecimal digits and the bytes of all of them are UTF-8.</summary>
    public static bool IsReadable(string sent)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(sent);
        return !BrokenEscape().IsMatch(sent) && Utf8.IsValid(WebUtility.UrlDecodeToBytes(bytes, 0, bytes.Length));
    }

    [GeneratedRegex("%(?![0-9A-Fa-f]{2})")]
    private static partial Regex BrokenEscape();
}
