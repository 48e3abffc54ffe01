using System.Diagnostics;
using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Irises.Blocks;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Benchmarks.Cases;

/// <summary>
/// The block engine over a gallery of one shape: every probe against every eye at every rotation, for the lanes a bound
/// lets through. Levels forced, batches of 1, 2, 4 and 8, 15 and 31 rotations, in and out of the cache; beside it in
/// the same run the plain twin and the best population count C# has.
/// </summary>
internal sealed class IrisBlocksBenchmark(string name, IrisShape shape, double distance) : IBenchmark
{
    private const string Metric = "comparisons_per_s_core";

    public string Name => name;

    public string Description =>
        $"Bit-sliced iris search, exact, {shape.Bits} bits, against its twin and popcounts, one thread.";

    public Task RunAsync(BenchmarkContext context)
    {
        int inCache = context.Size(8, 1);
        int most = Math.Max(inCache, context.People(shape.Bits > 4096 ? 100_000 : 1_000_000, 512) / IrisBlock.Lanes);
        context.Progress($"{name}: {most} blocks of {IrisBlock.Lanes} eyes");
        IrisBlock[] blocks = IrisGallery.Create(shape, most, withRows: false, context.Cancel).Blocks;
        IrisCode[] probes = IrisGallery.Probes(shape, BlockPass.MostProbes);
        int default15 = IrisProbe.RotationsFor(shape);

        foreach (int rotations in new[] { default15, 15 }.Distinct())
        {
            string turns = $"{(2 * rotations) + 1} rotations";
            foreach (int batch in new[] { 1, 2, 4, 8 })
            {
                Run(context, $"{turns}, batch {batch}", blocks[..inCache], probes[..batch], rotations, null);
            }

            if (most > inCache)
            {
                Run(context, $"{turns}, batch 1, out of cache", blocks, probes[..1], rotations, null);
                Run(context, $"{turns}, batch 8, out of cache", blocks, probes, rotations, null);
            }
        }

        foreach (BitCounting width in Enum.GetValues<BitCounting>().Where(w => w < BitCountings.WidestLanes))
        {
            Run(context, $"31 rotations, batch 8, {width}", blocks[..1], probes, 15, width);
        }

        TwoThreads(context, blocks, probes);
        Peers(context, probes);
        FaissPeer.Measure(context, shape, 15);
        context.Add($"{shape}", "bytes_per_eye", blocks[0].Bytes / (double)IrisBlock.Lanes, "B", "none");
        return Task.CompletedTask;
    }

    private void Run(
        BenchmarkContext context, string name, IrisBlock[] blocks, IrisCode[] codes, int rotations,
        BitCounting? forced)
    {
        BitCounting width = forced ?? BitCountings.WidestLanes;
        BlockLayout layout = new(shape, 1, BlockPass.PlaneBytes(width));
        BlockProbes probes = new([.. codes.Select(c => new TileLists(new IrisProbe(c, rotations), layout))]);
        IrisBound[] bounds = [.. probes.Probes.ToArray().Select(p =>
            IrisBound.AtDistance(shape, p!.ValidBits, distance))];
        BlockScratch scratch = new();
        ulong[] reached = new ulong[codes.Length * BlockPass.Words];
        ResultHash hash = default;
        foreach (IrisBlock block in blocks)
        {
            BlockPass.Run(block, null, probes, bounds, scratch, width, reached);
            foreach (ulong word in reached)
            {
                hash.Add((long)word);
            }
        }

        // A few blocks at a time, so that a round can be as short as its share of the clock.
        int at = 0;
        int part = Math.Min(blocks.Length, 8);
        context.Rate(name, Metric, "1/s", (long)part * IrisBlock.Lanes * codes.Length, hash, () =>
        {
            for (int i = 0; i < part; i++)
            {
                int next = at + 1 < blocks.Length ? at + 1 : 0;
                BlockPass.Run(blocks[at], blocks[next], probes, bounds, scratch, width, reached);
                at = next;
            }
        });
    }

    /// <summary>One thread and two at the same time, by the wall clock: what a second core brings.</summary>
    private void TwoThreads(BenchmarkContext context, IrisBlock[] blocks, IrisCode[] codes)
    {
        double one = Together(1);
        double two = Together(2);
        context.Add("31 rotations, batch 8, one thread", "comparisons_per_s", one, "1/s", "wall");
        context.Add("31 rotations, batch 8, two threads", "comparisons_per_s", two, "1/s", "wall");

        double Together(int threads)
        {
            long done = 0;
            Stopwatch watch = Stopwatch.StartNew();
            Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, thread =>
            {
                BlockProbes probes = new([.. codes.Select(c => new IrisProbe(c, 15).Tiles)]);
                IrisBound[] bounds = [.. probes.Probes.ToArray().Select(p =>
                    IrisBound.AtDistance(shape, p!.ValidBits, distance))];
                BlockScratch scratch = new();
                ulong[] reached = new ulong[codes.Length * BlockPass.Words];
                int at = thread;
                do
                {
                    BlockPass.Run(
                        blocks[at % blocks.Length], blocks[(at + 1) % blocks.Length], probes, bounds, scratch,
                        BitCountings.WidestLanes, reached);
                    at++;
                    Interlocked.Add(ref done, IrisBlock.Lanes * codes.Length);
                }
                while (watch.Elapsed < context.Budget);
            });
            return done / watch.Elapsed.TotalSeconds;
        }
    }

    /// <summary>One block by the twin and by population counts; the block engine must agree with the twin.</summary>
    private void Peers(BenchmarkContext context, IrisCode[] codes)
    {
        const int Rotations = 15;
        int few = context.Size(48, 4);
        IrisCode[] eyes = [.. Enumerable.Range(0, few).Select(i =>
            new SyntheticPopulation(2).Person(i).Iris(IrisGallery.RightEye, 0, shape))];
        IrisBlock block = new(shape, sharedMask: true);
        int stride = IrisRow.MostBytesOf(shape);
        byte[] rows = new byte[few * stride];
        for (int lane = 0; lane < few; lane++)
        {
            block.Write(lane, eyes[lane].Code.Span, eyes[lane].Mask.Span);
            IrisRow.Write(eyes[lane], rows.AsSpan(lane * stride, stride));
        }

        IrisProbe probe = new(codes[0], Rotations);
        IrisBound bound = IrisBound.AtDistance(shape, probe.ValidBits, distance);
        ulong[] reached = new ulong[BlockPass.Words];
        BlockPass.Run(
            block, null, new BlockProbes([probe.Tiles]), [bound], new BlockScratch(),
            BitCountings.WidestLanes, reached);
        ResultHash sliced = default;
        ResultHash plain = default;
        for (int lane = 0; lane < few; lane++)
        {
            sliced.Add((long)(reached[lane / 64] >> (lane % 64) & 1));
            plain.Add(BlockReference.Reaches(codes[0], Rotations, eyes[lane], bound) ? 1 : 0);
        }

        context.MustEqual("31 rotations", plain, sliced);
        context.Rate("31 rotations, plain twin", Metric, "1/s", 1, plain, () =>
            BlockReference.Reaches(codes[0], Rotations, eyes[0], bound));
        int sink = 0;
        foreach (BitCounting counting in Enum.GetValues<BitCounting>().Where(c => c <= BitCountings.Widest))
        {
            context.Rate($"31 rotations, popcount by {counting}", Metric, "1/s", few, plain, () =>
            {
                for (int i = 0; i < few; i++)
                {
                    IrisScorer.TryCompare(probe, rows.AsSpan(i * stride, stride), counting, out IrisComparison found);
                    sink += found.Differing;
                }
            });
        }

        GC.KeepAlive(sink);
    }
}
