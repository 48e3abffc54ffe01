using MatchCluster.Grains.Catalogue;

namespace MatchCluster.Grains.Silos;

/// <summary>How a silo takes part.</summary>
public sealed record ClusterSiloOptions
{
    /// <summary>Threads that scan; 0 takes one per core.</summary>
    public int Threads { get; init; }

    internal int Wire { get; init; } = ClusterVersions.Wire;

    internal int Scoring { get; init; } = ClusterVersions.Scoring;
}
