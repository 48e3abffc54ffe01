using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Irises;

/// <summary>One eye of a probe with its rotations (filled in by the iris work).</summary>
public sealed class IrisProbe
{
    public required IrisCode Code { get; init; }
}
