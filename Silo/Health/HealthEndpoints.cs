using System.Text.Json.Serialization;
using MatchCluster.Matching;
using MatchCluster.Matching.Seam;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace MatchCluster.Silo.Health;

/// <summary>/alive: the process answers. /health: it joined, and every partition it shall serve is loaded.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/alive", () => TypedResults.Text("alive"));
        pages.MapGet("/health", ReadAsync);
    }

    private static async Task<JsonHttpResult<SiloHealth>> ReadAsync(SiloReadiness standing, CancellationToken cancel)
    {
        ReadinessReport now = await standing.LookAsync(cancel);
        SiloHealth answer = new(
            now.IsReady ? "ready" : "not ready", now.Sentence, standing.Name, EngineVersion.Text,
            now.Partitions.Sum(partition => partition.Loaded), now.Partitions.Sum(partition => partition.ToLoad),
            now.PartitionsOfStore,
            [.. now.Partitions.Select(Of)]);
        return TypedResults.Json(
            answer, SiloHealthJson.Default.SiloHealth,
            statusCode: now.IsReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }

    private static PartitionHealth Of(PartitionStatus status) => new(
        status.Partition.Number, status.State.ToString(), status.Reason, status.Epoch, status.Encounters,
        status.Unreadable);
}

/// <param name="Status">"ready" or "not ready".</param>
/// <param name="Detail">The status as a sentence for people.</param>
/// <param name="Silo">Its name.</param>
/// <param name="Engine">Its version.</param>
/// <param name="Loaded">Encounters rebuilt so far.</param>
/// <param name="ToLoad">Encounters to rebuild.</param>
/// <param name="PartitionsOfStore">Partitions of the whole gallery.</param>
/// <param name="Partitions">Partitions that this silo shall serve.</param>
internal sealed record SiloHealth(
    string Status, string Detail, string Silo, string Engine, long Loaded, long ToLoad, int PartitionsOfStore,
    IReadOnlyList<PartitionHealth> Partitions);

/// <param name="Unreadable">Stored encounters that could not be read; they are not searched.</param>
internal sealed record PartitionHealth(
    int Partition, string State, string? Reason, long Epoch, long Encounters, long Unreadable);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SiloHealth))]
internal sealed partial class SiloHealthJson : JsonSerializerContext;
