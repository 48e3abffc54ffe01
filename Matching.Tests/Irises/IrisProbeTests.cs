using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Tests.Irises;

public class IrisProbeTests
{
    [Theory]
    [InlineData(128, 7)]
    [InlineData(200, 15)]
    [InlineData(256, 15)]
    [InlineData(512, 30)]
    [InlineData(8, 0)]
    public void Rotations_follow_the_columns(int columns, int rotations)
    {
        IrisShape shape = new(16, columns, 1, 2);
        Assert.Equal(rotations, IrisProbe.RotationsFor(shape));
        Assert.Equal(rotations, new IrisProbe(Blank(shape)).Rotations);
    }

    [Fact]
    public void Rotations_are_tried_from_the_middle_outwards_with_the_negative_first()
    {
        Assert.Equal([0, -1, 1, -2, 2, -3], Enumerable.Range(0, 6).Select(IrisProbe.RotationAt));
    }

    [Fact]
    public void Every_rotation_is_a_turn_by_columns()
    {
        Random random = new(21);
        foreach (IrisShape shape in TestIrises.Shapes)
        {
            IrisCode code = TestIrises.Of(
                shape, TestIrises.Random(random, shape.Words), TestIrises.Random(random, shape.Words));
            IrisProbe probe = new(code, Math.Min(3, (shape.Columns - 1) / 2));
            int padded = IrisRow.PaddedWords(shape);
            for (int i = 0; i <= 2 * probe.Rotations; i++)
            {
                IrisCode turned = TestIrises.Turned(code, IrisProbe.RotationAt(i), 0, random);
                ReadOnlySpan<ulong> words = probe.Rotated.Slice(i * 2 * padded, 2 * padded);
                Assert.Equal(turned.Code.ToArray(), words[..shape.Words]);
                Assert.Equal(turned.Mask.ToArray(), words.Slice(padded, shape.Words));
                Assert.Equal(-1, words[shape.Words..padded].IndexOfAnyExcept(0UL));
            }
        }
    }

    [Fact]
    public void Upside_down_is_half_a_turn_and_twice_of_it_is_none()
    {
        Random random = new(22);
        foreach (IrisShape shape in TestIrises.Shapes.Where(shape => shape.Columns % 2 == 0))
        {
            IrisCode code = TestIrises.Of(
                shape, TestIrises.Random(random, shape.Words), TestIrises.Random(random, shape.Words));
            IrisProbe probe = new(code, 1);
            IrisCode turned = TestIrises.Turned(code, shape.Columns / 2, 0, random);
            Assert.Equal(turned.Code.ToArray(), probe.UpsideDown.Code);
            Assert.Equal(turned.Mask.ToArray(), probe.UpsideDown.Mask);
            Assert.Equal(code.Code.ToArray(), probe.UpsideDown.UpsideDown.Code);
            Assert.Equal((probe.ValidBits, 1), (probe.UpsideDown.ValidBits, probe.UpsideDown.Rotations));
        }
    }

    [Fact]
    public void A_swapped_eye_bears_the_other_label_and_shares_the_code()
    {
        IrisProbe right = new(Blank(IrisShape.D2048) with { Position = BiometricPosition.RightEye });
        Assert.Equal(BiometricPosition.LeftEye, right.Swapped.Position);
        Assert.Equal(right.Position, right.Swapped.Swapped.Position);
        Assert.True(right.Rotated == right.Swapped.Rotated);
        IrisProbe unknown = new(Blank(IrisShape.D2048) with { Position = BiometricPosition.UnknownEye });
        Assert.Same(unknown, unknown.Swapped);
    }

    [Fact]
    public void A_range_wider_than_the_code_is_refused_with_both_numbers()
    {
        IrisCode code = Blank(IrisShape.D2048);
        Assert.Equal(63, new IrisProbe(code, 63).Rotations);
        ArgumentException error = Assert.Throws<ArgumentException>(() => new IrisProbe(code, 64));
        Assert.Contains("64", error.Message);
        Assert.Contains("63", error.Message);
        Assert.Throws<ArgumentException>(() => new IrisProbe(code, -2));
    }

    [Fact]
    public void A_code_that_contradicts_its_shape_is_refused()
    {
        Assert.Throws<ArgumentException>(
            () => new IrisProbe(TestIrises.Of(IrisShape.D2048, new ulong[32], new ulong[31])));
        Assert.Throws<ArgumentException>(
            () => new IrisProbe(TestIrises.Of(new(1, 63, 1, 1), new ulong[1], new ulong[1])));
        IrisCode finger = Blank(IrisShape.D2048) with { Position = BiometricPosition.OfFinger(3) };
        ArgumentException error = Assert.Throws<ArgumentException>(() => new IrisProbe(finger));
        Assert.Contains("RIGHT_MIDDLE", error.Message);
    }

    private static IrisCode Blank(IrisShape shape) =>
        TestIrises.Of(shape, new ulong[shape.Words], new ulong[shape.Words]);
}
