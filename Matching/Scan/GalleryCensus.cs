using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Scan;

/// <summary>Counts whom a search may see, and with how many of them it can compare.</summary>
internal static class GalleryCensus
{
    public static (long Held, long Comparable) Of(
        Search search, GallerySnapshot gallery, SearchEligibility sight, ComparableKinds kinds) =>
        search is
        {
            OnlyAfter: null,
            Filter: { YearOfBirthMin: null, YearOfBirthMax: null, Sex: Model.Sex.Unknown },
        }
            ? OfProfiles(gallery, gallery.Visible(search.Gallery), kinds)
            : OfSlots(gallery, sight, kinds);

    private static (long Held, long Comparable) OfProfiles(
        GallerySnapshot gallery, bool[] visible, ComparableKinds kinds)
    {
        long held = 0;
        long comparable = 0;
        foreach ((IdentityProfile profile, long identities) in gallery.Profiles)
        {
            (bool isSeen, bool isComparable) = profile.For(visible, kinds);
            held += isSeen ? identities : 0;
            comparable += isComparable ? identities : 0;
        }

        return (held, comparable);
    }

    /// <summary>
    /// The one person of a verification: held where an encounter may be seen, comparable where one of those has a
    /// sample that can be compared with one of the probe.
    /// </summary>
    /// <param name="search">What is asked.</param>
    /// <param name="sight">Whom it may see.</param>
    /// <param name="slots">Every encounter of the person.</param>
    /// <param name="hits">Hits of the person, none or one.</param>
    public static SearchCount OfPerson(Search search, SearchEligibility sight, ReadOnlySpan<SlotRef> slots, int hits)
    {
        ComparableKinds kinds = new(
            search.Probe, search.Filter.Includes(Modality.Finger), search.Filter.Includes(Modality.Iris));
        long held = 0;
        long comparable = 0;
        foreach (SlotRef slot in slots)
        {
            if (sight.MaySee(slot.Segment.Columns(slot.Slot)))
            {
                held = 1;
                comparable = kinds.CanCompare(slot.Segment, slot.Slot) ? 1 : comparable;
            }
        }

        return new SearchCount(held, held, comparable, hits);
    }

    /// <summary>Encounter by encounter, where the filter asks for what profiles do not hold.</summary>
    internal static (long Held, long Comparable) OfSlots(
        GallerySnapshot gallery, SearchEligibility sight, ComparableKinds kinds)
    {
        long held = 0;
        long comparable = 0;
        HashSet<Identity> severalHeld = [];
        HashSet<Identity> severalComparable = [];
        foreach (SegmentView view in gallery.Segments)
        {
            for (int slot = 0; slot < view.Slots; slot++)
            {
                ref readonly SlotColumns columns = ref view.Segment.Columns(slot);
                if (view.IsDead(slot) || !sight.MaySee(columns))
                {
                    continue;
                }

                bool can = kinds.CanCompare(view.Segment, slot);
                if (!columns.Identity.HasSeveral)
                {
                    held++;
                    comparable += can ? 1 : 0;
                }
                else
                {
                    severalHeld.Add(columns.Identity);
                    _ = can && severalComparable.Add(columns.Identity);
                }
            }
        }

        return (held + severalHeld.Count, comparable + severalComparable.Count);
    }
}
