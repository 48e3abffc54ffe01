using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Irises.Blocks;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Tests.Irises;

public sealed class SamplePassTests
{
    public static TheoryData<int> Shapes => [.. Enumerable.Range(0, TestIrises.Shapes.Count)];

    /// <summary>Every shape and width, one probe and several, rotations counted by themselves.</summary>
    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_width_equals_the_plain_twin_lane_by_lane_and_rotation_by_rotation(int number)
    {
        IrisShape shape = TestIrises.Shapes[number];
        Random random = new(number);
        IrisCode[] eyes = Eyes(random, shape);
        IrisBlock block = new(shape, eyes.All(e => IrisBlock.HasSharedMask(shape, e.Mask.Span)));
        for (int i = 0; i < eyes.Length; i++)
        {
            block.Write((i * 37) % IrisBlock.Lanes, eyes[i].Code.Span, eyes[i].Mask.Span);
        }

        int rotations = Math.Min(2, (shape.Columns - 1) / 2);
        int turns = (2 * rotations) + 1;
        IrisProbe[] probes = [.. eyes.Take(3).Select(eye => new IrisProbe(eye, rotations))];
        SampleBound[] bounds = [.. probes.Select(p => SampleBound.Of(
            IrisBound.AtDistance(shape, p.ValidBits, 0.34 * random.NextDouble()), shape, p.ValidBits)!)];
        bool[] expected = [.. from p in Enumerable.Range(0, probes.Length)
                              from turn in Enumerable.Range(0, turns)
                              from eye in eyes
                              select SampleReference.Reaches(eyes[p], eye, bounds[p], turn, turns)];
        foreach (BitCounting width in TestIrises.LaneWidths)
        {
            ulong[] reached = Reached(block, probes, bounds, width);
            Assert.Equal(reached[^(turns * BlockPass.Words)..], Reached(block, probes[^1..], bounds[^1..], width));
            int found = 0;
            for (int p = 0; p < probes.Length; p++)
            {
                for (int turn = 0; turn < turns; turn++)
                {
                    for (int i = 0; i < eyes.Length; i++)
                    {
                        int lane = (i * 37) % IrisBlock.Lanes;
                        int at = (((p * turns) + turn) * BlockPass.Words) + (lane / 64);
                        bool is1 = (reached[at] >> (lane % 64) & 1) != 0;
                        bool wanted = expected[(((p * turns) + turn) * eyes.Length) + i];
                        Assert.True(wanted == is1, $"{shape}, {width}, probe {p}, turn {turn}, eye {i}: found {is1}");
                        found += is1 ? 1 : 0;
                    }
                }
            }

            Assert.Equal(found, reached.Sum(word => (int)ulong.PopCount(word)));
        }
    }

    [Fact]
    public void A_probe_that_asks_nothing_gets_nothing()
    {
        IrisShape shape = IrisShape.D2048;
        Random random = new(3);
        IrisCode eye = Eyes(random, shape)[0];
        IrisBlock block = new(shape, sharedMask: true);
        block.Write(7, eye.Code.Span, TestIrises.Filled(shape.Words, ulong.MaxValue));
        IrisProbe probe = new(eye);
        SampleBound bound = SampleBound.Of(
            IrisBound.AtDistance(shape, probe.ValidBits, 0.3), shape, probe.ValidBits)!;

        ulong[] reached = Reached(block, [probe, probe], [null, bound], BitCountings.WidestLanes);

        Assert.DoesNotContain(reached[..(reached.Length / 2)], word => word != 0);
        Assert.Contains(reached[(reached.Length / 2)..], word => word == 1UL << 7);
        Assert.Null(SampleBound.Of(IrisBound.AtScore(shape, shape.Bits / 8, 150), shape, shape.Bits / 8));
    }

    [Fact]
    public void Every_sampled_bit_is_asked_once_and_every_beginning_lies_evenly()
    {
        foreach (IrisShape shape in TestIrises.Shapes)
        {
            int step = SampleBound.StepOf(shape);
            int[] spread = SampleBits.Spread(shape).ToArray();
            Assert.Equal(shape.Bits / step, spread.Distinct().Count());
            Assert.All(spread, bit => Assert.True(BlockReference.IsSampled(shape, bit, step)));
            int few = Math.Min(110, spread.Length);
            int half = spread.Take(few).Count(bit => bit < shape.Bits / 2);
            Assert.InRange(half, (few / 2) - 3, (few / 2) + 3);
        }

        Assert.Equal(4, SampleBound.StepOf(IrisShape.D2048));
    }

    [Fact]
    public void A_row_that_goes_on_into_what_lies_after_it_is_refused()
    {
        IrisProbe probe = new(Eyes(new Random(3), IrisShape.D2048)[3]);
        IrisBound bound = IrisBound.AtDistance(probe.Shape, probe.ValidBits, 0.3);
        ulong[] all = TestIrises.Filled(((2 * probe.Rotations) + 1) * BlockPass.Words, ulong.MaxValue);
        ulong[] finalists = new ulong[BlockPass.Words];
        ulong[] wanted = new ulong[BlockPass.Words];
        wanted[2] = 1UL << 9;
        ulong[] found = new ulong[BlockPass.Words];
        byte[] row = TestIrises.RowOf(TestIrises.Of(probe.Shape, probe.Code, probe.Mask));

        Assert.Equal(1, SampleFinalists.Choose(all, wanted, finalists));
        SampleFinalists.Add(probe, bound, all, finalists, new OneRow(row), found);
        Assert.Equal(wanted, found);

        Assert.Throws<ArgumentException>(() =>
            SampleFinalists.Add(probe, bound, all, finalists, new OneRow([.. row, .. new byte[4096]]), found));
    }

    private readonly struct OneRow(byte[] row) : IEyeRows
    {
        public ReadOnlySpan<byte> Row(int lane) => row;
    }

    private static ulong[] Reached(
        IrisBlock block, IrisProbe[] probes, SampleBound?[] bounds, BitCounting width)
    {
        int planeBytes = BlockPass.PlaneBytes(width);
        BlockLayout layout = new(block.Shape, SampleBound.StepOf(block.Shape), planeBytes);
        int[] spread = SampleBits.Spread(block.Shape).ToArray();
        int turns = (2 * probes[0].Rotations) + 1;
        ulong[] reached = TestIrises.Filled(probes.Length * turns * BlockPass.Words, 0xBAD);
        SamplePass.Run(
            block, block, new BlockProbes([.. probes.Select(p => new TileLists(p, layout))]),
            [.. probes.Select((p, i) =>
                bounds[i] is { } bound ? new MaskLists(p, spread, bound.MaskBits, planeBytes) : null)],
            bounds, spread, new BlockScratch(), width, reached);
        return reached;
    }

    /// <summary>Near and far, with masks full, of a lid, thin, of one phase, and none.</summary>
    private static IrisCode[] Eyes(Random random, IrisShape shape)
    {
        ulong[] bits = TestIrises.Random(random, shape.Words);
        IrisCode lidded = TestIrises.Of(shape, bits, TestIrises.MaskWithLid(random, shape));
        return
        [
            lidded,
            TestIrises.Turned(lidded, 1, 0.2, random),
            TestIrises.Of(shape, bits, TestIrises.Filled(shape.Words, 0x5555555555555555)),
            TestIrises.Of(shape, bits, TestIrises.Filled(shape.Words, ulong.MaxValue)),
            TestIrises.Of(shape, bits, TestIrises.MaskOf(random, shape, 5)),
            TestIrises.Of(shape, bits, new ulong[shape.Words]),
            .. Enumerable.Range(0, shape.Bits > 4096 ? 2 : 12).Select(_ => TestIrises.Turned(
                lidded, random.Next(-2, 3), 0.2 + (0.3 * random.NextDouble()), random)),
        ];
    }
}
