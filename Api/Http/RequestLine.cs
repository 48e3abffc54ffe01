using MatchCluster.Matching.Galleries;
using Microsoft.AspNetCore.Http.Features;

namespace MatchCluster.Api.Http;

/// <summary>
/// The path as it was sent. The host resolves dot segments, escaped ones too, before anything is routed: a call
/// about the encounter '..' would become one about its person. Such paths are refused. Of a target in absolute form
/// (http://...) it also takes an escaped slash for one between two segments, and a backslash for a slash: what names a
/// person would name an encounter. There the path is read here, as the host reads that of the usual form.
/// </summary>
internal static class RequestLine
{
    private const string SchemeEnd = "://";
    private const string EscapedSlash = "%2F";

    /// <summary>Before routing: answers 400 where the path that was sent has a dot segment.</summary>
    public static Task ReadPathAsync(HttpContext http, RequestDelegate next)
    {
        string target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        string path = Path(target);
        if (path.Split('/').Any(part => EncounterRules.IsDotSegment(Uri.UnescapeDataString(part))))
        {
            return FailureMiddleware.WriteAsync(http, new Failure(FailureCode.InvalidIdentifier,
                "the path: found a segment '.' or '..', wanted a path without such"));
        }

        if (path.StartsWith('/') && !target.StartsWith('/'))
        {
            http.Request.Path = Unescape(path);
        }

        return next(http);
    }

    /// <summary>Everything but escaped slashes, which <see cref="EscapedSlashes"/> decodes after routing.</summary>
    private static string Unescape(string path) => string.Join(
        EscapedSlash,
        path.Replace("%2f", EscapedSlash, StringComparison.Ordinal).Split(EscapedSlash).Select(Uri.UnescapeDataString));

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
}
