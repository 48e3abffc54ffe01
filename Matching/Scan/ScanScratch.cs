using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Irises.Blocks;
using MatchCluster.Matching.Scores;

namespace MatchCluster.Matching.Scan;

/// <summary>What one thread of the engine works in.</summary>
/// <param name="calibration">What it scores by; null takes the committed curves.</param>
internal sealed class ScanScratch(ScoreCalibration? calibration = null)
{
    public ScoreCalibration Calibration { get; } = calibration ?? ScoreCalibration.Default;

    public FingerScratch Fingers { get; } = new();

    public BlockScratch Irises { get; } = new();

    /// <summary>
    /// Lets work that is more urgent go first on this thread; null where the work under way lets nobody pass.
    /// </summary>
    public Action? LetOthersPass { get; set; }
}
