using System.Text.Json.Serialization;
using MatchCluster.Api.Http;
using MatchCluster.Matching;
using MatchCluster.Matching.Scatter;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MatchCluster.Api.Health;

/// <summary>/alive: the process answers. /health: every partition is loaded.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/alive", () => TypedResults.Text("alive")).WithName("alive").WithTags("Operation")
            .Produces<string>(contentType: "text/plain");
        app.MapGet("/health", ReadAsync).WithName("health").WithTags("Operation")
            .Produces<HealthAnswer>().Produces<HealthAnswer>(StatusCodes.Status503ServiceUnavailable);

        // Probes of load balancers ask with HEAD.
        app.MapMethods("/alive", [HttpMethods.Head], () => TypedResults.Text("alive")).ExcludeFromDescription();
        app.MapMethods("/health", [HttpMethods.Head], ReadAsync).ExcludeFromDescription();
    }

    private static async Task<JsonHttpResult<HealthAnswer>> ReadAsync(EncounterRoot root, CancellationToken cancel)
    {
        Readiness readiness = Readiness.Of(await root.StatusAsync(cancel));
        HealthAnswer answer = new(
            readiness.IsReady ? "ready" : "not ready", readiness.Sentence, readiness.Loaded, readiness.ToLoad,
            EngineVersion.Text, readiness.Partitions);
        return TypedResults.Json(
            answer, HealthJson.Default.HealthAnswer, statusCode: HttpAnswers.StatusOfHealth(readiness.IsReady));
    }
}

internal sealed record HealthAnswer(
    string Status, string Detail, long Loaded, long ToLoad, string Engine,
    IReadOnlyList<PartitionReadiness> Partitions);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HealthAnswer))]
internal sealed partial class HealthJson : JsonSerializerContext;
