using MatchCluster.Matching.Irises;
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

    private readonly int fingers;
    private readonly HashSet<long> eyes = [];

    public ComparableKinds(Probe probe, bool scoresFingers, bool scoresIrises)
    {
        foreach (FingerProbe finger in scoresFingers ? probe.Fingers : [])
        {
            fingers |= !finger.Template.IsComparable ? 0
                : finger.Position.IsUnknown ? EveryFinger : (1 << finger.Position.Finger) | 1;
        }

        foreach (IrisProbe iris in scoresIrises ? probe.Irises : [])
        {
            for (int eye = 0; eye <= 2; eye++)
            {
                BiometricPosition position = BiometricPosition.OfEye(eye);
                if (position.IsComparableWith(iris.Position))
                {
                    eyes.Add(IdentityProfile.EyeOf(position, iris.Shape));
                }
            }
        }
    }

    /// <summary>A text that is equal for probes that can be compared with the same kinds.</summary>
    public string Signature => $"{fingers:x};{string.Join(',', eyes.Order().Select(eye => eye.ToString("x")))}";

    /// <summary>Whether an encounter has something to compare.</summary>
    /// <param name="fingersHeld">Bit per position of its fingers.</param>
    /// <param name="eyesHeld">Its kinds of eyes.</param>
    public bool CanCompare(int fingersHeld, ReadOnlySpan<long> eyesHeld)
    {
        bool can = (fingersHeld & fingers) != 0;
        for (int i = 0; !can && i < eyesHeld.Length; i++)
        {
            can = eyes.Contains(eyesHeld[i]);
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
            BiometricPosition position = segment.PositionOf(row);
            can = position.Modality == Modality.Finger
                ? (1 << position.Finger & fingers) != 0
                : eyes.Contains(IdentityProfile.EyeOf(position, IrisRow.ShapeOf(segment.Row(row))));
        }

        return can;
    }
}
