using System.Diagnostics;
using Microsoft.AspNetCore.Http.Features;

namespace MatchCluster.Api.Telemetry;

/// <summary>
/// Names the activity of a request by its route, never by its path: that would name persons and galleries. Attributes
/// as in OpenTelemetry's semantic conventions for HTTP.
/// </summary>
internal static class RequestSpan
{
    public static async Task NameAsync(HttpContext http, RequestDelegate next)
    {
        Activity? span = http.Features.Get<IHttpActivityFeature>()?.Activity;
        if (span is not null && http.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } route })
        {
            span.DisplayName = $"{http.Request.Method} {route}";
            span.SetTag("http.request.method", http.Request.Method);
            span.SetTag("http.route", route);
        }

        await next(http);
        span?.SetTag("http.response.status_code", http.Response.StatusCode);
    }
}
