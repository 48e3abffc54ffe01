using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing.Patterns;

namespace MatchCluster.Api.Http.Requests;

/// <summary>
/// Identifiers are any text, so one may have a slash in it, sent as %2F. The host leaves exactly that escape as it is
/// in the path, and no longer tells it from a %252F; the request's own first line does.
/// </summary>
internal static class EscapedSlashes
{
    /// <summary>A slash inside an identifier, as the host leaves it in the path.</summary>
    public const string Escape = "%2F";

    /// <summary>Puts the identifiers that were meant into the route's values; runs after routing.</summary>
    public static Task DecodeAsync(HttpContext http, RequestDelegate next)
    {
        if (http.GetEndpoint() is RouteEndpoint endpoint && http.Request.RouteValues.Values.Any(IsEscaped))
        {
            Decode(http, endpoint.RoutePattern);
        }

        return next(http);
    }

    private static void Decode(HttpContext http, RoutePattern pattern)
    {
        string target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        string[] sent = RequestLine.Path(target).Trim('/').Split('/');
        if (sent.Length != pattern.PathSegments.Count)
        {
            return; // A request line in another form than a path; the identifier stays as the host read it.
        }

        for (int i = 0; i < sent.Length; i++)
        {
            if (pattern.PathSegments[i] is { IsSimple: true } segment
                && segment.Parts[0] is RoutePatternParameterPart { IsCatchAll: false } parameter)
            {
                http.Request.RouteValues[parameter.Name] = Uri.UnescapeDataString(sent[i]);
            }
        }
    }

    private static bool IsEscaped(object? value) =>
        value is string text && text.Contains(Escape, StringComparison.OrdinalIgnoreCase);
}
