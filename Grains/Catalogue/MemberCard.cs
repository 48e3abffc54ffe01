using MatchCluster.Matching.Scores;

namespace MatchCluster.Grains.Catalogue;

/// <summary>What a member says of itself when it joins.</summary>
[GenerateSerializer]
[Immutable]
[Alias("matchcluster.member-card")]
public sealed record MemberCard
{
    /// <summary>The silo's name, equal at every start.</summary>
    [Id(0)]
    public required string Name { get; init; }

    /// <summary>The address at which it is reached; another one at every start.</summary>
    [Id(1)]
    public required SiloAddress Address { get; init; }

    /// <summary>Partitions of its store, or null for a member that hosts none.</summary>
    [Id(2)]
    public int? Partitions { get; init; }

    /// <summary>Version of the frames and of the grains' methods; members of two cannot talk.</summary>
    [Id(3)]
    public int Wire { get; init; } = ClusterVersions.Wire;

    /// <summary>Version of the scores; answers of two cannot be merged into one ranking.</summary>
    [Id(4)]
    public int Scoring { get; init; } = ClusterVersions.Scoring;

    /// <summary>
    /// What fingers are scored by (<see cref="ScoreCalibration.Id"/>); null, of a card from before it was said, is the
    /// committed curves. Answers of two cannot be merged either.
    /// </summary>
    [Id(5)]
    public string? Calibration { get; init; }
}

/// <summary>What members of one cluster must have in common; a change here is a new version.</summary>
public static class ClusterVersions
{
    /// <summary>
    /// Frames of <c>MatchCluster.Matching.Frames</c>, the records in them, and methods of the grains.
    /// </summary>
    public const int Wire = 8;

    /// <summary>Scores and ranks: choice of minutiae, first stage, kernels, ridges, calibration, fusion.</summary>
    public const int Scoring = 6;
}
