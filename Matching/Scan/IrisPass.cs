using System.Diagnostics.CodeAnalysis;
using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Irises.Blocks;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;

namespace MatchCluster.Matching.Scan;

/// <summary>
/// One eye of a search in the blocks, with its bound, which is made again when the search's floor has risen
/// enough.
/// </summary>
internal sealed class IrisEye
{
    /// <summary>
    /// The score at which a narrow code of a fast search hands a slot on to the wide code of that eye, which
    /// decides: one non-mated comparison in 100 reaches it. The mated eyes lost by it are measured
    /// (docs/iris.md).
    /// </summary>
    private const double HandOnFrom = 20;

    /// <summary>
    /// Bounds are made again when the floor has risen by this much; the bound of a lower floor lets more
    /// through.
    /// </summary>
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
    /// The shapes of narrower codes in which the probe of a fast search brings this eye too. Where the
    /// gallery has the eye in one of them, the narrow code searches and this code decides.
    /// </summary>
    public IReadOnlyList<IrisShape> Narrower { get; } = [];

    public IrisBound? Bound { get; private set; }

    /// <summary>
    /// The bound of the first stage; null where there is none because the exact bound reaches too far for it.
    /// </summary>
    public SampleBound? Sample { get; private set; }

    public MaskLists? Masks { get; private set; }

    /// <summary>The bound of a floor, no higher than it.</summary>
    public IrisBound BoundAt(double floor)
    {
        floor = Math.Min(floor, highestFloor);
        if (Bound is null || floor >= boundOf + FloorStep)
        {
            boundOf = floor;
            Bound = IrisBound.AtScore(Probe.Shape, Probe.ValidBits, floor, Probe.Encoder);
            if (IsFast)
            {
                Sample = SampleBound.Of(Bound, Probe.Shape, Probe.ValidBits);
                Masks = Sample is null || Masks?.Count == Sample.MaskBits
                    ? Masks : new MaskLists(
                        Probe, SampleBits.Spread(Probe.Shape), Sample.MaskBits, BlockPass.WidestPlaneBytes);
            }
        }

        return Bound;
    }
}

/// <summary>
/// Eyes of one shape that are compared with each block in one pass. Those of a fast search are sampled first
/// where that saves work (<see cref="SampleChoice"/>); the probes' lists for either way are made when it is
/// first used.
/// </summary>
internal sealed class IrisPass
{
    private readonly IrisBound?[] bounds;
    private readonly IrisBound?[] exact;
    private readonly SampleBound?[] samples;
    private readonly MaskLists?[] masks;
    private readonly SampleChoice[] choices;
    private readonly IrisWork[] work;
    private readonly ulong[] finalists;
    private readonly ulong[] reached;
    private readonly int turns;
    private ulong[] sampled = [];
    private BlockProbes? sample;
    private BlockProbes? whole;

    public IrisPass(IrisEye[] eyes)
    {
        Eyes = eyes;
        IrisProbe first = eyes[0].Probe;
        turns = (2 * first.Rotations) + 1;
        bounds = new IrisBound?[eyes.Length];
        exact = new IrisBound?[eyes.Length];
        samples = new SampleBound?[eyes.Length];
        masks = new MaskLists?[eyes.Length];
        choices = [.. eyes.Select(_ => new SampleChoice())];
        work = new IrisWork[eyes.Length];
        reached = new ulong[eyes.Length * BlockPass.Words];
        finalists = new ulong[eyes.Length * BlockPass.Words];
    }

    public IrisEye[] Eyes { get; }

    /// <summary>States what is asked of the next block for an eye; null for nothing.</summary>
    public void Ask(int eye, double? floor)
    {
        bounds[eye] = floor is { } from ? Eyes[eye].BoundAt(from) : null;
        SampleBound? first = floor is null ? null : Eyes[eye].Sample;
        if (first is not null && !choices[eye].Samples)
        {
            choices[eye].Skip();
            first = null;
        }

        samples[eye] = first;
        masks[eye] = first is null ? null : Eyes[eye].Masks;
        exact[eye] = first is null ? bounds[eye] : null;
    }

    /// <summary>The lanes of an eye that may reach its floor; those that are visited already may be left out.</summary>
    public ReadOnlySpan<ulong> Reached(int eye) => reached.AsSpan(eye * BlockPass.Words, BlockPass.Words);

    /// <summary>Whether the last block was sampled for an eye and not compared exactly.</summary>
    public bool IsSampled(int eye) => masks[eye] is not null;

    /// <summary>What the last block took for an eye; its eyes are not counted.</summary>
    public IrisWork WorkOf(int eye) => work[eye];

    /// <summary>Looks at a block for every eye that was asked for; the next one will probably follow.</summary>
    public void Run<TRows>(IrisBlock block, IrisBlock? next, CandidateSlots visits, TRows rows, ScanScratch scratch)
        where TRows : struct, IEyeRows
    {
        work.AsSpan().Clear();
        reached.AsSpan().Clear();
        if (masks.AsSpan().ContainsAnyExcept((MaskLists?)null))
        {
            RunSample(block, next, visits, scratch);
        }

        if (exact.AsSpan().ContainsAnyExcept((IrisBound?)null))
        {
            With(ref whole, exact, probe => probe.Tiles);
            BlockPass.Run(block, next, whole, exact, scratch.Irises, BitCountings.WidestLanes, reached);
        }

        for (int i = 0; i < Eyes.Length; i++)
        {
            work[i] += new IrisWork(0, exact[i] is null ? 0 : 1, 0, 0);
            if (masks[i] is not null)
            {
                SampleFinalists.Add(
                    Eyes[i].Probe, bounds[i]!, SampledOf(i),
                    finalists.AsSpan(i * BlockPass.Words, BlockPass.Words), rows,
                    reached.AsSpan(i * BlockPass.Words, BlockPass.Words));
            }
        }
    }

    private Span<ulong> SampledOf(int eye) => sampled.AsSpan(eye * turns * BlockPass.Words, turns * BlockPass.Words);

    /// <summary>
    /// Makes the probes for one way, with the lists of all that are asked to go it or ever were: the lists of a probe
    /// take as long as some blocks.
    /// </summary>
    private void With<T>([NotNull] ref BlockProbes? made, T?[] asked, Func<IrisProbe, TileLists> listsOf)
        where T : class
    {
        if (made is not null && HasAll(made, asked))
        {
            return;
        }

        BlockProbes? before = made;
        made = new BlockProbes([.. Eyes.Select((eye, i) =>
            asked[i] is not null || before?.Probes[i] is not null ? listsOf(eye.Probe) : null)]);
    }

    private static bool HasAll<T>(BlockProbes made, T?[] asked)
        where T : class
    {
        for (int i = 0; i < asked.Length; i++)
        {
            if (asked[i] is not null && made.Probes[i] is null)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The sample of a block; eyes of which too many pass it are compared exactly instead.</summary>
    private void RunSample(IrisBlock block, IrisBlock? next, CandidateSlots visits, ScanScratch scratch)
    {
        if (sampled.Length == 0)
        {
            sampled = new ulong[Eyes.Length * turns * BlockPass.Words];
        }

        With(ref sample, masks, probe => probe.Sampled);
        SamplePass.Run(
            block, next, sample, masks, samples, SampleBits.Spread(block.Shape), scratch.Irises,
            BitCountings.WidestLanes, sampled);
        int most = SampleChoice.MostFinalists(
            block.Shape, turns, bounds.Length - bounds.AsSpan().Count((IrisBound?)null));
        Span<ulong> wanted = stackalloc ulong[BlockPass.Words];
        for (int i = 0; i < Eyes.Length; i++)
        {
            if (masks[i] is null)
            {
                continue;
            }

            for (int word = 0; word < BlockPass.Words; word++)
            {
                wanted[word] = visits.Wanted(Eyes[i].Search)[word] & ~visits.Of(Eyes[i].Search)[word];
            }

            int passed = SampleFinalists.Choose(
                SampledOf(i), wanted, finalists.AsSpan(i * BlockPass.Words, BlockPass.Words));
            bool counts = choices[i].MayCount(passed, most);
            work[i] = new IrisWork(1, 0, counts ? passed : 0, 0);
            if (!counts)
            {
                masks[i] = null;
                exact[i] = bounds[i];
            }
        }
    }
}
