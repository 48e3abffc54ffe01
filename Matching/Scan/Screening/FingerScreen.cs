using MatchCluster.Matching.Fingers.Stage1;
using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Scan.Screening;

/// <summary>
/// The first stage over one segment for every search of a batch: finger by finger of the probes, position by position
/// of the segment, block by block, each block shown to all probes while it is in the cache. From the third finger on
/// only blocks with an encounter that is still in question are read. One object per scan; not shared.
/// </summary>
internal sealed class FingerScreen
{
    /// <summary>Comparisons of a block between two looks at the clock: a quarter of a millisecond of work.</summary>
    private const int BlocksPerLook = 64;

    private readonly List<ScreenedSearch> searches;
    private readonly List<ScreenedSearch> together = [];
    private int looked;

    public FingerScreen(IEnumerable<SearchScan> scans) =>
        searches = [.. scans.Where(scan => scan.Screened is not null).Select(scan => scan.Screened!)];

    /// <summary>Chooses each search's slots of a segment; false where the budget was spent on the way.</summary>
    /// <param name="view">The segment.</param>
    /// <param name="budget">How long.</param>
    /// <param name="letOthersPass">Called at every look at the clock.</param>
    public bool Run(SegmentView view, SearchBudget budget, Action? letOthersPass = null)
    {
        foreach (ScreenedSearch search in searches)
        {
            search.Begin(view);
        }

        int fingers = searches.Count == 0 ? 0 : searches.Max(search => search.Fingers);
        for (int finger = 0; finger < fingers; finger++)
        {
            for (int position = 0; position < SegmentFingers.Positions; position++)
            {
                if (view.Segment.Fingers.Of(position) is { } blocks
                    && !Compare(blocks, finger, position, budget, letOthersPass))
                {
                    return false;
                }
            }

            foreach (ScreenedSearch search in searches)
            {
                search.EndFinger(finger);
            }
        }

        foreach (ScreenedSearch search in searches)
        {
            search.Choose();
        }

        return true;
    }

    private bool Compare(
        Stage1Blocks blocks, int finger, int position, SearchBudget budget, Action? letOthersPass)
    {
        together.Clear();
        together.AddRange(searches.Where(search => search.WillCompare(finger, position)));
        if (together.Count == 0)
        {
            return true;
        }

        foreach (ScreenedSearch search in together)
        {
            search.BeginPosition(finger, position);
        }

        int count = blocks.Count;
        int met = Math.Min(count, NonMatedDistances.MostOfSegment);
        for (int first = 0; first < count; first += Stage1Parameters.Rows)
        {
            int index = first / Stage1Parameters.Rows;
            int held = Math.Min(Stage1Parameters.Rows, count - first);
            ReadOnlySpan<ushort> block = blocks.Block(index);
            foreach (ScreenedSearch search in together)
            {
                search.Compare(block, index, held);
                if (++looked % BlocksPerLook == 0)
                {
                    letOthersPass?.Invoke();
                    if (budget.IsSpent)
                    {
                        return false;
                    }
                }
            }

            if (first < met && first + held >= met)
            {
                foreach (ScreenedSearch search in together)
                {
                    search.Settle(blocks, met);
                }
            }
        }

        return true;
    }
}
