using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Scan.Screening;

namespace MatchCluster.Matching.Scan;

/// <summary>
/// One pass over a snapshot for every search of a batch: each slot is brought into the cache once and shown to all
/// of them, unless the first stage passed it over. The budget is looked at between slots; when it is spent, what was
/// searched so far is the answer.
/// </summary>
internal static class PartitionScan
{
    /// <summary>Slots between two looks at the clock: a few milliseconds of scoring, 25 ns of looking.</summary>
    private const int SlotsPerLook = 8;

    public static ScanResult Run(
        SearchBatch batch, GallerySnapshot gallery, GalleryTable table, SearchBudget budget, FingerScratch scratch)
    {
        SearchScan[] everyone = new SearchScan[batch.Searches.Count];
        List<SearchScan> scanning = [];
        bool[] personKnown = new bool[everyone.Length];
        for (int i = 0; i < everyone.Length; i++)
        {
            Search search = batch.Searches[i];
            if (search.OnlyPerson is null)
            {
                everyone[i] = new SearchScan(search, gallery);
                if (everyone[i].GalleryKnown)
                {
                    scanning.Add(everyone[i]);
                }
            }
            else
            {
                (GallerySnapshot picture, SlotRef[] slots) = table.PictureOf(search.OnlyPerson);
                everyone[i] = new SearchScan(search, picture);
                personKnown[i] = slots.Length > 0;
                foreach (SlotRef slot in slots)
                {
                    everyone[i].Visit(slot, scratch);
                }
            }
        }

        long searched = scanning.Count == 0 ? gallery.Identities : ScanAll(scanning, gallery, budget, scratch);
        return new ScanResult(
            searched,
            everyone.Sum(s => s.Comparisons),
            [.. everyone.Select((s, i) => new SearchHits(s.GalleryKnown, personKnown[i], s.Finish(), s.FirstStage))]);
    }

    private static long ScanAll(
        List<SearchScan> searches, GallerySnapshot gallery, SearchBudget budget, FingerScratch scratch)
    {
        long singles = 0;
        FingerScreen screen = new(searches);
        SlotBits?[,] chosen = new SlotBits?[gallery.Segments.Length, searches.Count];
        for (int segment = 0; segment < gallery.Segments.Length; segment++)
        {
            SegmentView view = gallery.Segments[segment];
            if (!screen.Run(view, budget))
            {
                return singles;
            }

            for (int i = 0; i < searches.Count; i++)
            {
                chosen[segment, i] = searches[i].Screened?.Chosen;
            }

            for (int slot = 0; slot < view.Slots; slot++)
            {
                if (slot % SlotsPerLook == 0 && budget.IsSpent)
                {
                    // Identities with several encounters may be half seen: they do not count as searched.
                    return singles;
                }

                if (view.IsDead(slot))
                {
                    continue;
                }

                SlotRef place = new(view.Segment, slot);
                foreach (SearchScan search in searches)
                {
                    search.VisitChosen(place, scratch);
                }

                singles += view.Segment.Columns(slot).Identity.HasSeveral ? 0 : 1;
            }
        }

        foreach (SearchScan search in searches)
        {
            search.EndSlots();
        }

        for (int segment = 0; segment < gallery.Segments.Length; segment++)
        {
            if (budget.IsSpent)
            {
                return singles;
            }

            for (int i = 0; i < searches.Count; i++)
            {
                searches[i].VisitOthers(gallery.Segments[segment], chosen[segment, i], scratch);
            }
        }

        return gallery.Identities;
    }
}

/// <param name="IdentitiesSearched">Equals the snapshot's identities exactly when the scan reached its end.</param>
/// <param name="Comparisons">Probe samples compared with rows.</param>
/// <param name="Results">One per search.</param>
internal sealed record ScanResult(
    long IdentitiesSearched, long Comparisons, IReadOnlyList<SearchHits> Results);
