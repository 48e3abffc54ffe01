using MatchCluster.Grains.Catalogue;
using MatchCluster.Matching.Scores;

namespace MatchCluster.Grains.Silos;

/// <summary>How a silo takes part; checked when its host starts.</summary>
public sealed class ClusterSiloOptions
{
    /// <summary>Threads that scan; 0 takes one per core.</summary>
    public int Threads { get; set; }

    /// <summary>Bytes that the galleries of this silo may take; 0 takes the engine's share of the memory.</summary>
    public long MemoryBytes { get; set; }

    /// <summary>What fingers are scored by; every member of a cluster has the same.</summary>
    public ScoreCalibration Calibration { get; set; } = ScoreCalibration.Default;

    internal int Wire { get; set; } = ClusterVersions.Wire;

    internal int Scoring { get; set; } = ClusterVersions.Scoring;
}
