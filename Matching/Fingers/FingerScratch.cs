namespace MatchCluster.Matching.Fingers;

/// <summary>Working memory of one comparing thread. Not shared between threads.</summary>
public sealed class FingerScratch;
