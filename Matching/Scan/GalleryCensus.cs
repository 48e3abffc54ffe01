using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Partitions;

namespace MatchCluster.Matching.Scan;

/// <summary>Counts whom a search may see, and with how many of them it can compare.</summary>
internal static class GalleryCensus
{
    public static (long Held, long Comparable) Of(
        Search search, GallerySnapshot gallery, SearchSight sight, ComparableKinds kinds) =>
        search.Filter is { YearOfBirthMin: null, YearOfBirthMax: null, Sex: Model.Sex.Unknown }
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

    /// <summary>Encounter by encounter, where the filter asks for what profiles do not hold.</summary>
    internal static (long Held, long Comparable) OfSlots(
        GallerySnapshot gallery, SearchSight sight, ComparableKinds kinds)
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
