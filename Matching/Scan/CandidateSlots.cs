using System.Numerics;
using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Irises.Blocks;

namespace MatchCluster.Matching.Scan;

/// <summary>
/// The slots of one block that each search of a batch visits: all live slots, or those that proposers leave.
/// An identity with several encounters is always visited, because its score joins rows of several slots;
/// there are few of them.
/// </summary>
internal sealed class CandidateSlots
{
    public const int SlotsPerBlock = IrisBlock.Lanes;

    /// <summary>Words of a block's slots.</summary>
    public const int Words = SlotsPerBlock / 64;

    private readonly List<SearchScan> searches;
    private readonly IrisProposer? irises;
    private readonly bool[] asked;
    private readonly ulong[] wanted;
    private readonly ulong[] visits;
    private readonly SampledAudit audit;
    private readonly ulong[] alive = new ulong[Words];

    public CandidateSlots(List<SearchScan> searches, bool visitAll)
    {
        this.searches = searches;
        asked = new bool[searches.Count];
        wanted = new ulong[searches.Count * Words];
        visits = new ulong[searches.Count * Words];
        audit = new SampledAudit(searches);
        foreach (SearchScan search in searches)
        {
            search.ProposesIrises = !visitAll && search.ScoresIrises && search.SampleFloor > 0
                && (!search.ScoresFingers || search.Screened is not null);
        }

        irises = searches.Any(s => s.ProposesIrises) ? new IrisProposer(searches) : null;
    }

    public Segment Segment { get; private set; } = null!;

    /// <summary>Which run of <see cref="SlotsPerBlock"/> slots of the segment.</summary>
    public int Block { get; private set; }

    /// <summary>Slots of the block that the snapshot holds and that are not dead.</summary>
    public ReadOnlySpan<ulong> Alive => alive;

    /// <summary>Whether proposers are asked about a search.</summary>
    public bool IsAsked(int search) => asked[search];

    /// <summary>The live slots that a search may see.</summary>
    public ReadOnlySpan<ulong> Wanted(int search) => wanted.AsSpan(search * Words, Words);

    /// <summary>What a search visits so far.</summary>
    public Span<ulong> Of(int search) => visits.AsSpan(search * Words, Words);

    public int WordOfSegment(int word) => (Block * Words) + word;

    /// <summary>Slots that any search visits.</summary>
    public ulong Any(int word)
    {
        ulong any = 0;
        for (int search = 0; search < searches.Count; search++)
        {
            any |= visits[(search * Words) + word];
        }

        return any;
    }

    /// <summary>Shows a slot to the searches that visit it.</summary>
    /// <param name="word">Its word.</param>
    /// <param name="slot">Its bit.</param>
    /// <param name="scratch">The thread's memory.</param>
    public void Show(int word, ulong slot, ScanScratch scratch)
    {
        SlotRef place = new(Segment, (WordOfSegment(word) * 64) + BitOperations.TrailingZeroCount(slot));
        for (int search = 0; search < searches.Count; search++)
        {
            if ((visits[(search * Words) + word] & slot) != 0)
            {
                if (audit.Has(search, word, slot))
                {
                    searches[search].Audit(place, scratch.Fingers);
                }
                else
                {
                    searches[search].VisitChosen(place, scratch.Fingers);
                }
            }
        }
    }

    /// <summary>Settles what is visited of a block.</summary>
    public void Propose(SegmentView view, int block, ScanScratch scratch)
    {
        Segment = view.Segment;
        Block = block;
        for (int word = 0; word < Words; word++)
        {
            int first = WordOfSegment(word) * 64;
            ulong held = view.Slots - first >= 64 ? ulong.MaxValue
                : view.Slots <= first ? 0 : (1UL << (view.Slots - first)) - 1;
            alive[word] = held & ~(view.Dead?[WordOfSegment(word)] ?? 0);
        }

        for (int search = 0; search < searches.Count; search++)
        {
            // Where fingers take part their first stage has chosen already; where it left the segment out all are
            // visited.
            SearchScan scan = searches[search];
            asked[search] = scan.ProposesIrises && scan.Screened is null or { Chosen: not null };
            for (int word = 0; word < Words; word++)
            {
                int at = (search * Words) + word;
                wanted[at] = scan.Sight.Eligible(Segment, WordOfSegment(word), alive[word]);
                visits[at] = wanted[at] & (asked[search]
                    ? scan.Screened?.Chosen?.Word(WordOfSegment(word)) ?? Segment.Several(WordOfSegment(word))
                    : scan.Screened is { Chosen: not null } screened ? screened.ToScore(WordOfSegment(word))
                    : ulong.MaxValue);
            }
        }

        irises?.Propose(this, scratch);
        audit.Choose(this);
        for (int search = 0; search < searches.Count; search++)
        {
            if (asked[search] && searches[search].Screened is { } screened)
            {
                for (int word = 0; word < Words; word++)
                {
                    screened.AlsoChoose(WordOfSegment(word), Of(search)[word]);
                    Of(search)[word] = wanted[(search * Words) + word] & screened.ToScore(WordOfSegment(word));
                }
            }
        }
    }
}
