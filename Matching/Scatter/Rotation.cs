namespace MatchCluster.Matching.Scatter;

/// <summary>At which turns of the probe everybody is searched (fingers only).</summary>
public enum Rotation
{
    /// <summary>
    /// As sent; and turned by 180 degrees where that found nobody and the prints look upside down.
    /// </summary>
    Normal,

    /// <summary>As sent, and turned by 90, 180 and 270 degrees: four searches in one pass.</summary>
    Full,
}
