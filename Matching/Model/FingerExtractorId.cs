namespace MatchCluster.Matching.Model;

/// <summary>
/// What extracted the minutiae of a finger, as far as scores depend on it: minutiae of one extractor agree by chance
/// alike, and their comparisons are scored by its own calibration. The numbers are stored and sent.
/// </summary>
public enum FingerExtractorId : byte
{
    /// <summary>Not stated, or an extractor that this version has no calibration for.</summary>
    Unknown = 0,

    /// <summary>"matchcluster-finger", version 1: the extractor of this project (docs/extraction.md).</summary>
    MatchCluster1 = 1,
}
