using System.Text.Json.Serialization;
using MatchCluster.Api.Audit;
using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Searching;
using MatchCluster.Matching;
using MatchCluster.Matching.Audit;
using MatchCluster.Matching.Scatter;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MatchCluster.Api.Health;

/// <summary>
/// /alive: the process answers. /health: whether it should be asked. A server with its own gallery should be once every
/// partition is loaded. A front end of a cluster should be as long as it can answer at all: every other front end sees
/// those partitions load too, and a balancer that took all front ends away would turn partial answers into
/// none.
/// </summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        const string Why = "probes of balancers have no credentials; it says how far the partitions are, and no more";
        AuditRule health = AuditRule.Exempt("it says how the server is, and nobody's data");
        app.MapGet("/alive", () => TypedResults.Text("alive")).WithName("alive").WithTags("Operation")
            .Produces<string>(contentType: "text/plain").IsOpen(Why).WithMetadata(health);
        app.MapGet("/health", ReadAsync).WithName("health").WithTags("Operation")
            .Produces<HealthAnswer>().Produces<HealthAnswer>(StatusCodes.Status503ServiceUnavailable)
            .IsOpen(Why).WithMetadata(health);

        // Probes of load balancers ask with HEAD.
        app.MapMethods("/alive", [HttpMethods.Head], () => TypedResults.Text("alive")).ExcludeFromDescription()
            .IsOpen(Why).WithMetadata(health);
        app.MapMethods("/health", [HttpMethods.Head], ReadAsync).ExcludeFromDescription()
            .IsOpen(Why).WithMetadata(health);
    }

    private static async Task<JsonHttpResult<HealthAnswer>> ReadAsync(
        EncounterRoot root, Backend backend, IServiceProvider services, CancellationToken cancel)
    {
        Readiness readiness = Readiness.Of(await root.StatusAsync(cancel));
        bool isAsked = readiness.IsReady || (backend.Cluster is not null && readiness.CanAnswer);
        HealthAnswer answer = new(
            readiness.IsReady ? "ready" : isAsked ? "partial" : "not ready", readiness.Sentence,
            readiness.Loaded, readiness.ToLoad, EngineVersion.Text, readiness.Partitions)
        {
            Audit = services.GetService<AuditLog>() is not { } audit ? null
                : !audit.IsWell ? "it cannot be written, and nothing is answered"
                : audit.CheckpointFailure is not null ? "its checkpoints cannot be signed" : "ready",
        };
        return TypedResults.Json(
            answer, HealthJson.Default.HealthAnswer, statusCode: HttpAnswers.StatusOfHealth(isAsked));
    }
}

internal sealed record HealthAnswer(
    string Status, string Detail, long Loaded, long ToLoad, string Engine,
    IReadOnlyList<PartitionReadiness> Partitions)
{
    /// <summary>How the audit log is; absent where none is kept.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Audit { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(HealthAnswer))]
internal sealed partial class HealthJson : JsonSerializerContext;
