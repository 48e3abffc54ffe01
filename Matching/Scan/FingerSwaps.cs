using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Scan;

/// <summary>
/// Ways in which labels of fingers are mixed up: hands swapped, or two fingers. Each says for the finger codes 0..10
/// where the finger that bears the label is looked for instead.
/// </summary>
internal static class FingerSwaps
{
    /// <summary>Labels: the ten fingers, and 0 which stays.</summary>
    public const int Labels = 11;

    /// <summary>
    /// The swaps of some fingers, in a fixed order: all of them to the other hand, then two of them with each other;
    /// 1 + n(n-1)/2 at most.
    /// </summary>
    /// <param name="fingers">Distinct finger codes 1..10, ascending.</param>
    public static List<byte[]> Of(ReadOnlySpan<byte> fingers)
    {
        List<byte[]> swaps = [];
        if (fingers.IsEmpty)
        {
            return swaps;
        }

        byte[] hands = Nothing();
        foreach (byte finger in fingers)
        {
            hands[finger] = BiometricPosition.OfFinger(finger).OtherHand.Code;
        }

        swaps.Add(hands);
        for (int i = 0; i < fingers.Length; i++)
        {
            for (int j = i + 1; j < fingers.Length; j++)
            {
                byte[] two = Nothing();
                (two[fingers[i]], two[fingers[j]]) = (fingers[j], fingers[i]);
                if (!two.AsSpan().SequenceEqual(hands))
                {
                    swaps.Add(two);
                }
            }
        }

        return swaps;
    }

    private static byte[] Nothing() => [.. Enumerable.Range(0, Labels).Select(label => (byte)label)];
}
