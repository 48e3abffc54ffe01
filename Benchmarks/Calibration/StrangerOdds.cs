using System.Numerics;
using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Irises.Blocks;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Benchmarks.Calibration;

/// <summary>How often pairs of different people reach a score, or come within a distance.</summary>
internal sealed class StrangerOdds
{
    /// <summary>Below this score nothing is counted: the blocks let few non-mated pairs through.</summary>
    public const int LeastScore = 20;

    private const int RightEye = 1;
    private readonly long[] byScore = new long[201];
    private readonly long[] byDistance = new long[Distances.Count];

    public static IReadOnlyList<double> Distances { get; } =
        [.. Enumerable.Range(0, 10).Select(i => Math.Round(0.34 - (i / 100.0), 2))];

    public long Pairs { get; private set; }

    /// <summary>Pairs with at least this score, which is not below <see cref="LeastScore"/>.</summary>
    public long Reaching(int score) => byScore[score..].Sum();

    public long Within(double distance) => byDistance[Distances.ToList().IndexOf(distance)];

    /// <summary>Every probe against every eye, by the block engine; who it lets through is compared exactly.</summary>
    public static StrangerOdds OfEyes(
        ulong seed, IrisShape shape, int eyes, int probes, CancellationToken cancel)
    {
        SyntheticPopulation population = new(seed);
        IrisProbe[] prepared = new IrisProbe[probes];
        Parallel.For(0, probes, i =>
            prepared[i] = new IrisProbe(population.Person(eyes + i).Iris(RightEye, 1, shape)));
        (IrisProbe[] Probes, BlockProbes Lists, IrisBound[] Bounds)[] batches =
        [
            .. prepared.Chunk(BlockPass.MostProbes).Select(batch => (
                batch,
                new BlockProbes([.. batch.Select(p => p.Tiles)]),
                batch.Select(p => IrisBound.AtScore(shape, p.ValidBits, LeastScore)).ToArray())),
        ];
        StrangerOdds all = new() { Pairs = (long)eyes * probes };
        int blocks = (eyes + IrisBlock.Lanes - 1) / IrisBlock.Lanes;
        int done = 0;
        Parallel.For(
            0, blocks, new ParallelOptions { CancellationToken = cancel },
            () => (Odds: new StrangerOdds(), Scratch: new BlockScratch(), Reached: new ulong[8 * BlockPass.Words]),
            (block, _, own) =>
            {
                int first = block * IrisBlock.Lanes;
                int count = Math.Min(IrisBlock.Lanes, eyes - first);
                IrisBlock planes = new(shape, sharedMask: true);
                int stride = IrisRow.MostBytesOf(shape);
                byte[] rows = new byte[count * stride];
                for (int lane = 0; lane < count; lane++)
                {
                    IrisCode eye = population.Person(first + lane).Iris(RightEye, 0, shape);
                    planes.Write(lane, eye.Code.Span, eye.Mask.Span);
                    IrisRow.Write(eye, rows.AsSpan(lane * stride, stride));
                }

                foreach ((IrisProbe[] batch, BlockProbes lists, IrisBound[] bounds) in batches)
                {
                    BlockPass.Run(planes, null, lists, bounds, own.Scratch, BitCountings.WidestLanes, own.Reached);
                    for (int word = 0; word < batch.Length * BlockPass.Words; word++)
                    {
                        for (ulong left = own.Reached[word]; left != 0; left &= left - 1)
                        {
                            int lane = (word % BlockPass.Words * 64) + BitOperations.TrailingZeroCount(left);
                            own.Odds.Count(batch[word / BlockPass.Words], rows.AsSpan(lane * stride, stride));
                        }
                    }
                }

                if (Interlocked.Increment(ref done) % 100 == 0)
                {
                    Console.Error.WriteLine($"odds: {done} of {blocks} blocks");
                }

                return own;
            },
            own => all.Add(own.Odds));
        return all;
    }

    /// <summary>Both eyes of every pair of people, fused.</summary>
    public static StrangerOdds OfTwoEyes(ulong seed, IrisShape shape, int people, CancellationToken cancel)
    {
        SyntheticPopulation population = new(seed);
        int stride = IrisRow.MostBytesOf(shape);
        byte[][] rows = new byte[people][];
        Parallel.For(0, people, i =>
        {
            rows[i] = new byte[2 * stride];
            IrisRow.Write(population.Person(i).Iris(1, 0, shape), rows[i].AsSpan(0, stride));
            IrisRow.Write(population.Person(i).Iris(2, 0, shape), rows[i].AsSpan(stride));
        });
        StrangerOdds all = new() { Pairs = (long)people * (people - 1) / 2 };
        Parallel.For(
            1, people, new ParallelOptions { CancellationToken = cancel }, () => new StrangerOdds(),
            (person, _, own) =>
            {
                IrisProbe right = new(IrisRow.Read(rows[person].AsSpan(0, stride), BiometricPosition.RightEye));
                IrisProbe left = new(IrisRow.Read(rows[person].AsSpan(stride), BiometricPosition.LeftEye));
                Span<double> scores = stackalloc double[2];
                for (int other = 0; other < person; other++)
                {
                    int count = 0;
                    if (IrisScorer.TryCompare(right, rows[other].AsSpan(0, stride), out IrisComparison first))
                    {
                        scores[count++] = IrisCalibration.Score(first, shape, IrisEncoderId.Unknown);
                    }

                    if (IrisScorer.TryCompare(left, rows[other].AsSpan(stride), out IrisComparison second))
                    {
                        scores[count++] = IrisCalibration.Score(second, shape, IrisEncoderId.Unknown);
                    }

                    own.byScore[(int)Math.Min(Fusion.Fuse(scores[..count]), 200)]++;
                }

                return own;
            },
            all.Add);
        return all;
    }

    private void Count(IrisProbe probe, ReadOnlySpan<byte> row)
    {
        if (!IrisScorer.TryCompare(probe, row, out IrisComparison comparison))
        {
            return;
        }

        double normalised = IrisCalibration.Normalised(comparison, probe.Shape);
        byScore[(int)Math.Min(IrisCalibration.Score(comparison, probe.Shape, IrisEncoderId.Unknown), 200)]++;
        for (int i = 0; i < Distances.Count && normalised <= Distances[i]; i++)
        {
            byDistance[i]++;
        }
    }

    private void Add(StrangerOdds other)
    {
        lock (byScore)
        {
            for (int i = 0; i < byScore.Length; i++)
            {
                byScore[i] += other.byScore[i];
            }

            for (int i = 0; i < byDistance.Length; i++)
            {
                byDistance[i] += other.byDistance[i];
            }
        }
    }
}
