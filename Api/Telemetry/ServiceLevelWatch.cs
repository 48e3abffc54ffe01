using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Http.Callers;

namespace MatchCluster.Api.Telemetry;

/// <summary>
/// Says in each answer to a search or verification that named a service level whether the level was met, and counts it.
/// </summary>
internal static class ServiceLevelWatch
{
    private const string CompleteHeader = "MatchCluster-Complete";

    public static async Task WatchAsync(HttpContext http, RequestDelegate next)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<AccessRule>()?.Scope
                is not (Scopes.Identify or Scopes.Verify or Scopes.Explain)
            || ServiceLevels.Of(http) is not { } level)
        {
            await next(http);
            return;
        }

        TimeProvider time = http.RequestServices.GetRequiredService<TimeProvider>();
        ServiceMetrics metrics = http.RequestServices.GetRequiredService<ServiceMetrics>();
        long started = time.GetTimestamp();
        http.Response.OnStarting(() =>
        {
            // What is wrong with the request is no question of time.
            HttpResponse answer = http.Response;
            if (answer.StatusCode is < 400 or >= 500 or StatusCodes.Status429TooManyRequests)
            {
                bool isWhole = answer.StatusCode < 400 && answer.Headers[CompleteHeader] != "false";
                bool isMet = metrics.Record(level, time.GetElapsedTime(started), isWhole);
                answer.Headers[ServiceLevels.Header] =
                    $"{level.Name}; deadline-ms={level.Deadline.TotalMilliseconds:F0}; {(isMet ? "met" : "missed")}";
            }

            return Task.CompletedTask;
        });
        await next(http);
    }
}
