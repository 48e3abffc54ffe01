using System.Numerics;
using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Irises.Blocks;

namespace MatchCluster.Benchmarks.Cases;

/// <summary>Both stages of a fast search for some probes, as the scan runs them.</summary>
internal sealed class IrisSampler
{
    private readonly IrisProbe[] probes;
    private readonly BlockProbes lists;
    private readonly IrisBound[] bounds;
    private readonly SampleBound?[] samples;
    private readonly MaskLists?[] masks;
    private readonly int[] spread;
    private readonly BlockScratch scratch = new();
    private readonly BitCounting width;
    private readonly ulong[] wanted = new ulong[BlockPass.Words];
    private readonly ulong[] finalists = new ulong[BlockPass.Words];
    private readonly ulong[] sampled;
    private readonly ulong[] lanes;
    private readonly int words;

    public IrisSampler(IrisProbe[] probes, Func<IrisProbe, IrisBound> boundOf, BitCounting width)
    {
        this.probes = probes;
        this.width = width;
        int planeBytes = BlockPass.PlaneBytes(width);
        BlockLayout layout = new(probes[0].Shape, SampleBound.StepOf(probes[0].Shape), planeBytes);
        spread = SampleBits.Spread(probes[0].Shape).ToArray();
        lists = new BlockProbes([.. probes.Select(probe => new TileLists(probe, layout))]);
        bounds = [.. probes.Select(boundOf)];
        samples = [.. probes.Select((probe, i) => SampleBound.Of(bounds[i], probe.Shape, probe.ValidBits))];
        masks = [.. probes.Select((probe, i) => samples[i] is { } sample
            ? new MaskLists(probe, spread, sample.MaskBits, planeBytes) : null)];
        words = ((2 * probes[0].Rotations) + 1) * BlockPass.Words;
        sampled = new ulong[probes.Length * words];
        lanes = new ulong[probes.Length * BlockPass.Words];
        Array.Fill(wanted, ulong.MaxValue);
    }

    /// <summary>Lanes and rotations that passed the first stage of the last run.</summary>
    public long Passed => sampled.Sum(word => (long)BitOperations.PopCount(word));

    /// <summary>What the first stage let through in the last run: words of the probe's every rotation.</summary>
    public ReadOnlySpan<ulong> Sampled(int probe) => sampled.AsSpan(probe * words, words);

    /// <summary>The lanes within the bound, <see cref="BlockPass.Words"/> a probe.</summary>
    public ulong[] Run<TRows>(IrisBlock block, IrisBlock? next, TRows rows)
        where TRows : struct, IEyeRows
    {
        SamplePass.Run(block, next, lists, masks, samples, spread, scratch, width, sampled);
        lanes.AsSpan().Clear();
        for (int i = 0; i < probes.Length; i++)
        {
            SampleFinalists.Choose(Sampled(i), wanted, finalists);
            SampleFinalists.Add(
                probes[i], bounds[i], Sampled(i), finalists, rows, lanes.AsSpan(i * BlockPass.Words, BlockPass.Words));
        }

        return lanes;
    }
}
