namespace MatchCluster.Matching.Fingers;

/// <summary>The cylinders of one finger view, ready to compare (filled in by the fingerprint work).</summary>
public sealed class FingerTemplate;
