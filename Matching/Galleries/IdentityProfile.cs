using MatchCluster.Matching.Modalities;

namespace MatchCluster.Matching.Galleries;

/// <summary>
/// Which galleries a person's active encounters belong to, and which fingers and kinds of eyes each has: all that a
/// search needs to count whom it can compare with. Most people of a gallery have equal profiles, so that
/// counting them takes a few of these and no walk over everybody.
/// </summary>
internal sealed class IdentityProfile : IEquatable<IdentityProfile>
{
    // Per encounter: its gallery set, the places that are bits of a mask, how many kinds follow, and these: the two
    // sorts of ComparableKey.
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
            int places = (int)(words[at] >> 16) & 0xFFFF;
            ReadOnlySpan<long> held = words.AsSpan(at + 1, (int)words[at] & 0xFFFF);
            if (set < visibleSets.Length && visibleSets[set])
            {
                seen = true;
                if (kinds.CanCompare(places, held))
                {
                    return (true, true);
                }
            }

            at += 1 + held.Length;
        }

        return (seen, false);
    }

    public bool Equals(IdentityProfile? other) =>
        other is not null && hash == other.hash && words.AsSpan().SequenceEqual(other.words);

    public override bool Equals(object? obj) => Equals(obj as IdentityProfile);

    public override int GetHashCode() => hash;

    public static bool operator ==(IdentityProfile? a, IdentityProfile? b) => Equals(a, b);

    public static bool operator !=(IdentityProfile? a, IdentityProfile? b) => !(a == b);

    private static long[] KindOf(SlotRef slot)
    {
        (int first, int end) = slot.Segment.RowsOf(slot.Slot);
        int places = 0;
        SortedSet<long>? kinds = null;
        for (int row = first; row < end; row++)
        {
            ComparableKey key = slot.Segment.KeyOf(row);
            places |= key.Place;
            if (key.Place == 0)
            {
                (kinds ??= []).Add(key.Kind);
            }
        }

        long set = slot.Segment.Columns(slot.Slot).GallerySet;
        return [(set << 32) | ((long)places << 16) | (long)(kinds?.Count ?? 0), .. kinds ?? []];
    }
}
