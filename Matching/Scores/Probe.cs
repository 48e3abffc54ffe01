using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Scores;

/// <summary>
/// Everything prepared of one search's samples: decoded and built once, matched many times, shared by every
/// partition and thread.
/// </summary>
public sealed class Probe
{
    public Probe(IReadOnlyList<FingerProbe> fingers, IReadOnlyList<IrisProbe> irises)
    {
        Fingers = [.. fingers];
        Irises = [.. irises];
    }

    public IReadOnlyList<FingerProbe> Fingers { get; }

    public IReadOnlyList<IrisProbe> Irises { get; }
}

/// <summary>One finger of a probe.</summary>
public sealed record FingerProbe(BiometricPosition Position, FingerTemplate Template);
