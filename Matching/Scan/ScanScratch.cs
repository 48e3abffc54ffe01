using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Irises.Blocks;

namespace MatchCluster.Matching.Scan;

/// <summary>What one thread of the engine works in.</summary>
internal sealed class ScanScratch
{
    public FingerScratch Fingers { get; } = new();

    public BlockScratch Irises { get; } = new();
}
