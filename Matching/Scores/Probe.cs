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
    private readonly int[] deciders;

    public Probe(IReadOnlyList<FingerProbe> fingers, IReadOnlyList<IrisProbe> irises)
    {
        Fingers = [.. fingers];
        Irises = [.. irises];
        deciders = [.. Irises.Select(WiderOf)];
    }

    public IReadOnlyList<FingerProbe> Fingers { get; }

    public IReadOnlyList<IrisProbe> Irises { get; }

    /// <summary>Samples that can count in one fused score: an eye that comes in two shapes counts once.</summary>
    public int FusedIrises => deciders.Count(decider => decider < 0);

    /// <summary>
    /// Which iris of the probe is the same eye in a wider code, or -1. Where both meet a row the wider one decides
    /// alone: it is more accurate, and two codes of one eye are not two pieces of evidence.
    /// </summary>
    public int DeciderOf(int iris) => deciders[iris];

    private int WiderOf(IrisProbe iris)
    {
        int widest = -1;
        for (int i = 0; i < Irises.Count; i++)
        {
            IrisProbe other = Irises[i];
            bool wider = other.Position == iris.Position && iris.Position != BiometricPosition.UnknownEye
                && other.Shape.Bits > iris.Shape.Bits;
            widest = wider && (widest < 0 || other.Shape.Bits > Irises[widest].Shape.Bits) ? i : widest;
        }

        return widest;
    }
}

/// <summary>One finger of a probe.</summary>
public sealed record FingerProbe(BiometricPosition Position, FingerTemplate Template);
