namespace MatchCluster.Matching.Model;

/// <summary>
/// What made an iris code, as far as scores depend on it: codes of one encoder scatter alike, and their distances are
/// scored by its own calibration. The numbers are stored and sent.
/// </summary>
public enum IrisEncoderId : byte
{
    /// <summary>Not stated, or an encoder that this version has no calibration for.</summary>
    Unknown = 0,

    /// <summary>"matchcluster-iris", version 1: the encoder of this project (docs/iris.md).</summary>
    MatchCluster1 = 1,
}
