using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Modalities;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;

namespace MatchCluster.Matching.Galleries;

/// <summary>Which fingers and eyes of a gallery the samples of a probe can be compared with.</summary>
/// <remarks>
/// By place, and by shape for eyes. Whether the masks of two eyes leave enough bits is known only after their
/// comparison: such an eye counts.
/// </remarks>
internal sealed class ComparableKinds
{
    private const int EveryFinger = 0x7FF;

    private readonly int places;
    private readonly HashSet<long> kinds = [];

    public ComparableKinds(Probe probe, bool scoresFingers, bool scoresIrises)
    {
        foreach (FingerProbe finger in scoresFingers ? probe.Fingers : [])
        {
            places |= !finger.Template.IsComparable ? 0
                : finger.Position.IsUnknown ? EveryFinger : (1 << finger.Position.Finger) | 1;
        }

        foreach (IrisProbe iris in scoresIrises ? probe.Irises : [])
        {
            for (int eye = 0; eye <= 2; eye++)
            {
                BiometricPosition position = BiometricPosition.OfEye(eye);
                if (position.IsComparableWith(iris.Position))
                {
                    kinds.Add(IrisModality.KeyOf(position, iris.Shape).Kind);
                }
            }
        }
    }

    /// <summary>A text that is equal for probes that can be compared with the same kinds.</summary>
    public string Signature => $"{places:x};{string.Join(',', kinds.Order().Select(kind => kind.ToString("x")))}";

    /// <summary>Whether an encounter has something to compare.</summary>
    /// <param name="placesHeld">Its keys that are bits (<see cref="ComparableKey.Place"/>).</param>
    /// <param name="kindsHeld">Its keys that are numbers.</param>
    public bool CanCompare(int placesHeld, ReadOnlySpan<long> kindsHeld)
    {
        bool can = (placesHeld & places) != 0;
        for (int i = 0; !can && i < kindsHeld.Length; i++)
        {
            can = kinds.Contains(kindsHeld[i]);
        }

        return can;
    }

    /// <summary>Whether the rows of a slot have something to compare.</summary>
    public bool CanCompare(Segment segment, int slot)
    {
        (int first, int end) = segment.RowsOf(slot);
        bool can = false;
        for (int row = first; !can && row < end; row++)
        {
            ComparableKey key = segment.KeyOf(row);
            can = key.Place != 0 ? (key.Place & places) != 0 : kinds.Contains(key.Kind);
        }

        return can;
    }
}
