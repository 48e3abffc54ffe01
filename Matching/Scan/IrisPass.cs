using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Irises.Blocks;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;

namespace MatchCluster.Matching.Scan;

/// <summary>One eye of a search in the blocks: its bound, made anew when the search's floor has risen enough.</summary>
internal sealed class IrisEye
{
    /// <summary>
    /// The score at which a narrow code of a fast search hands a slot on to the wide code of the same eye, which
    /// decides: one stranger in 100. What a mate loses by that is measured (docs/iris.md).
    /// </summary>
    private const double HandOnFrom = 20;

    /// <summary>Bounds are made anew when the floor has risen by so much; a lower floor's lets more through.</summary>
    private const double FloorStep = 0.5;

    private readonly double highestFloor = double.PositiveInfinity;
    private double boundOf = double.NegativeInfinity;

    public IrisEye(int search, Probe probe, int iris, bool fast)
    {
        Search = search;
        Probe = probe.Irises[iris];
        IsFast = fast;
        if (fast)
        {
            highestFloor = probe.DeciderOf(iris) >= 0 ? HandOnFrom : double.PositiveInfinity;
            Narrower = [.. Enumerable.Range(0, probe.Irises.Count)
                .Where(other => probe.DeciderOf(other) == iris)
                .Select(other => probe.Irises[other].Shape)];
        }
    }

    public int Search { get; }

    public IrisProbe Probe { get; }

    public bool IsFast { get; }

    /// <summary>
    /// Shapes in which a fast search brings this eye in narrower codes too: where the gallery has it in one of them,
    /// that searches and this decides.
    /// </summary>
    public IReadOnlyList<IrisShape> Narrower { get; } = [];

    public IrisBound? Bound { get; private set; }

    /// <summary>Of the first stage; null where there is none: the bound reaches too far for it.</summary>
    public SampleBound? Sample { get; private set; }

    public MaskLists? Masks { get; private set; }

    /// <summary>The bound of a floor, no higher than it.</summary>
    public IrisBound BoundAt(double floor, ReadOnlySpan<int> spread)
    {
        floor = Math.Min(floor, highestFloor);
        if (Bound is null || floor >= boundOf + FloorStep)
        {
            boundOf = floor;
            Bound = IrisBound.AtScore(Probe.Shape, Probe.ValidBits, floor);
            if (IsFast)
            {
                Sample = SampleBound.Of(Bound, Probe.Shape, Probe.ValidBits);
                Masks = Sample is null || Masks?.Count == Sample.MaskBits
                    ? Masks : new MaskLists(Probe, spread, Sample.MaskBits, BlockPass.WidestPlaneBytes);
            }
        }

        return Bound;
    }
}

/// <summary>Eyes of one shape that cross blocks together.</summary>
internal sealed class IrisPass
{
    private readonly IrisBound?[] bounds;
    private readonly IrisBound?[] exact;
    private readonly SampleBound?[] samples;
    private readonly MaskLists?[] masks;
    private readonly ulong[] sampled;
    private readonly ulong[] reached;
    private readonly int[] spread;
    private readonly int turns;
    private readonly BlockProbes? sample;
    private BlockProbes? whole;

    public IrisPass(IrisEye[] eyes)
    {
        Eyes = eyes;
        IsFast = eyes[0].IsFast;
        turns = (2 * eyes[0].Probe.Rotations) + 1;
        sample = IsFast ? new BlockProbes([.. eyes.Select(e => e.Probe.Sampled)]) : null;
        bounds = new IrisBound?[eyes.Length];
        exact = new IrisBound?[eyes.Length];
        samples = new SampleBound?[eyes.Length];
        masks = new MaskLists?[eyes.Length];
        reached = new ulong[eyes.Length * BlockPass.Words];
        sampled = IsFast ? new ulong[eyes.Length * turns * BlockPass.Words] : [];
        spread = IsFast ? SampleBits.Spread(eyes[0].Probe.Shape) : [];
    }

    public IrisEye[] Eyes { get; }

    public bool IsFast { get; }

    /// <summary>States what is asked for an eye; null for nothing.</summary>
    public void Ask(int eye, double? floor)
    {
        bounds[eye] = floor is { } from ? Eyes[eye].BoundAt(from, spread) : null;
        samples[eye] = floor is null ? null : Eyes[eye].Sample;
        masks[eye] = samples[eye] is null ? null : Eyes[eye].Masks;
        exact[eye] = samples[eye] is null ? bounds[eye] : null;
    }

    /// <summary>The lanes of an eye that may reach its floor.</summary>
    public ReadOnlySpan<ulong> Reached(int eye) => reached.AsSpan(eye * BlockPass.Words, BlockPass.Words);

    private BlockProbes Whole => whole ??= new([.. Eyes.Select(e => e.Probe.Tiles)]);

    /// <summary>Looks at a block for every eye that was asked for; the next one will probably follow.</summary>
    public void Run<TRows>(IrisBlock block, IrisBlock? next, Visits visits, TRows rows, ScanScratch scratch)
        where TRows : struct, IEyeRows
    {
        if (sample is null)
        {
            BlockPass.Run(block, next, Whole, bounds, scratch.Irises, BitCountings.WidestLanes, reached);
            return;
        }

        reached.AsSpan().Clear();
        if (exact.AsSpan().ContainsAnyExcept((IrisBound?)null))
        {
            BlockPass.Run(block, next, Whole, exact, scratch.Irises, BitCountings.WidestLanes, reached);
        }

        SamplePass.Run(
            block, next, sample, masks, samples, spread, scratch.Irises, BitCountings.WidestLanes, sampled);
        int words = turns * BlockPass.Words;
        for (int i = 0; i < Eyes.Length; i++)
        {
            if (masks[i] is not null)
            {
                SampleFinalists.Add(
                    Eyes[i].Probe, bounds[i]!, sampled.AsSpan(i * words, words), visits.Wanted(Eyes[i].Search), rows,
                    reached.AsSpan(i * BlockPass.Words, BlockPass.Words));
            }
        }
    }
}
