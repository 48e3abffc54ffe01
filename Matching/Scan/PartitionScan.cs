using System.Diagnostics;
using System.Numerics;
using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Scan.Screening;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Scan;

/// <summary>
/// Makes one pass over a snapshot for every search of a batch, block by block of slots. Slots that a proposer
/// ruled out or the first stage passed over are not scored. Every other slot is brought into the cache once
/// and shown to the searches that want it. The budget is looked at between slots and between comparisons;
/// when it is spent, the answer is what was searched so far.
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
        bool isVerification = IsVerification(batch);
        ComparisonBudget comparing = isVerification ? new(budget, Limits.ComparisonsPerVerification) : new(budget);
        SearchScan[] everyone = new SearchScan[batch.Searches.Count];
        List<SearchScan> scanning = [];
        SlotRef[][] onlyOf = new SlotRef[everyone.Length][];
        for (int i = 0; i < everyone.Length; i++)
        {
            Search search = batch.Searches[i];
            if (search.OnlyPerson is null)
            {
                everyone[i] = new SearchScan(search, gallery, comparing, scratch.Calibration);
                if (everyone[i].GalleryKnown)
                {
                    scanning.Add(everyone[i]);
                }
            }
            else
            {
                (GallerySnapshot picture, SlotRef[] slots) = table.PictureOf(search.OnlyPerson);
                everyone[i] = new SearchScan(search, picture, comparing, scratch.Calibration);
                onlyOf[i] = slots;
                foreach (SlotRef slot in slots.TakeWhile(_ => !comparing.IsSpent))
                {
                    everyone[i].Visit(slot, scratch.Fingers);
                }
            }
        }

        long singles = 0;
        long[] searchedOf = new long[scanning.Count];
        long screening = 0;
        bool isWhole = scanning.Count == 0
            || ScanAll(scanning, gallery, budget, comparing, scratch, visitAll, ref singles, ref screening, searchedOf);
        SearchHits[] hits =
        [
            .. everyone.Select((s, i) =>
            {
                IReadOnlyList<Hit> found = s.Finish(scratch.Fingers);
                SearchCount count = onlyOf[i] is { } person
                    ? GalleryCensus.OfPerson(batch.Searches[i], s.Sight, person, found.Count)
                    : new SearchCount(
                        s.Held, scanning.IndexOf(s) is >= 0 and int at ? searchedOf[at] : s.Held, s.Comparable,
                        s.Reached);
                return new SearchHits(
                    s.GalleryKnown, onlyOf[i] is { Length: > 0 }, found, s.FirstStage, count,
                    s.IsFast ? s.IrisWork.SampledEyes : null,
                    onlyOf[i] is null ? gallery.StateOf(batch.Searches[i].Gallery) : null);
            }),
        ];
        long comparisons = everyone.Sum(s => s.Comparisons);
        if (comparing.IsSpent && batch.Searches.Any(search => search.OnlyPerson is not null))
        {
            // A person who was compared with half of its samples has no score.
            return new ScanResult(0, comparisons, [])
            {
                Reason = comparing.IsTooMany
                    ? $"more than {Limits.ComparisonsPerVerification} comparisons of the samples sent with the person's"
                    : null,
            };
        }

        return new ScanResult(isWhole ? gallery.Identities : singles, comparisons, hits)
        {
            FirstStageTime = Stopwatch.GetElapsedTime(0, screening),
            IrisWork = [.. everyone.Select(s => s.IrisWork)],
        };
    }

    /// <summary>Whether every search of a batch is for one person.</summary>
    public static bool IsVerification(SearchBatch batch) => batch.Searches.All(search => search.OnlyPerson is not null);

    /// <summary>
    /// False where the budget was spent on the way; then the identities with one encounter that everybody who searches
    /// has seen are counted. Those with several may be half seen.
    /// </summary>
    /// <param name="searches">The searches that scan.</param>
    /// <param name="gallery">What they search.</param>
    /// <param name="budget">How long.</param>
    /// <param name="comparing">How many comparisons of one person.</param>
    /// <param name="scratch">The thread's memory.</param>
    /// <param name="visitAll">No proposers.</param>
    /// <param name="singles">Becomes the identities with one encounter that everybody has seen.</param>
    /// <param name="screening">Becomes the clock's ticks in the first stage.</param>
    /// <param name="searched">Becomes the identities that each looked at.</param>
    private static bool ScanAll(
        List<SearchScan> searches, GallerySnapshot gallery, SearchBudget budget, ComparisonBudget comparing,
        ScanScratch scratch, bool visitAll, ref long singles, ref long screening, long[] searched)
    {
        CandidateSlots visits = new(searches, visitAll);
        FingerScreen screen = new(searches);
        SlotBits?[,] chosen = new SlotBits?[gallery.Segments.Length, searches.Count];
        for (int segment = 0; segment < gallery.Segments.Length; segment++)
        {
            SegmentView view = gallery.Segments[segment];
            long began = Stopwatch.GetTimestamp();
            bool isScreened = screen.Run(view, budget, scratch.LetOthersPass);
            screening += Stopwatch.GetTimestamp() - began;
            if (!isScreened)
            {
                return false;
            }

            for (int i = 0; i < searches.Count; i++)
            {
                chosen[segment, i] = searches[i].Screened?.Chosen;
            }

            if (!ScanSegment(view, visits, budget, comparing, scratch, ref singles, searched))
            {
                return false;
            }
        }

        foreach (SearchScan search in searches)
        {
            search.EndSlots();
        }

        for (int segment = 0; segment < gallery.Segments.Length; segment++)
        {
            if (comparing.EndsNow())
            {
                return false;
            }

            for (int i = 0; i < searches.Count; i++)
            {
                searches[i].VisitOthers(gallery.Segments[segment], chosen[segment, i], scratch.Fingers);
            }
        }

        if (comparing.IsSpent)
        {
            return false;
        }

        for (int i = 0; i < searches.Count; i++)
        {
            searched[i] = searches[i].Held;
        }

        return true;
    }

    /// <summary>One segment's slots; false where the budget was spent on the way.</summary>
    private static bool ScanSegment(
        SegmentView view, CandidateSlots visits, SearchBudget budget, ComparisonBudget comparing, ScanScratch scratch,
        ref long singles, long[] searched)
    {
        int visited = 0;
        for (int block = 0; block * CandidateSlots.SlotsPerBlock < view.Slots; block++)
        {
            scratch.LetOthersPass?.Invoke();
            if (budget.IsSpent)
            {
                return false;
            }

            visits.Propose(view, block, scratch);
            for (int word = 0; word < CandidateSlots.Words; word++)
            {
                ulong alone = visits.Alive[word] & ~view.Segment.Several(visits.WordOfSegment(word));
                for (ulong left = visits.Any(word); left != 0; left &= left - 1)
                {
                    ulong slot = left & (~left + 1);
                    bool looks = visited++ % SlotsPerLook == 0;
                    if (looks)
                    {
                        scratch.LetOthersPass?.Invoke();
                    }

                    if (looks && budget.IsSpent)
                    {
                        singles += BitOperations.PopCount(alone & (slot - 1));
                        CountWanted(visits, word, alone & (slot - 1), searched);
                        return false;
                    }

                    visits.Show(word, slot, scratch);
                    if (comparing.IsSpent)
                    {
                        singles += BitOperations.PopCount(alone & (slot - 1));
                        CountWanted(visits, word, alone & (slot - 1), searched);
                        return false;
                    }
                }

                singles += BitOperations.PopCount(alone);
                CountWanted(visits, word, alone, searched);
            }
        }

        return true;
    }

    /// <summary>Counts looked at slots for each search that may see them.</summary>
    private static void CountWanted(CandidateSlots visits, int word, ulong looked, long[] searched)
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
    long IdentitiesSearched, long Comparisons, IReadOnlyList<SearchHits> Results)
{
    /// <summary>Why it did not reach its end, where that was not the deadline.</summary>
    public string? Reason { get; init; }

    /// <summary>Time in the first stage of fingers.</summary>
    public TimeSpan FirstStageTime { get; init; }
    /// <summary>What each search did to compare irises by blocks.</summary>
    public IReadOnlyList<IrisWork> IrisWork { get; init; } = [];
}
