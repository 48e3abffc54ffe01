using System.Numerics;
using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scan.Screening;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Scan;

/// <summary>Whom a search may see: by gallery, status and filter.</summary>
internal sealed class SearchEligibility(Search search, GallerySnapshot gallery)
{
    private readonly bool[] visible = gallery.Visible(search.Gallery);

    /// <summary>
    /// Combinations of galleries by number where every gallery is searched; null where one gallery is
    /// searched.
    /// </summary>
    public string[][]? Sets { get; } = search.Gallery == Search.AllGalleries ? gallery.GallerySets : null;

    /// <summary>Which of 64 live slots this search may see.</summary>
    public ulong Eligible(Segment segment, int word, ulong alive)
    {
        int only = segment.OnlySet;
        bool isPlain = search is
        {
            OnlyAfter: null,
            Filter: { YearOfBirthMin: null, YearOfBirthMax: null, Sex: Model.Sex.Unknown },
        };
        if (only >= 0 && isPlain)
        {
            return visible[only] ? alive : 0;
        }

        ulong eligible = 0;
        for (ulong left = alive; left != 0; left &= left - 1)
        {
            int bit = BitOperations.TrailingZeroCount(left);
            eligible |= MaySee(segment.Columns((word * 64) + bit)) ? 1UL << bit : 0;
        }

        return eligible;
    }

    /// <summary>Live slots of a segment whose encounters may be seen.</summary>
    public SlotBits Eligible(SegmentView view)
    {
        SlotBits eligible = new();
        for (int slot = 0; slot < view.Slots; slot++)
        {
            if (!view.IsDead(slot) && MaySee(view.Segment.Columns(slot)))
            {
                eligible.Add(slot);
            }
        }

        return eligible;
    }

    /// <summary>
    /// Whether an encounter belongs to the gallery, is active, of a person in question and passes the filter.
    /// </summary>
    public bool MaySee(in SlotColumns columns) =>
        columns.IsActive && visible[columns.GallerySet] && Passes(search.Filter, columns)
        && (search.OnlyAfter is not { } after || string.CompareOrdinal(columns.Identity.PersonId, after) > 0);

    /// <summary>An encounter that does not state a bin passes its test.</summary>
    private static bool Passes(SearchFilter filter, in SlotColumns columns) =>
        (columns.YearOfBirth == 0
            || (columns.YearOfBirth >= (filter.YearOfBirthMin ?? int.MinValue)
                && columns.YearOfBirth <= (filter.YearOfBirthMax ?? int.MaxValue)))
        && (filter.Sex == Sex.Unknown || columns.Sex == Sex.Unknown || filter.Sex == columns.Sex);
}
