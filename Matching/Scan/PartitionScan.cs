using System.Numerics;
using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Scan.Screening;

namespace MatchCluster.Matching.Scan;

/// <summary>
/// One pass over a snapshot for every search of a batch, block by block of slots. What a proposer rules out or the
/// first stage passed over is not scored; each other slot is brought into the cache once and shown to the searches that
/// want it. The budget is looked at between slots; when it is spent, what was searched so far is the answer.
/// </summary>
internal static class PartitionScan
{
    /// <summary>Slots between two looks at the clock: a few milliseconds of scoring, 25 ns of looking.</summary>
    private const int SlotsPerLook = 8;

    /// <param name="batch">The searches.</param>
    /// <param name="gallery">What they search.</param>
    /// <param name="table">Who a search of one person means.</param>
    /// <param name="budget">How long.</param>
    /// <param name="scratch">The thread's memory.</param>
    /// <param name="visitAll">No proposers: the plain form, which the other must equal.</param>
    public static ScanResult Run(
        SearchBatch batch, GallerySnapshot gallery, GalleryTable table, SearchBudget budget, ScanScratch scratch,
        bool visitAll = false)
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
                    everyone[i].Visit(slot, scratch.Fingers);
                }
            }
        }

        long[] searchedOf = new long[scanning.Count];
        long searched = scanning.Count == 0
            ? gallery.Identities
            : ScanAll(scanning, gallery, budget, scratch, visitAll, searchedOf);
        return new ScanResult(
            searched,
            everyone.Sum(s => s.Comparisons),
            [
                .. everyone.Select((s, i) => new SearchHits(
                    s.GalleryKnown, personKnown[i], s.Finish(scratch.Fingers), s.FirstStage,
                    batch.Searches[i].OnlyPerson is not null ? null : new SearchCount(
                        s.Held, scanning.IndexOf(s) is >= 0 and int at ? searchedOf[at] : s.Held, s.Comparable,
                        s.Reached))),
            ]);
    }

    /// <param name="searches">Those that scan.</param>
    /// <param name="gallery">What they search.</param>
    /// <param name="budget">How long.</param>
    /// <param name="scratch">The thread's memory.</param>
    /// <param name="visitAll">No proposers.</param>
    /// <param name="searched">Becomes the identities that each looked at.</param>
    private static long ScanAll(
        List<SearchScan> searches, GallerySnapshot gallery, SearchBudget budget, ScanScratch scratch, bool visitAll,
        long[] searched)
    {
        Visits visits = new(searches, visitAll);
        FingerScreen screen = new(searches);
        SlotBits?[,] chosen = new SlotBits?[gallery.Segments.Length, searches.Count];
        long singles = 0;
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

            if (!ScanSegment(view, visits, budget, scratch, ref singles, searched))
            {
                // Identities with several encounters may be half seen: they do not count as searched.
                return singles;
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
                searches[i].VisitOthers(gallery.Segments[segment], chosen[segment, i], scratch.Fingers);
            }
        }

        for (int i = 0; i < searches.Count; i++)
        {
            searched[i] = searches[i].Held;
        }

        return gallery.Identities;
    }

    /// <summary>One segment's slots; false where the budget was spent on the way.</summary>
    private static bool ScanSegment(
        SegmentView view, Visits visits, SearchBudget budget, ScanScratch scratch, ref long singles,
        long[] searched)
    {
        int visited = 0;
        for (int block = 0; block * Visits.SlotsPerBlock < view.Slots; block++)
        {
            if (budget.IsSpent)
            {
                return false;
            }

            visits.Propose(view, block, scratch);
            for (int word = 0; word < Visits.Words; word++)
            {
                ulong alone = visits.Alive[word] & ~view.Segment.Several(visits.WordOfSegment(word));
                for (ulong left = visits.Any(word); left != 0; left &= left - 1)
                {
                    ulong slot = left & (~left + 1);
                    if (visited++ % SlotsPerLook == 0 && budget.IsSpent)
                    {
                        singles += BitOperations.PopCount(alone & (slot - 1));
                        CountWanted(visits, word, alone & (slot - 1), searched);
                        return false;
                    }

                    visits.Show(word, slot, scratch);
                }

                singles += BitOperations.PopCount(alone);
                CountWanted(visits, word, alone, searched);
            }
        }

        return true;
    }

    /// <summary>Counts looked at slots for each search that may see them.</summary>
    private static void CountWanted(Visits visits, int word, ulong looked, long[] searched)
    {
        for (int search = 0; search < searched.Length; search++)
        {
            searched[search] += BitOperations.PopCount(looked & visits.Wanted(search)[word]);
        }
    }
}

/// <param name="IdentitiesSearched">Equals the snapshot's identities exactly when the scan reached its end.</param>
/// <param name="Comparisons">Probe samples compared with rows.</param>
/// <param name="Results">One per search.</param>
internal sealed record ScanResult(
    long IdentitiesSearched, long Comparisons, IReadOnlyList<SearchHits> Results);
