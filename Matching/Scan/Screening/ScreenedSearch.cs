using System.Numerics;
using MatchCluster.Matching.Bytes;
using MatchCluster.Matching.Fingers.Stage1;
using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Scan.Screening;

/// <summary>
/// One search in the first stage: its fingers, and what they say of the slots of the segment in hand. Reused from
/// segment to segment.
/// </summary>
internal sealed class ScreenedSearch
{
    /// <summary>Encounters in question below which a segment is scored without a first stage.</summary>
    private const int LeastEncounters = 128;

    /// <summary>
    /// One in this many encounters passed over is scored: a fiftieth of the work at 5 % penetration.
    /// </summary>
    private const uint AuditOne = 1000;

    /// <summary>Evidence that no number of rows takes away: what could not be weighed is scored.</summary>
    private const int Certain = int.MaxValue / 4;

    /// <summary>Probes bring their fingers in this order, so that those of a batch meet a block together.</summary>
    private static readonly int[] Order = [2, 7, 1, 6, 3, 8, 4, 9, 5, 10, 0];

    private readonly SearchScan scan;
    private readonly ScreenThresholds thresholds;
    private readonly StageLoss loss;
    private readonly (int Index, BiometricPosition Position, Stage1Probe Probe, int Cylinders)[] fingers;
    private readonly bool[] endsPlace;
    private readonly NonMatedDistances[,] strangers;
    private readonly int[] evidence = new int[Segment.MostSlots];
    private readonly ushort[] compared = new ushort[Segment.MostSlots];
    private readonly int[] best = new int[Segment.MostSlots];
    private readonly ushort[] rows = new ushort[Segment.MostSlots];
    private readonly int[] strongestEvidence = new int[Segment.MostSlots];
    private readonly byte[] strongest = new byte[Segment.MostSlots];

    // For a place with several captures: which of them is nearest so far, and how near it is.
    private readonly byte[] nearestCapture;
    private readonly int[] nearestSoFar;
    private readonly SlotBits open = new();

    // Distances of all blocks before the segment's non-mated distances are settled; of one block from then
    // on.
    private readonly ushort[] distances = new ushort[NonMatedDistances.MostOfSegment];
    private readonly uint seed;
    private SlotBits audited = new();
    private SegmentView view;
    private SlotBits eligible = new();
    private bool isScreening;
    private long screened;

    // The finger and position in hand.
    private Stage1Probe probe = null!;
    private int size;
    private NonMatedDistances others = null!;
    private bool isWhole;
    private bool isSettled;
    private double mean;
    private double deviation;

    /// <param name="scan">The search.</param>
    /// <param name="probe">What is searched for.</param>
    /// <param name="threshold">-10 log10 FMR that candidates must reach.</param>
    public ScreenedSearch(SearchScan scan, Probe probe, double threshold)
    {
        this.scan = scan;
        thresholds = ScreenThresholds.For(threshold);
        fingers =
        [
            .. probe.Fingers.Select((finger, index) => (Finger: finger, Index: index))
                .Where(one => one.Finger.Template.IsComparable)
                .GroupBy(one => probe.Places[one.Index])
                .OrderBy(place => place.Min(one => OrderOf(one.Finger)))
                .SelectMany(place => place.OrderBy(one => OrderOf(one.Finger)))
                .Select(one => (
                    one.Index, one.Finger.Position, new Stage1Probe(one.Finger.Template.Row),
                    one.Finger.Template.Cylinders)),
        ];
        endsPlace =
        [
            .. fingers.Select((one, i) => i + 1 == fingers.Length
                || probe.Places[one.Index] != probe.Places[fingers[i + 1].Index]),
        ];
        int captures = endsPlace.Contains(false) ? Segment.MostSlots : 0;
        nearestCapture = new byte[captures];
        nearestSoFar = new int[captures];
        loss = ScreenLosses.Of(threshold, endsPlace.Count(ends => ends));
        seed = probe.Fingers.Aggregate(0u, (sum, finger) => (sum * 31) + Crc32C.Of(finger.Template.Row, []));
        strangers = new NonMatedDistances[fingers.Length, SegmentFingers.Positions];
        for (int i = 0; i < strangers.Length; i++)
        {
            strangers[i / SegmentFingers.Positions, i % SegmentFingers.Positions] = new NonMatedDistances();
        }
    }

    public int Fingers => fingers.Length;

    /// <summary>Slots of the segment that are to be scored; null means every one.</summary>
    public SlotBits? Chosen { get; private set; }

    /// <summary>Encounters that could be seen, of every segment so far.</summary>
    public long Encounters { get; private set; }

    /// <summary>Encounters among those that were chosen.</summary>
    public long Passed { get; private set; }

    /// <summary>
    /// Encounters that were not chosen and are scored for the audit, to see what is missed.
    /// </summary>
    public long Audited { get; private set; }

    /// <summary>Number of fingers compared.</summary>
    public long Comparisons { get; private set; }

    /// <summary>Whether a slot that was not chosen is scored for the audit.</summary>
    public bool IsAudited(int slot) => Chosen is not null && audited.Has(slot);

    /// <summary>
    /// The probe finger that agrees best with a chosen slot; -1 where no finger was compared.
    /// </summary>
    public int StrongestOf(int slot) => compared[slot] > 0 ? strongest[slot] : -1;

    /// <summary>
    /// Whether a chosen slot that the second stage gives up is scored for the audit, and is counted there.
    /// </summary>
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
            screened += encounters;
            open.CopyFrom(eligible);
            evidence.AsSpan(0, segment.Slots).Clear();
            compared.AsSpan(0, segment.Slots).Clear();
            best.AsSpan(0, segment.Slots).Clear();
            nearestSoFar.AsSpan().Clear();
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

    /// <summary>Call before the first block of a position.</summary>
    public void BeginPosition(int finger, int position)
    {
        probe = fingers[finger].Probe;
        size = fingers[finger].Cylinders;
        others = strangers[finger, position];
        isWhole = finger < ScreenEvidence.FirstFingers || !others.AreEnough;
        isSettled = false;
    }

    /// <summary>
    /// Compares one block, unless no encounter in it is in question any more. What its distances say is noted while
    /// the block is in the cache, except before the non-mated distances of the segment are settled.
    /// </summary>
    /// <param name="block">The block.</param>
    /// <param name="index">Index of the block among those of the position.</param>
    /// <param name="held">Rows of it that are there.</param>
    public void Compare(ReadOnlySpan<ushort> block, int index, int held)
    {
        Span<ushort> into = distances.AsSpan(
            isSettled ? 0 : index * Stage1Parameters.Rows, Stage1Parameters.Rows);
        if (isWhole || IsOpen(block))
        {
            Stage1Scan.Distances(block, probe, into);
            Comparisons += into.Length;
        }
        else
        {
            into.Fill(Stage1Parameters.Farthest);
        }

        if (isSettled)
        {
            Weigh(block, into[..held]);
        }
    }

    /// <summary>
    /// Call after as many blocks as hold <see cref="NonMatedDistances.MostOfSegment"/> rows, or after the last one:
    /// the non-mated distances among them are taken in, and what the distances so far say is noted.
    /// </summary>
    /// <param name="blocks">The blocks of the position.</param>
    /// <param name="count">Rows compared so far.</param>
    public void Settle(Stage1Blocks blocks, int count)
    {
        for (int i = 0; isWhole && i < count; i++)
        {
            ReadOnlySpan<ushort> cylinders = Stage1Block.Cylinders(blocks.Block(i / Stage1Parameters.Rows));
            others.Add(distances[i] - ScreenEvidence.FartherOf(cylinders[i % Stage1Parameters.Rows]));
        }

        (mean, deviation) = others.IsKnown ? (others.Mean, others.Deviation) : default;
        isSettled = true;
        for (int first = 0; first < count; first += Stage1Parameters.Rows)
        {
            Weigh(
                blocks.Block(first / Stage1Parameters.Rows),
                distances.AsSpan(first, Math.Min(Stage1Parameters.Rows, count - first)));
        }
    }

    /// <summary>Turns the distances of a block's rows into evidence.</summary>
    private void Weigh(ReadOnlySpan<ushort> block, ReadOnlySpan<ushort> near)
    {
        bool known = others.IsKnown;
        ReadOnlySpan<ushort> tags = Stage1Block.Tags(block);
        ReadOnlySpan<ushort> cylinders = Stage1Block.Cylinders(block);
        Span<int> bestOf = best.AsSpan(0, view.Slots);
        Span<ushort> rowsOf = rows.AsSpan(0, view.Slots);
        for (int i = 0; i < near.Length; i++)
        {
            int slot = tags[i];
            if (slot < bestOf.Length)
            {
                int distance = near[i] - ScreenEvidence.FartherOf(cylinders[i]);
                double unit = ScreenEvidence.UnitOf(Math.Min(size, cylinders[i]));
                int found = known ? ScreenEvidence.Of(distance, mean, deviation, unit) : Certain;
                bestOf[slot] = Math.Max(bestOf[slot], found);
                rowsOf[slot]++;
            }
        }
    }

    private static int OrderOf(FingerProbe finger) => Array.IndexOf(Order, finger.Position.Finger);

    /// <summary>
    /// Adds up what a finger said; encounters that have too little by now are given up. Several captures of one place
    /// say one thing: what the nearest of them says, as the best of so many.
    /// </summary>
    public void EndFinger(int finger)
    {
        if (!isScreening || finger >= fingers.Length)
        {
            return;
        }

        byte index = (byte)fingers[finger].Index;
        if (nearestCapture.Length > 0)
        {
            NoteNearest(index);
        }

        if (!endsPlace[finger])
        {
            return;
        }

        for (int first = 0; first < view.Slots; first += 64)
        {
            open.RemoveAll(first / 64, Add(first, Math.Min(64, view.Slots - first), index));
        }

        nearestSoFar.AsSpan().Clear();
    }

    /// <summary>
    /// Adds a finger's evidence to that of some slots; gives those that are given up, by bit. What the data decide is
    /// chosen without a branch: half of the non-mated encounters go either way.
    /// </summary>
    private ulong Add(int first, int count, byte finger)
    {
        Span<int> bestOf = best.AsSpan(first, count);
        Span<ushort> rowsOf = rows.AsSpan(first, count);
        Span<int> sums = evidence.AsSpan(first, count);
        Span<ushort> comparedOf = compared.AsSpan(first, count);
        Span<int> most = strongestEvidence.AsSpan(first, count);
        Span<byte> strongestOf = strongest.AsSpan(first, count);
        Span<byte> nearest = nearestCapture.Length == 0 ? [] : nearestCapture.AsSpan(first, count);
        ulong givenUp = 0;
        for (int i = 0; i < bestOf.Length; i++)
        {
            if (rowsOf[i] == 0)
            {
                continue;
            }

            int found = ScreenEvidence.BestOf(bestOf[i], rowsOf[i]);
            int sum = Math.Min(Certain, sums[i] + found);
            sums[i] = sum;
            strongestOf[i] = found > most[i] ? nearest.IsEmpty ? finger : nearest[i] : strongestOf[i];
            most[i] = Math.Max(most[i], found);
            int fingersCompared = ++comparedOf[i];
            bestOf[i] = 0;
            rowsOf[i] = 0;
            givenUp |= (ScreenThresholds.MayGoOn(sum, fingersCompared) ? 0UL : 1) << i;
        }

        return givenUp;
    }

    /// <summary>Notes which capture of the place in hand is nearest to each slot.</summary>
    private void NoteNearest(byte finger)
    {
        for (int slot = 0; slot < view.Slots; slot++)
        {
            nearestCapture[slot] = best[slot] >= nearestSoFar[slot] ? finger : nearestCapture[slot];
            nearestSoFar[slot] = best[slot];
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
                && ((compared[slot] > 0 && open.Has(slot) && thresholds.IsEnough(evidence[slot], compared[slot]))
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

    /// <summary>What the fingers' first stage did so far; who reached the threshold is not known here.</summary>
    public FirstStage FirstStage => new()
    {
        Encounters = Encounters,
        Passed = Passed,
        Audited = Audited,
        Comparisons = Comparisons,
        Loss = screened == 0 ? null : loss.Of(screened / (double)Encounters),
    };

    /// <summary>The slots among 64 that are scored, chosen ones and those of the audit.</summary>
    public ulong ToScore(int word) => Chosen!.Word(word) | audited.Word(word);

    /// <summary>
    /// Whether a slot is in the sample: one in this many, others for every probe and segment, and
    /// the same ones when a search is repeated.
    /// </summary>
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
}
