using System.Numerics;
using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Irises.Blocks;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Scan;

/// <summary>
/// Rules out slots for the irises, in blocks of 512 eyes. It is exact: <see cref="IrisBound"/> loses no eye
/// that reaches the sample floor, eyes without a lane are visited, and the floor only rises.
/// </summary>
internal sealed class IrisProposer : IProposer
{
    private readonly List<SearchScan> searches;
    private readonly List<IrisEye> eyes = [];
    private readonly Dictionary<(IrisShape Shape, BiometricPosition Position), List<IrisPass>> passes = [];

    public IrisProposer(List<SearchScan> searches)
    {
        this.searches = searches;
        for (int search = 0; search < searches.Count; search++)
        {
            if (searches[search].ProposesIrises)
            {
                for (int iris = 0; iris < searches[search].Probe.Irises.Count; iris++)
                {
                    eyes.Add(new IrisEye(search, searches[search].Probe, iris, searches[search].IsFast));
                }
            }
        }
    }

    public void Propose(CandidateSlots visits, ScanScratch scratch)
    {
        if (visits.Segment.Eyes is not { } held)
        {
            return;
        }

        // What waits for a block is asked for before the blocks: see EyeLanes.
        for (int word = 0; word < CandidateSlots.Words; word++)
        {
            ulong uncovered = held.Uncovered(visits.Block, word);
            for (int search = 0; search < searches.Count && uncovered != 0; search++)
            {
                visits.Of(search)[word] |= visits.Wanted(search)[word] & uncovered;
            }
        }

        EyeLanes[] kinds = held.Kinds;
        foreach (EyeLanes kind in kinds)
        {
            if (kind.Block(visits.Block) is { } block)
            {
                foreach (IrisPass pass in PassesOf(kind))
                {
                    Run(pass, kinds, kind, block, visits, scratch);
                }
            }
        }

        foreach (EyeLanes kind in kinds)
        {
            foreach (IrisPass pass in PassesOf(kind))
            {
                Count(pass, kinds, kind, visits);
            }
        }
    }

    private void Run(
        IrisPass pass, EyeLanes[] kinds, EyeLanes kind, IrisBlock block, CandidateSlots visits, ScanScratch scratch)
    {
        bool any = false;
        for (int i = 0; i < pass.Eyes.Length; i++)
        {
            int search = pass.Eyes[i].Search;
            bool asked = visits.IsAsked(search) && visits.Wanted(search).ContainsAnyExcept(0UL);
            if (asked && IsSearchedNarrower(pass.Eyes[i], kinds, kind, visits))
            {
                searches[search].AddIrisWork(new IrisWork(0, 0, 0, CountOf(kind, visits, search)));
                asked = false;
            }

            pass.Ask(i, asked ? searches[search].SampleFloor : null);
            any |= asked;
        }

        if (!any)
        {
            return;
        }

        Rows rows = new(visits.Segment, visits.Block * IrisBlock.Lanes, kind);
        pass.Run(block, kind.Behind(visits.Block), visits, rows, scratch);
        for (int i = 0; i < pass.Eyes.Length; i++)
        {
            IrisEye eye = pass.Eyes[i];
            long sampled = pass.IsSampled(i) ? CountOf(kind, visits, eye.Search) : 0;
            searches[eye.Search].AddIrisWork(pass.WorkOf(i) with { SampledEyes = sampled });
            Span<ulong> visited = visits.Of(eye.Search);
            for (int word = 0; word < CandidateSlots.Words && visits.IsAsked(eye.Search); word++)
            {
                ulong more = pass.Reached(i)[word] & visits.Wanted(eye.Search)[word] & ~visited[word];
                visited[word] |= searches[eye.Search].ScoresFingers && !pass.IsSampled(i)
                    ? Confirm(eye, kind, visits, word, more) : more;
            }
        }
    }

    /// <summary>Eyes of a kind in the block that a search may see.</summary>
    private static long CountOf(EyeLanes kind, CandidateSlots visits, int search)
    {
        long count = 0;
        for (int word = 0; word < CandidateSlots.Words; word++)
        {
            count += BitOperations.PopCount(kind.Present(visits.Block, word) & visits.Wanted(search)[word]);
        }

        return count;
    }

    /// <summary>
    /// The proposed slots whose eye reaches the floor. A visit would compare the fingers too, which takes
    /// twenty times as long as to look at the eye.
    /// </summary>
    private ulong Confirm(IrisEye eye, EyeLanes kind, CandidateSlots visits, int word, ulong proposed)
    {
        ulong confirmed = 0;
        double floor = searches[eye.Search].SampleFloor;
        for (ulong left = proposed; left != 0; left &= left - 1)
        {
            int bit = BitOperations.TrailingZeroCount(left);
            (int first, int end) = visits.Segment.RowsOf((visits.WordOfSegment(word) * 64) + bit);
            for (int row = first; row < end; row++)
            {
                if (visits.Segment.PositionOf(row) == kind.Position
                    && IrisScorer.TryCompare(eye.Probe, visits.Segment.Row(row), out IrisComparison comparison)
                    && IrisCalibration.Score(comparison, eye.Probe, visits.Segment.Row(row)) >= floor)
                {
                    confirmed |= 1UL << bit;
                }
            }
        }

        return confirmed;
    }

    /// <summary>Eyes that were compared by lanes alone; those of visited slots are counted there.</summary>
    private void Count(IrisPass pass, EyeLanes[] kinds, EyeLanes kind, CandidateSlots visits)
    {
        foreach (IrisEye eye in pass.Eyes)
        {
            if (IsSearchedNarrower(eye, kinds, kind, visits))
            {
                continue;
            }

            long count = 0;
            for (int word = 0; word < CandidateSlots.Words; word++)
            {
                count += BitOperations.PopCount(
                    kind.Present(visits.Block, word) & visits.Wanted(eye.Search)[word] & ~visits.Of(eye.Search)[word]);
            }

            searches[eye.Search].AddComparisons(count);
        }
    }

    /// <summary>Whether every eye of this kind in the block lies there in a narrower code too that searches.</summary>
    private static bool IsSearchedNarrower(IrisEye eye, EyeLanes[] kinds, EyeLanes kind, CandidateSlots visits)
    {
        bool all = eye.Narrower.Count > 0;
        for (int word = 0; word < CandidateSlots.Words && all; word++)
        {
            ulong left = kind.Present(visits.Block, word) & visits.Wanted(eye.Search)[word];
            foreach (EyeLanes other in kinds)
            {
                left &= other.Position == kind.Position && eye.Narrower.Contains(other.Shape)
                    ? ~other.Present(visits.Block, word) : ulong.MaxValue;
            }

            all = left == 0;
        }

        return all;
    }

    /// <summary>
    /// The batch's eyes that may be compared with a kind, in portions that are compared with a block in one
    /// pass.
    /// </summary>
    private List<IrisPass> PassesOf(EyeLanes kind)
    {
        if (!passes.TryGetValue((kind.Shape, kind.Position), out List<IrisPass>? found))
        {
            found =
            [
                .. eyes
                    .Where(e => e.Probe.Shape == kind.Shape && e.Probe.Position.IsComparableWith(kind.Position))
                    .GroupBy(e => (e.Probe.Rotations, e.IsFast))
                    .SelectMany(alike => alike.Chunk(BlockPass.MostProbes))
                    .Select(portion => new IrisPass(portion)),
            ];
            passes.Add((kind.Shape, kind.Position), found);
        }

        return found;
    }

    /// <summary>The rows of a block's eyes.</summary>
    private readonly struct Rows(Segment segment, int firstSlot, EyeLanes kind) : IEyeRows
    {
        public ReadOnlySpan<byte> Row(int lane)
        {
            // Where there are several eyes of the kind, the first has the lane.
            (int row, int end) = segment.RowsOf(firstSlot + lane);
            while (row < end - 1
                && (segment.PositionOf(row) != kind.Position
                    || (IsRepeated(row, end) && !kind.Holds(segment.Row(row)))))
            {
                row++;
            }

            return segment.Row(row)[..kind.RowBytes];
        }

        /// <summary>
        /// Whether another row of its place follows a row: only then the row itself is looked at.
        /// </summary>
        private bool IsRepeated(int row, int end)
        {
            BiometricPosition position = segment.PositionOf(row);
            while (++row < end && segment.PositionOf(row) != position)
            {
            }

            return row < end;
        }
    }
}
