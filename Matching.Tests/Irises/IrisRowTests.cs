using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Tests.Irises;

public class IrisRowTests
{
    [Fact]
    public void A_row_gives_back_the_code_of_every_shape()
    {
        Random random = new(11);
        foreach (IrisShape shape in TestIrises.Shapes)
        {
            ulong[] own = TestIrises.Random(random, shape.Words);
            foreach (ulong[] mask in new[] { own, BothPhases(own) })
            {
                IrisCode code = TestIrises.Of(shape, TestIrises.Random(random, shape.Words), mask);
                byte[] row = new byte[IrisRow.MostBytesOf(shape)];
                random.NextBytes(row);
                IrisRow.Write(code, row);
                IrisCode read = IrisRow.Read(row, BiometricPosition.LeftEye);
                Assert.Equal(IrisRow.BytesOf(code), IrisRow.LengthOf(row));
                Assert.Equal(shape.Phases == 1 || mask != own, IrisRow.HasSharedMask(row));
                Assert.Equal(shape, IrisRow.ShapeOf(row));
                Assert.Equal(BiometricPosition.LeftEye, read.Position);
                Assert.Equal(code.Code.ToArray(), read.Code.ToArray());
                Assert.Equal(code.Mask.ToArray(), read.Mask.ToArray());
            }
        }
    }

    [Fact]
    public void What_kernels_read_begins_at_a_cache_line_and_is_filled_up_with_zeros()
    {
        Random random = new(12);
        foreach (IrisShape shape in TestIrises.Shapes)
        {
            ulong[] mask = BothPhases(TestIrises.Random(random, shape.Words));
            byte[] row = TestIrises.RowOf(TestIrises.Of(shape, TestIrises.Random(random, shape.Words), mask));
            ulong[] scratch = GC.AllocateArray<ulong>(IrisRow.ScratchWords(shape), pinned: true);
            Array.Fill(scratch, ulong.MaxValue);
            ReadOnlySpan<ulong> words = IrisRow.Unpack(row, shape, scratch);
            int padded = words.Length / 2;
            Assert.Equal(0, padded % 8);
            Assert.Equal(mask, words.Slice(padded, shape.Words).ToArray());
            Assert.True(words[shape.Words..padded].IndexOfAnyExcept(0UL) < 0);
            Assert.True(words[(padded + shape.Words)..].IndexOfAnyExcept(0UL) < 0);
            Assert.Equal(0, FirstByte(words) % 64);
        }
    }

    [Fact]
    public void The_profiles_take_the_bytes_that_are_documented()
    {
        (IrisShape Shape, int Shared, int Own)[] documented =
        [
            (IrisShape.D2048, 392, 520), (IrisShape.OpenIris12800, 2408, 3208), (IrisShape.W16384, 3080, 4104),
        ];
        foreach ((IrisShape shape, int shared, int own) in documented)
        {
            ulong[] code = new ulong[shape.Words];
            ulong[] mask = TestIrises.Filled(shape.Words, ulong.MaxValue);
            Assert.Equal(shared, IrisRow.BytesOf(TestIrises.Of(shape, code, mask)));
            mask[^1] >>= 1;
            Assert.Equal(own, IrisRow.BytesOf(TestIrises.Of(shape, code, mask)));
            Assert.Equal(own, IrisRow.MostBytesOf(shape));
        }
    }

    [Fact]
    public void A_longer_row_is_written_no_further_than_its_shape()
    {
        byte[] row = new byte[640];
        Array.Fill(row, (byte)0xAB);
        IrisRow.Write(TestIrises.Of(IrisShape.D2048, new ulong[32], new ulong[32]), row);
        Assert.All(row[392..], b => Assert.Equal(0xAB, b));
        Assert.DoesNotContain((byte)0xAB, row[..392]);
    }

    [Fact]
    public void Codes_and_rows_that_contradict_their_shape_are_refused_with_both_numbers()
    {
        IrisCode thin = TestIrises.Of(IrisShape.D2048, new ulong[31], new ulong[32]);
        ArgumentException words = Assert.Throws<ArgumentException>(() => IrisRow.Write(thin, new byte[576]));
        Assert.Contains("31", words.Message);
        IrisCode code = TestIrises.Of(IrisShape.D2048, new ulong[32], new ulong[32]);
        ArgumentException bytes = Assert.Throws<ArgumentException>(() => IrisRow.Write(code, new byte[391]));
        Assert.Contains("391", bytes.Message);
        Assert.Contains("392", bytes.Message);
        Assert.Throws<ArgumentException>(() => IrisRow.MostBytesOf(new IrisShape(8, 127, 1, 1)));
        Assert.Throws<ArgumentException>(() => IrisRow.Read(new byte[576], BiometricPosition.LeftEye));
        Assert.Throws<ArgumentException>(() => IrisRow.LengthOf(new byte[576]));
        Assert.Throws<ArgumentException>(() => IrisRow.ShapeOf(new byte[7]));
    }

    /// <summary>The first phase's bits for both.</summary>
    private static ulong[] BothPhases(ulong[] mask) =>
        [.. mask.Select(word => (word & 0x5555555555555555) | ((word & 0x5555555555555555) << 1))];

    private static unsafe long FirstByte(ReadOnlySpan<ulong> words)
    {
        fixed (ulong* first = words)
        {
            return (long)first;
        }
    }
}
