using System.Numerics;
using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Irises.Blocks;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;

namespace MatchCluster.Matching.Scan;

/// <summary>
/// Rules out, for the irises, by blocks of 512 eyes. Exact: <see cref="IrisBound"/> loses no eye that reaches the
/// sample floor, eyes without a lane are visited, and the floor only rises.
/// </summary>
internal sealed class IrisProposer : IProposer
{
    /// <summary>Bounds are made anew when the floor has risen by so much; a lower floor's lets more through.</summary>
    private const double FloorStep = 0.5;

    private readonly List<SearchScan> searches;
    private readonly List<Eye> eyes = [];
    private readonly Dictionary<(IrisShape Shape, BiometricPosition Position), List<Pass>> passes = [];
    private readonly ulong[] reached = new ulong[BlockPass.MostProbes * BlockPass.Words];
    private readonly IrisBound?[] bounds = new IrisBound?[BlockPass.MostProbes];

    public IrisProposer(List<SearchScan> searches)
    {
        this.searches = searches;
        for (int search = 0; search < searches.Count; search++)
        {
            if (searches[search].ScoresIrises)
            {
                foreach (IrisProbe probe in searches[search].Probe.Irises)
                {
                    eyes.Add(new Eye(search, probe));
                }
            }
        }
    }

    public void Propose(Visits visits, ScanScratch scratch)
    {
        if (visits.Segment.Eyes is not { } held)
        {
            return;
        }

        // What waits for a block is asked for before the blocks: see EyeLanes.
        for (int word = 0; word < Visits.Words; word++)
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
                foreach (Pass pass in PassesOf(kind))
                {
                    Run(pass, kind, block, visits, scratch);
                }
            }
        }

        foreach (EyeLanes kind in kinds)
        {
            foreach (Pass pass in PassesOf(kind))
            {
                Count(pass, kind, visits);
            }
        }
    }

    private void Run(Pass pass, EyeLanes kind, IrisBlock block, Visits visits, ScanScratch scratch)
    {
        bool any = false;
        for (int i = 0; i < pass.Eyes.Length; i++)
        {
            Eye eye = pass.Eyes[i];
            bool asked = visits.IsAsked(eye.Search) && visits.Wanted(eye.Search).ContainsAnyExcept(0UL);
            bounds[i] = asked ? eye.BoundAt(searches[eye.Search].SampleFloor) : null;
            any |= asked;
        }

        if (!any)
        {
            return;
        }

        BlockPass.Run(
            block, pass.Probes, bounds.AsSpan(0, pass.Eyes.Length), scratch.Irises, BitCountings.WidestLanes, reached);
        for (int i = 0; i < pass.Eyes.Length; i++)
        {
            Eye eye = pass.Eyes[i];
            Span<ulong> visited = visits.Of(eye.Search);
            for (int word = 0; word < Visits.Words && bounds[i] is not null; word++)
            {
                ulong more = reached[(i * Visits.Words) + word] & visits.Wanted(eye.Search)[word] & ~visited[word];
                visited[word] |= searches[eye.Search].ScoresFingers ? Confirm(eye, kind, visits, word, more) : more;
            }
        }
    }

    /// <summary>
    /// Of proposed slots those whose eye reaches the floor: a visit would compare the fingers too, which takes twenty
    /// times as long as to look at the eye.
    /// </summary>
    private ulong Confirm(Eye eye, EyeLanes kind, Visits visits, int word, ulong proposed)
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
                    && IrisCalibration.Score(comparison, kind.Shape) >= floor)
                {
                    confirmed |= 1UL << bit;
                }
            }
        }

        return confirmed;
    }

    /// <summary>Eyes that were compared by lanes alone; those of visited slots are counted there.</summary>
    private void Count(Pass pass, EyeLanes kind, Visits visits)
    {
        foreach (Eye eye in pass.Eyes)
        {
            long count = 0;
            for (int word = 0; word < Visits.Words; word++)
            {
                count += BitOperations.PopCount(
                    kind.Present(visits.Block, word) & visits.Wanted(eye.Search)[word] & ~visits.Of(eye.Search)[word]);
            }

            searches[eye.Search].AddComparisons(count);
        }
    }

    /// <summary>The batch's eyes that may be compared with a kind, in portions that cross a block together.</summary>
    private List<Pass> PassesOf(EyeLanes kind)
    {
        if (!passes.TryGetValue((kind.Shape, kind.Position), out List<Pass>? found))
        {
            found =
            [
                .. eyes
                    .Where(e => e.Probe.Shape == kind.Shape && e.Probe.Position.IsComparableWith(kind.Position))
                    .GroupBy(e => e.Probe.Rotations)
                    .SelectMany(alike => alike.Chunk(BlockPass.MostProbes))
                    .Select(portion => new Pass(portion)),
            ];
            passes.Add((kind.Shape, kind.Position), found);
        }

        return found;
    }

    private sealed class Pass(Eye[] eyes)
    {
        public Eye[] Eyes { get; } = eyes;

        public BlockProbes Probes { get; } = new([.. eyes.Select(e => e.Probe.Lists)]);
    }

    private sealed class Eye(int search, IrisProbe probe)
    {
        private IrisBound? bound;
        private double boundOf = double.NegativeInfinity;

        public int Search { get; } = search;

        public IrisProbe Probe { get; } = probe;

        public IrisBound BoundAt(double floor)
        {
            if (bound is null || floor >= boundOf + FloorStep)
            {
                boundOf = floor;
                bound = IrisBound.AtScore(Probe.Shape, Probe.ValidBits, floor);
            }

            return bound;
        }
    }
}
