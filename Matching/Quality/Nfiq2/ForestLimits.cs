namespace MatchCluster.Matching.Quality.Nfiq2;

/// <summary>Limits of a forest's file; the published ones have 55 MB, 100 trees and 145,000 nodes.</summary>
internal static class ForestLimits
{
    public const long FileBytes = 256L * 1024 * 1024;

    public const int LineBytes = 1024;

    public const int Trees = 1000;

    public const int Nodes = 2_000_000;

    /// <summary>Tests from the root to a leaf; the published forests were grown to 25.</summary>
    public const int Depth = 64;
}
