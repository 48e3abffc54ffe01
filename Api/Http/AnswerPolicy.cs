using Microsoft.Net.Http.Headers;

namespace MatchCluster.Api.Http;

/// <summary>
/// Headers of every answer: it is what its Content-Type says, and no cache on the way keeps it, because it may hold
/// templates and who is enrolled. An endpoint that says otherwise is left alone. Over https it asks browsers to stay
/// there (HSTS).
/// </summary>
internal static class AnswerPolicy
{
    public static Task ApplyAsync(HttpContext http, RequestDelegate next)
    {
        // At the start of the answer: a failure clears what was set before it.
        http.Response.OnStarting(static state =>
        {
            HttpResponse response = (HttpResponse)state;
            IHeaderDictionary headers = response.Headers;
            headers[HeaderNames.XContentTypeOptions] = "nosniff";
            if (headers.CacheControl.Count == 0)
            {
                headers[HeaderNames.CacheControl] = "no-store";
            }

            // A browser applies it to every port of the host: localhost is left alone.
            if (response.HttpContext.Request is { IsHttps: true } request && request.Host.Host != "localhost")
            {
                headers[HeaderNames.StrictTransportSecurity] = "max-age=31536000";
            }

            return Task.CompletedTask;
        }, http.Response);
        return next(http);
    }
}
