namespace MatchCluster.Matching.Scatter;

/// <summary>At which turns of the probe everybody is searched.</summary>
public enum Rotation
{
    /// <summary>
    /// As sent; and with the fingers turned by 180 degrees where that found nobody and the prints look upside down.
    /// </summary>
    Normal,

    /// <summary>
    /// As sent, and with the fingers turned by 90, 180 and 270 degrees: four searches in one pass. Irises are turned by
    /// 180 degrees; irises alone are two searches.
    /// </summary>
    Full,
}
