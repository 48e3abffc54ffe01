using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Galleries;

/// <summary>
/// Which galleries a person's active encounters belong to, and which fingers and kinds of eyes each has: all that a
/// search needs to count whom it can compare with. Most people of a gallery have equal profiles, so that
/// counting them takes a few of these and no walk over everybody.
/// </summary>
internal sealed class IdentityProfile : IEquatable<IdentityProfile>
{
    // Per encounter: its gallery set, the positions of its fingers, how many kinds of eyes follow, and these.
    private readonly long[] words;
    private readonly int hash;

    private IdentityProfile(long[] words)
    {
        this.words = words;
        HashCode sum = new();
        foreach (long word in words)
        {
            sum.Add(word);
        }

        hash = sum.ToHashCode();
    }

    /// <summary>The profile of one person's live encounters; null where none is active.</summary>
    public static IdentityProfile? Of(SlotRef[] slots)
    {
        List<long[]> kinds = [];
        foreach (SlotRef slot in slots)
        {
            if (slot.Segment.Columns(slot.Slot).IsActive)
            {
                kinds.Add(KindOf(slot));
            }
        }

        if (kinds.Count > 1)
        {
            kinds.Sort((a, b) => a.AsSpan().SequenceCompareTo(b));
            for (int i = kinds.Count - 1; i > 0; i--)
            {
                if (kinds[i].AsSpan().SequenceEqual(kinds[i - 1]))
                {
                    kinds.RemoveAt(i);
                }
            }
        }

        return kinds.Count switch
        {
            0 => null,
            1 => new IdentityProfile(kinds[0]),
            _ => new IdentityProfile([.. kinds.SelectMany(kind => kind)]),
        };
    }

    /// <summary>
    /// Whether a search may see one of the encounters, and whether it can compare with one that it sees.
    /// </summary>
    public (bool IsSeen, bool IsComparable) For(ReadOnlySpan<bool> visibleSets, ComparableKinds kinds)
    {
        bool seen = false;
        for (int at = 0; at < words.Length;)
        {
            int set = (int)(words[at] >> 32);
            int fingers = (int)(words[at] >> 16) & 0xFFFF;
            ReadOnlySpan<long> eyes = words.AsSpan(at + 1, (int)words[at] & 0xFFFF);
            if (set < visibleSets.Length && visibleSets[set])
            {
                seen = true;
                if (kinds.CanCompare(fingers, eyes))
                {
                    return (true, true);
                }
            }

            at += 1 + eyes.Length;
        }

        return (seen, false);
    }

    /// <summary>The place and shape of an eye as one number.</summary>
    public static long EyeOf(BiometricPosition position, IrisShape shape) =>
        ((long)position.Code << 40) | ((long)shape.Rows << 32) | ((long)shape.Columns << 16)
            | ((long)shape.Wavelets << 8) | (long)shape.Phases;

    public bool Equals(IdentityProfile? other) =>
        other is not null && hash == other.hash && words.AsSpan().SequenceEqual(other.words);

    public override bool Equals(object? obj) => Equals(obj as IdentityProfile);

    public override int GetHashCode() => hash;

    public static bool operator ==(IdentityProfile? a, IdentityProfile? b) => Equals(a, b);

    public static bool operator !=(IdentityProfile? a, IdentityProfile? b) => !(a == b);

    private static long[] KindOf(SlotRef slot)
    {
        (int first, int end) = slot.Segment.RowsOf(slot.Slot);
        int fingers = 0;
        SortedSet<long>? eyes = null;
        for (int row = first; row < end; row++)
        {
            BiometricPosition position = slot.Segment.PositionOf(row);
            if (position.Modality == Modality.Finger)
            {
                fingers |= 1 << position.Finger;
            }
            else
            {
                (eyes ??= []).Add(EyeOf(position, IrisRow.ShapeOf(slot.Segment.Row(row))));
            }
        }

        long set = slot.Segment.Columns(slot.Slot).GallerySet;
        return [(set << 32) | ((long)fingers << 16) | (long)(eyes?.Count ?? 0), .. eyes ?? []];
    }
}
