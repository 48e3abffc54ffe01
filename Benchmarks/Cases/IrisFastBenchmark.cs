using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Irises.Blocks;
using MatchCluster.Matching.Model;

namespace MatchCluster.Benchmarks.Cases;

/// <summary>
/// The two-stage iris search: levels forced, batches, rotations, bounds, in and out of the cache, and what passes the
/// first stage. What it loses is another benchmark, <see cref="IrisLossBenchmark"/>.
/// </summary>
internal sealed class IrisFastBenchmark : IBenchmark
{
    private const string Metric = "comparisons_per_s_core";
    private const int Rotations31 = 15;
    private static readonly IrisShape Shape = IrisShape.D2048;

    public string Name => "iris-fast";

    public string Description => "Two-stage iris search, 2,048 bits, one thread.";

    public Task RunAsync(BenchmarkContext context)
    {
        int inCache = context.Size(8, 1);
        int most = Math.Max(inCache, context.People(1_000_000, 512) / IrisBlock.Lanes);
        context.Progress($"iris-fast: {most} blocks of {IrisBlock.Lanes} eyes");
        IrisGallery gallery = IrisGallery.Create(Shape, most, withRows: true, context.Cancel);
        IrisCode[] probes = IrisGallery.Probes(Shape, BlockPass.MostProbes);
        foreach (int rotations in new[] { IrisProbe.RotationsFor(Shape), Rotations31 })
        {
            foreach (int batch in new[] { 1, 2, 4, 8 })
            {
                Run(context, gallery, inCache, probes[..batch], rotations, 0.32, null);
            }

            Run(context, gallery, inCache, probes, rotations, SampleBound.SampledTo, null);
        }

        if (most > inCache)
        {
            foreach (double distance in new[] { 0.32, SampleBound.SampledTo })
            {
                Run(context, gallery, most, probes[..1], Rotations31, distance, null);
                Run(context, gallery, most, probes, Rotations31, distance, null);
            }
        }

        foreach (BitCounting width in Enum.GetValues<BitCounting>().Where(w => w < BitCountings.WidestLanes))
        {
            Run(context, gallery, 1, probes, Rotations31, 0.32, width);
        }

        return Task.CompletedTask;
    }

    private static void Run(
        BenchmarkContext context, IrisGallery gallery, int blocks, IrisCode[] codes, int rotations, double distance,
        BitCounting? forced)
    {
        BitCounting width = forced ?? BitCountings.WidestLanes;
        IrisSampler sampler = new(
            [.. codes.Select(code => new IrisProbe(code, rotations))],
            probe => IrisBound.AtDistance(Shape, probe.ValidBits, distance), width);
        string name = $"{(2 * rotations) + 1} rotations, batch {codes.Length}, to {distance}"
            + (blocks > 8 ? ", out of cache" : "") + (forced is null ? "" : $", {width}");
        ResultHash hash = default;
        long passed = 0;
        for (int i = 0; i < blocks; i++)
        {
            foreach (ulong word in sampler.Run(gallery.Blocks[i], null, gallery.RowsOf(i)))
            {
                hash.Add((long)word);
            }

            passed += sampler.Passed;
        }

        int at = 0;
        int part = Math.Min(blocks, 8);
        context.Rate(name, Metric, "1/s", (long)part * IrisBlock.Lanes * codes.Length, hash, () =>
        {
            for (int i = 0; i < part; i++)
            {
                int next = at + 1 < blocks ? at + 1 : 0;
                sampler.Run(gallery.Blocks[at], gallery.Blocks[next], gallery.RowsOf(at));
                at = next;
            }
        });
        context.Add(
            name, "first_stage_passes_per_comparison",
            passed / (double)((long)blocks * IrisBlock.Lanes * codes.Length), "1", "none", hash.Hex);
    }
}
