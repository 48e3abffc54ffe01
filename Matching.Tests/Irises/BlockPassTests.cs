using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Irises.Blocks;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Matching.Tests.Irises;

public sealed class BlockPassTests
{
    /// <summary>Every shape with few eyes, each width the process has, one probe and a full batch.</summary>
    [Fact]
    public void Every_width_equals_the_plain_twin_lane_by_lane()
    {
        foreach (IrisShape shape in TestIrises.Shapes.Where(s => s.Bits <= 4096))
        {
            Random random = new(shape.Bits + shape.Columns);
            IrisCode[] eyes = Eyes(random, shape);
            int rotations = Math.Min(2, (shape.Columns - 1) / 2);
            AssertEqualsTwin(random, shape, eyes, rotations, step: 1);
        }
    }

    [Fact]
    public void A_checkerboard_equals_the_plain_twin()
    {
        Random random = new(4);
        foreach (int step in new[] { 2, 4 })
        {
            AssertEqualsTwin(random, new(6, 64, 1, 2), Eyes(random, new(6, 64, 1, 2)), 3, step);
        }
    }

    [Fact]
    public void Wide_codes_equal_the_plain_twin()
    {
        Random random = new(5);
        IrisShape shape = IrisShape.W16384;
        IrisCode eye = Random(random, shape);
        IrisCode[] eyes = [eye, TestIrises.Turned(eye, 1, 0.3, random), Random(random, shape)];
        AssertEqualsTwin(random, shape, eyes, 1, step: 1);
    }

    /// <summary>The score of a comparison is never lost, and most are at 25 more: the bound is not empty.</summary>
    [Fact]
    public void Nobody_who_reaches_the_score_is_lost()
    {
        SyntheticPopulation people = new(7);
        IrisShape shape = IrisShape.D2048;
        IrisCode[] eyes = [.. Enumerable.Range(0, 96).Select(i => people.Person(i / 2).Iris(1, i % 2, shape))];
        IrisBlock block = BlockOf(shape, eyes);
        int kept = 0;
        int dropped = 0;
        for (int p = 0; p < 12; p++)
        {
            IrisProbe probe = new(eyes[p]);
            for (int lane = 0; lane < eyes.Length; lane++)
            {
                if (!IrisScorer.TryCompare(probe, TestIrises.RowOf(eyes[lane]), out IrisComparison comparison))
                {
                    continue;
                }

                double score = IrisCalibration.Score(comparison, shape, IrisEncoderId.Unknown);
                Assert.True(IsReached(block, probe, score, lane), $"probe {p}, lane {lane}, score {score}");
                kept++;
                dropped += IsReached(block, probe, score + 25, lane) ? 0 : 1;
            }
        }

        Assert.True(dropped > kept / 2, $"{dropped} of {kept} left out at 25 more: the bound is too loose");
    }

    [Fact]
    public void A_lane_without_an_eye_is_never_reached()
    {
        IrisShape shape = IrisShape.D2048;
        IrisBlock block = new(shape, sharedMask: true);
        ulong[] all = TestIrises.Filled(shape.Words, ulong.MaxValue);
        block.Write(511, all, all);
        ulong[] reached = Reached(
            block, [new IrisProbe(TestIrises.Of(shape, all, all))],
            [IrisBound.AtScore(shape, shape.Bits, 0)], 1, BitCountings.WidestLanes);
        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 1UL << 63], reached);
    }

    [Fact]
    public void Probes_that_do_not_fit_together_are_an_error()
    {
        IrisShape shape = new(4, 16, 1, 2);
        IrisBlock block = new(shape, sharedMask: false);
        ulong[] all = TestIrises.Filled(shape.Words, ulong.MaxValue);
        IrisCode code = TestIrises.Of(shape, all, all);
        IrisBound bound = IrisBound.AtScore(shape, shape.Bits, 0);
        Assert.Throws<ArgumentException>(() => Reached(
            block, [new IrisProbe(code, 1), new IrisProbe(code, 2)], [bound, bound], 1, BitCounting.Scalar));
    }

    private static bool IsReached(IrisBlock block, IrisProbe probe, double score, int lane)
    {
        IrisBound bound = IrisBound.AtScore(probe.Shape, probe.ValidBits, score);
        return (Reached(block, [probe], [bound], 1, BitCountings.WidestLanes)[lane / 64] >> (lane % 64) & 1) != 0;
    }

    private static ulong[] Reached(
        IrisBlock block, IrisProbe[] probes, IrisBound[] bounds, int step, BitCounting width)
    {
        ulong[] reached = TestIrises.Filled(probes.Length * BlockPass.Words, 0xBAD);
        BlockLayout layout = new(block.Shape, step, BlockPass.PlaneBytes(width));
        BlockPass.Run(
            block, block, new([.. probes.Select(p => new TileLists(p, layout))]), bounds, new BlockScratch(), width,
            reached);
        return reached;
    }

    private static void AssertEqualsTwin(Random random, IrisShape shape, IrisCode[] eyes, int rotations, int step)
    {
        IrisBlock block = BlockOf(shape, eyes);
        IrisCode[] codes = [.. eyes.Take(BlockPass.MostProbes)];
        IrisProbe[] probes = [.. codes.Select(c => new IrisProbe(c, rotations))];
        IrisBound[] bounds = [.. probes.Select(p => random.Next(3) switch
        {
            0 => IrisBound.AtDistance(shape, p.ValidBits, 0.15 + (0.35 * random.NextDouble())),
            1 => IrisBound.AtDistance(shape, p.ValidBits, 0.5 / step),
            _ => IrisBound.AtScore(shape, p.ValidBits, 40 * random.NextDouble()),
        })];

        bool[][] wanted = [.. codes.Select((code, p) =>
            eyes.Select(eye => BlockReference.Reaches(code, rotations, eye, bounds[p], step)).ToArray())];
        foreach (BitCounting width in TestIrises.LaneWidths)
        {
            ulong[] reached = Reached(block, probes, bounds, step, width);
            ulong[] alone = Reached(block, probes[^1..], bounds[^1..], step, width);
            Assert.Equal(reached[^BlockPass.Words..], alone);
            for (int p = 0; p < probes.Length; p++)
            {
                for (int lane = 0; lane < IrisBlock.Lanes; lane++)
                {
                    bool found = (reached[(p * BlockPass.Words) + (lane / 64)] >> (lane % 64) & 1) != 0;
                    int eye = lane % EyeEvery == 0 ? lane / EyeEvery : eyes.Length;
                    bool expected = eye < eyes.Length && wanted[p][eye];
                    Assert.True(
                        expected == found, $"{shape} step {step}, {width}, probe {p}, lane {lane}: found {found}");
                }
            }
        }
    }

    /// <summary>Eyes lie in lanes apart, so that every part of a plane holds some.</summary>
    private const int EyeEvery = 5;

    private static IrisBlock BlockOf(IrisShape shape, IrisCode[] eyes)
    {
        bool spread = eyes.Length * EyeEvery <= IrisBlock.Lanes && eyes.Length < 96;
        IrisBlock block = new(shape, eyes.All(e => IrisBlock.HasSharedMask(shape, e.Mask.Span)));
        for (int i = 0; i < eyes.Length; i++)
        {
            block.Write(spread ? i * EyeEvery : i, eyes[i].Code.Span, eyes[i].Mask.Span);
        }

        return block;
    }

    private static IrisCode Random(Random random, IrisShape shape) =>
        TestIrises.Of(shape, TestIrises.Random(random, shape.Words), TestIrises.MaskWithLid(random, shape));

    /// <summary>Alike, opposite, near, with masks full, empty, thin, of one phase; several the same for ties.</summary>
    private static IrisCode[] Eyes(Random random, IrisShape shape)
    {
        int words = shape.Words;
        ulong[] full = TestIrises.Filled(words, ulong.MaxValue);
        ulong[] bits = TestIrises.Random(random, words);
        IrisCode lidded = TestIrises.Of(shape, bits, TestIrises.MaskWithLid(random, shape));
        return
        [
            lidded,
            TestIrises.Of(shape, bits, full),
            TestIrises.Of(shape, bits, TestIrises.Filled(words, 0x5555555555555555)),
            TestIrises.Of(shape, TestIrises.Random(random, words), TestIrises.Random(random, words)),
            TestIrises.Of(shape, bits, TestIrises.MaskOf(random, shape, IrisScorer.MinValidBits(shape))),
            TestIrises.Of(shape, new ulong[words], full),
            TestIrises.Of(shape, full, full),
            TestIrises.Turned(lidded, -1, 0.3, random),
            TestIrises.Of(shape, bits, new ulong[words]),
            TestIrises.Of(shape, bits, TestIrises.MaskOf(random, shape, 5)),
            TestIrises.Turned(lidded, 1, 0.2, random),
            TestIrises.Turned(lidded, 0, 0.45, random),
            lidded,
            .. Enumerable.Range(0, 60).Select(_ => TestIrises.Turned(
                lidded, random.Next(-2, 3), 0.2 + (0.3 * random.NextDouble()), random)),
        ];
    }
}
