using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Scores;

/// <summary>
/// What is prepared from one search's samples: decoded and built once, matched many times, shared by every
/// partition and thread.
/// </summary>
/// <remarks>
/// Samples are numbered fingers first, then irises. Each is of a place (<see cref="ProbePlaces"/>), and each place is
/// one piece of evidence, however many samples of it there are.
/// </remarks>
public sealed class Probe
{
    private readonly int[] deciders;

    public Probe(IReadOnlyList<FingerProbe> fingers, IReadOnlyList<IrisProbe> irises)
    {
        Fingers = [.. fingers];
        Irises = [.. irises];
        deciders = [.. Irises.Select(WiderOf)];
        Places = ProbePlaces.Of(Fingers, Irises);
    }

    public IReadOnlyList<FingerProbe> Fingers { get; }

    public IReadOnlyList<IrisProbe> Irises { get; }

    /// <summary>
    /// The samples that it was prepared from, as they were sent, for a case that people decide about; empty where it
    /// was made otherwise. They are not sent to partitions.
    /// </summary>
    public IReadOnlyList<Sample> Samples { get; init; } = [];

    /// <summary>The places of the samples: samples of one place are one piece of evidence.</summary>
    internal ProbePlaces Places { get; }

    /// <summary>
    /// Which iris of the probe is a wider code of the eye, or -1. Where both meet a row the wider one
    /// decides: it is more accurate, and two codes of one eye are not two pieces of evidence.
    /// </summary>
    public int DeciderOf(int iris) => deciders[iris];

    /// <summary>Clears what was prepared: nothing may be searched with it any more.</summary>
    public void Erase()
    {
        foreach (FingerProbe finger in Fingers)
        {
            finger.Template.Erase();
        }

        foreach (IrisProbe iris in Irises)
        {
            iris.Erase();
        }
    }

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
