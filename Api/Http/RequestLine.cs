using MatchCluster.Matching.Galleries;
using Microsoft.AspNetCore.Http.Features;

namespace MatchCluster.Api.Http;

/// <summary>
/// The path as it was sent. The host resolves dot segments, escaped ones too, before anything is routed: a call
/// about the encounter '..' would become one about its person. Such paths are refused.
/// </summary>
internal static class RequestLine
{
    private const string SchemeEnd = "://";

    /// <summary>Before routing: answers 400 where the path that was sent has a dot segment.</summary>
    public static Task RefuseDotSegmentsAsync(HttpContext http, RequestDelegate next)
    {
        string path = Path(http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        return path.Split('/').Any(part => EncounterRules.IsDotSegment(Uri.UnescapeDataString(part)))
            ? FailureMiddleware.WriteAsync(http, new Failure(FailureCode.InvalidIdentifier,
                "the path: found a segment '.' or '..', wanted a path without such"))
            : next(http);
    }

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
