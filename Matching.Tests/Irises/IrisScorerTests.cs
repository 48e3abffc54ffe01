using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Tests.Irises;

public class IrisScorerTests
{
    public static TheoryData<int> EveryShape => [.. Enumerable.Range(0, TestIrises.Shapes.Count)];

    [Theory]
    [MemberData(nameof(EveryShape))]
    public void Every_technique_equals_the_reference_on_every_kind_of_code_and_mask(int index)
    {
        IrisShape shape = TestIrises.Shapes[index];
        Random random = new(100 + index);
        IrisCode[] codes = Adversaries(random, shape);

        // Bit by bit a wide code costs milliseconds, so only narrow ones are turned through every rotation
        // here.
        int rotations = shape.Bits > 4096 ? 1 : IrisProbe.RotationsFor(shape);
        for (int probe = 0; probe < codes.Length; probe++)
        {
            for (int gallery = 0; gallery <= probe; gallery++)
            {
                AssertEqualsReference(codes[probe], rotations, codes[gallery]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(EveryShape))]
    public void Every_technique_equals_the_reference_over_all_rotations(int index)
    {
        IrisShape shape = TestIrises.Shapes[index];
        Random random = new(200 + index);
        int most = Math.Min((shape.Columns - 1) / 2, 20);
        for (int i = 0; i < (shape.Bits > 4096 ? 1 : 4); i++)
        {
            ulong[] mask = i == 0
                ? TestIrises.MaskWithLid(random, shape)
                : TestIrises.Random(random, shape.Words);
            IrisCode probe = TestIrises.Of(shape, TestIrises.Random(random, shape.Words), mask);
            IrisCode gallery = TestIrises.Turned(probe, random.Next(-most, most + 1), 0.3, random);
            AssertEqualsReference(probe, most, gallery);
        }
    }

    [Theory]
    [MemberData(nameof(EveryShape))]
    public void No_technique_reads_beyond_a_row(int index)
    {
        IrisShape shape = TestIrises.Shapes[index];
        Random random = new(300 + index);
        IrisCode code = TestIrises.Of(
            shape, TestIrises.Random(random, shape.Words), TestIrises.Filled(shape.Words, ulong.MaxValue));
        IrisProbe probe = new(code);
        using GuardedMemory memory = new(IrisRow.BytesOf(code));
        IrisRow.Write(code, memory.Span);
        foreach (BitCounting counting in TestIrises.Countings)
        {
            Assert.True(IrisScorer.TryCompare(probe, memory.Span, counting, out IrisComparison comparison));
            Assert.Equal(new IrisComparison(0, shape.Bits, 0), comparison);
        }
    }

    [Theory]
    [InlineData(-7)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(7)]
    public void The_rotation_found_is_the_one_that_lays_the_probe_on_the_gallery_code(int columns)
    {
        Random random = new(7);
        IrisCode probe = TestIrises.Of(
            IrisShape.D2048, TestIrises.Random(random, 32), TestIrises.MaskWithLid(random, IrisShape.D2048));
        byte[] row = TestIrises.RowOf(TestIrises.Turned(probe, columns, 0, random));
        Assert.True(IrisScorer.TryCompare(new IrisProbe(probe), row, out IrisComparison found));
        Assert.Equal(columns, found.Rotation);
        Assert.Equal(0, found.Differing);
    }

    [Fact]
    public void Of_equal_fractions_the_smaller_turn_wins_and_then_the_negative_one()
    {
        IrisShape shape = IrisShape.D2048;
        ulong[] all = TestIrises.Filled(32, ulong.MaxValue);

        // One column of ones: turned by two either way it lies on a gallery code with two such columns.
        ulong[] column = new ulong[32];
        column[10] = 0xFFFF;
        ulong[] twoColumns = new ulong[32];
        twoColumns[9] = 0xFFFFUL << 32;
        twoColumns[10] = 0xFFFFUL << 32;
        IrisProbe probe = new(TestIrises.Of(shape, column, all));
        Assert.True(IrisScorer.TryCompare(
            probe, TestIrises.RowOf(TestIrises.Of(shape, twoColumns, all)), out IrisComparison either));
        Assert.Equal(new IrisComparison(16, 2048, -2), either);

        IrisProbe same = new(TestIrises.Of(shape, new ulong[32], all));
        Assert.True(IrisScorer.TryCompare(
            same, TestIrises.RowOf(TestIrises.Of(shape, new ulong[32], all)), out IrisComparison everywhere));
        Assert.Equal(0, everywhere.Rotation);
    }

    [Fact]
    public void Too_few_valid_bits_are_no_comparison()
    {
        IrisShape shape = IrisShape.D2048;
        int enough = IrisScorer.MinValidBits(shape);
        Assert.Equal(256, enough);
        Random random = new(8);
        ulong[] bits = TestIrises.Random(random, 32);
        byte[] row = TestIrises.RowOf(TestIrises.Of(shape, bits, TestIrises.Filled(32, ulong.MaxValue)));
        foreach (int valid in new[] { 0, 1, enough - 1, enough })
        {
            IrisProbe probe = new(TestIrises.Of(shape, bits, TestIrises.MaskOf(random, shape, valid)));
            bool compared = IrisScorer.TryCompare(probe, row, out IrisComparison comparison);
            Assert.Equal(valid, probe.ValidBits);
            Assert.Equal(valid == enough, compared);
            Assert.Equal(compared ? enough : 0, comparison.Valid);
        }
    }

    [Fact]
    public void Codes_of_different_shapes_are_no_comparison()
    {
        ulong[] all = TestIrises.Filled(32, ulong.MaxValue);
        IrisProbe probe = new(TestIrises.Of(IrisShape.D2048, new ulong[32], all));
        IrisCode other = TestIrises.Of(new(16, 128, 1, 1), new ulong[32], all);
        Assert.False(IrisScorer.TryCompare(probe, TestIrises.RowOf(other), out IrisComparison comparison));
        Assert.Equal(default, comparison);
        Assert.False(IrisScorer.TryCompare(probe, new byte[576], out _));
    }

    [Fact]
    public void A_row_shorter_than_its_shape_is_an_error_that_says_so()
    {
        IrisCode code = TestIrises.Of(IrisShape.D2048, new ulong[32], new ulong[32]);
        IrisProbe probe = new(code);
        byte[] row = TestIrises.RowOf(code);
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => IrisScorer.TryCompare(probe, row.AsSpan(0, 384), out _));
        Assert.Contains("384", error.Message);
        Assert.Contains("392", error.Message);
    }

    /// <summary>
    /// Codes alike, opposite, random, near each other; masks full, empty, thin, of a lid, of one phase.
    /// </summary>
    private static IrisCode[] Adversaries(Random random, IrisShape shape)
    {
        int words = shape.Words;
        ulong[] full = TestIrises.Filled(words, ulong.MaxValue);
        ulong[] bits = TestIrises.Random(random, words);
        IrisCode lidded = TestIrises.Of(shape, bits, TestIrises.MaskWithLid(random, shape));
        return
        [
            TestIrises.Of(shape, new ulong[words], full),
            TestIrises.Of(shape, full, full),
            TestIrises.Of(shape, bits, full),
            TestIrises.Of(shape, bits, new ulong[words]),
            TestIrises.Of(shape, bits, TestIrises.Filled(words, 0x5555555555555555)),
            TestIrises.Of(shape, bits, TestIrises.MaskOf(random, shape, 5)),
            TestIrises.Of(shape, bits, TestIrises.MaskOf(random, shape, IrisScorer.MinValidBits(shape))),
            TestIrises.Of(shape, TestIrises.Random(random, words), TestIrises.Random(random, words)),
            lidded,
            TestIrises.Turned(lidded, 1, 0.2, random),
        ];
    }

    private static void AssertEqualsReference(IrisCode probe, int rotations, IrisCode gallery)
    {
        byte[] row = TestIrises.RowOf(gallery);
        IrisProbe prepared = new(probe, rotations);
        bool wanted = IrisScorer.TryCompareReference(probe, rotations, row, out IrisComparison reference);
        foreach (BitCounting counting in TestIrises.Countings)
        {
            bool compared = IrisScorer.TryCompare(prepared, row, counting, out IrisComparison comparison);
            Assert.Equal((counting, wanted, reference), (counting, compared, comparison));
        }
    }
}
