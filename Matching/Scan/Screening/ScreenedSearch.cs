using System.Numerics;
using MatchCluster.Matching.Fingers.Stage1;
using MatchCluster.Matching.Frames;
using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;

namespace MatchCluster.Matching.Scan.Screening;

/// <summary>
/// One search in the first stage: its fingers, and what they say of the slots of the segment in hand. Reused from
/// segment to segment.
/// </summary>
internal sealed class ScreenedSearch
{
    /// <summary>Encounters in question below which a segment is scored without a first stage.</summary>
    private const int LeastEncounters = 128;

    /// <summary>Of so many encounters passed over one is scored: a fiftieth of the work at 5 % penetration.</summary>
    private const uint AuditOne = 1000;

    /// <summary>Evidence that no number of rows takes away: what could not be weighed is scored.</summary>
    private const int Certain = int.MaxValue / 4;

    /// <summary>Probes bring their fingers in this order, so that those of a batch meet a block together.</summary>
    private static readonly int[] Order = [2, 7, 1, 6, 3, 8, 4, 9, 5, 10, 0];

    private readonly SearchScan scan;
    private readonly (int Index, BiometricPosition Position, Stage1Probe Probe)[] fingers;
    private readonly Strangers[,] strangers;
    private readonly int[] evidence = new int[Segment.MostSlots];
    private readonly byte[] compared = new byte[Segment.MostSlots];
    private readonly int[] best = new int[Segment.MostSlots];
    private readonly ushort[] rows = new ushort[Segment.MostSlots];
    private readonly int[] strongestEvidence = new int[Segment.MostSlots];
    private readonly byte[] strongest = new byte[Segment.MostSlots];
    private readonly SlotBits open = new();
    private readonly uint seed;
    private SlotBits audited = new();
    private ushort[] distances = [];
    private SegmentView view;
    private SlotBits eligible = new();
    private bool isScreening;

    public ScreenedSearch(SearchScan scan, Probe probe)
    {
        this.scan = scan;
        fingers =
        [
            .. probe.Fingers.Select((finger, index) => (index, finger.Position, new Stage1Probe(finger.Template.Row)))
                .OrderBy(finger => Array.IndexOf(Order, finger.Position.Finger)),
        ];
        seed = probe.Fingers.Aggregate(0u, (sum, finger) => (sum * 31) + Crc32C.Of(finger.Template.Row, []));
        strangers = new Strangers[fingers.Length, SegmentFingers.Positions];
        for (int i = 0; i < strangers.Length; i++)
        {
            strangers[i / SegmentFingers.Positions, i % SegmentFingers.Positions] = new Strangers();
        }
    }

    public int Fingers => fingers.Length;

    /// <summary>Slots of the segment that are to be scored; null means every one.</summary>
    public SlotBits? Chosen { get; private set; }

    /// <summary>Encounters that could be seen, of every segment so far.</summary>
    public long Encounters { get; private set; }

    /// <summary>Those of them that were chosen.</summary>
    public long Passed { get; private set; }

    /// <summary>Those of the others that are scored to see what is missed.</summary>
    public long Audited { get; private set; }

    /// <summary>Fingers compared.</summary>
    public long Comparisons { get; private set; }

    /// <summary>Whether a slot that was not chosen is scored all the same.</summary>
    public bool IsAudited(int slot) => Chosen is not null && audited.Has(slot);

    /// <summary>Of a chosen slot the probe finger that agrees best; -1 where no finger was compared.</summary>
    public int StrongestOf(int slot) => compared[slot] > 0 ? strongest[slot] : -1;

    /// <summary>Whether a chosen slot that the second stage gives up is scored all the same, and counts so.</summary>
    public bool AuditsUnlike(int slot)
    {
        bool audits = IsSample(slot);
        Audited += audits ? 1 : 0;
        return audits;
    }

    public void Begin(SegmentView segment)
    {
        view = segment;
        eligible = scan.Sight.Eligible(segment);
        int encounters = eligible.Count();
        Encounters += encounters;
        Chosen = null;
        isScreening = encounters >= LeastEncounters;
        if (isScreening)
        {
            open.CopyFrom(eligible);
            evidence.AsSpan(0, segment.Slots).Clear();
            compared.AsSpan(0, segment.Slots).Clear();
            best.AsSpan(0, segment.Slots).Clear();
            rows.AsSpan(0, segment.Slots).Clear();
            strongestEvidence.AsSpan(0, segment.Slots).Fill(-1);
        }
        else
        {
            Passed += encounters;
        }
    }

    public bool WillCompare(int finger, int position) => isScreening && finger < fingers.Length
        && fingers[finger].Position.IsComparableWith(BiometricPosition.OfFinger(position));

    /// <summary>Distances of one block, unless no encounter in it is in question any more.</summary>
    public void Compare(ReadOnlySpan<ushort> block, int index, int finger, int position)
    {
        int at = index * Stage1Parameters.Rows;
        if (distances.Length < at + Stage1Parameters.Rows)
        {
            Array.Resize(ref distances, Math.Max(2 * distances.Length, at + Stage1Parameters.Rows));
        }

        Span<ushort> into = distances.AsSpan(at, Stage1Parameters.Rows);
        if (IsWhole(finger, position) || IsOpen(block))
        {
            Stage1Scan.Distances(block, fingers[finger].Probe, into);
            Comparisons += into.Length;
        }
        else
        {
            into.Fill(Stage1Parameters.Farthest);
        }
    }

    /// <summary>Turns the distances of a run of blocks into evidence.</summary>
    public void Weigh(Stage1Blocks blocks, int count, int finger, int position)
    {
        Strangers others = strangers[finger, position];
        if (IsWhole(finger, position))
        {
            Meet(others, blocks, Math.Min(count, Strangers.MostOfSegment));
        }

        (double mean, double deviation) = others.IsKnown ? (others.Mean, others.Deviation) : default;
        ReadOnlySpan<ushort> tags = default;
        ReadOnlySpan<ushort> cylinders = default;
        for (int i = 0; i < count; i++)
        {
            int template = i % Stage1Parameters.Rows;
            if (template == 0)
            {
                ReadOnlySpan<ushort> block = blocks.Block(i / Stage1Parameters.Rows);
                tags = Stage1Block.Tags(block);
                cylinders = Stage1Block.Cylinders(block);
            }

            int slot = tags[template];
            if (slot < view.Slots)
            {
                int distance = distances[i] - ScreenEvidence.FartherOf(cylinders[template]);
                int found = others.IsKnown ? ScreenEvidence.Of(distance, mean, deviation) : Certain;
                best[slot] = Math.Max(best[slot], found);
                rows[slot]++;
            }
        }
    }

    /// <summary>Adds up what a finger said; encounters that have too little by now are given up.</summary>
    public void EndFinger(int finger)
    {
        if (!isScreening || finger >= fingers.Length)
        {
            return;
        }

        for (int slot = 0; slot < view.Slots; slot++)
        {
            if (rows[slot] == 0)
            {
                continue;
            }

            int found = ScreenEvidence.BestOf(best[slot], rows[slot]);
            evidence[slot] = Math.Min(Certain, evidence[slot] + found);
            if (found > strongestEvidence[slot])
            {
                strongestEvidence[slot] = found;
                strongest[slot] = (byte)fingers[finger].Index;
            }

            compared[slot]++;
            best[slot] = 0;
            rows[slot] = 0;
            if (!ScreenEvidence.MayGoOn(evidence[slot], compared[slot]))
            {
                open.Remove(slot);
            }
        }
    }

    /// <summary>Chooses the slots to score; the irises may add to them (<see cref="AlsoChoose"/>).</summary>
    public void Choose()
    {
        if (!isScreening)
        {
            return;
        }

        SlotBits chosen = new();
        audited = new SlotBits();
        for (int slot = 0; slot < view.Slots; slot++)
        {
            if (eligible.Has(slot)
                && ((compared[slot] > 0 && open.Has(slot) && ScreenEvidence.IsEnough(evidence[slot], compared[slot]))
                    || scan.MustMeetIris(view.Segment, slot)))
            {
                chosen.Add(slot);
            }
            else if (eligible.Has(slot) && IsSample(slot))
            {
                audited.Add(slot);
                Audited++;
            }
        }

        Passed += chosen.Count();
        Chosen = chosen;
    }

    /// <summary>Slots to score whatever the fingers say, of 64 of a segment where they have chosen.</summary>
    public void AlsoChoose(int word, ulong slots)
    {
        ulong more = slots & ~Chosen!.Word(word);
        Passed += BitOperations.PopCount(more);
        Audited -= BitOperations.PopCount(more & audited.Word(word));
        Chosen.AddAll(word, more);
        audited.RemoveAll(word, more);
    }

    /// <summary>Of 64 slots those that are scored: chosen, or as a sample.</summary>
    public ulong ToScore(int word) => Chosen!.Word(word) | audited.Word(word);

    /// <summary>One slot in so many, others for every probe and segment; the same again for the same search.</summary>
    private bool IsSample(int slot) =>
        BitOperations.RotateLeft((seed + (uint)Encounters) * 2654435761 ^ (uint)slot * 2246822519, 15) * 3266489917
            < uint.MaxValue / AuditOne;

    private bool IsOpen(ReadOnlySpan<ushort> block)
    {
        foreach (ushort slot in Stage1Block.Tags(block))
        {
            if (slot < view.Slots && open.Has(slot))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a finger is compared with every row of a position.</summary>
    private bool IsWhole(int finger, int position) =>
        finger < ScreenEvidence.FirstFingers || !strangers[finger, position].AreEnough;

    private void Meet(Strangers others, Stage1Blocks blocks, int count)
    {
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<ushort> cylinders = Stage1Block.Cylinders(blocks.Block(i / Stage1Parameters.Rows));
            others.Add(distances[i] - ScreenEvidence.FartherOf(cylinders[i % Stage1Parameters.Rows]));
        }
    }
}
