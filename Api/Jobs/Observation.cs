using System.Text.Json;
using System.Text.Json.Nodes;

namespace MatchCluster.Api.Jobs;

/// <summary>How one probe of a labelled set scored; a line of the results.</summary>
internal sealed record Observation
{
    public long Line { get; init; }

    public string? Id { get; init; }

    /// <summary>Who the probe is; null where it is nobody who is known.</summary>
    public string? PersonId { get; init; }

    /// <summary>Whether the person counts as enrolled.</summary>
    public bool IsMated { get; init; }

    /// <summary>Score of the person; null where it was not found.</summary>
    public double? MateScore { get; init; }

    /// <summary>
    /// 1, and one more for each other person with a higher score; null where the person was not found, or
    /// scores below the end of a cut list.
    /// </summary>
    public int? MateRank { get; init; }

    /// <summary>Score of the best other person; null where nobody was found.</summary>
    public double? OtherScore { get; init; }

    /// <summary>Identities that could be compared.</summary>
    public long Comparable { get; init; }

    /// <summary>Whether there were more candidates than the list has room for.</summary>
    public bool IsCut { get; init; }

    public JsonObject ToJson() => JsonSerializer.SerializeToNode(this, JobJson.Default.Observation)!.AsObject();

    public static Observation Of(JsonObject line) => line.Deserialize(JobJson.Default.Observation)!;
}
