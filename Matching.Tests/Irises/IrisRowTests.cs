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
            IrisCode code = TestIrises.Of(
                shape, TestIrises.Random(random, shape.Words), TestIrises.Random(random, shape.Words));
            byte[] row = new byte[IrisRow.BytesOf(shape)];
            random.NextBytes(row);
            IrisRow.Write(code, row);
            IrisCode read = IrisRow.Read(row, BiometricPosition.LeftEye);
            Assert.Equal(0, row.Length % 64);
            Assert.Equal(shape, IrisRow.ShapeOf(row));
            Assert.Equal(BiometricPosition.LeftEye, read.Position);
            Assert.Equal(code.Code.ToArray(), read.Code.ToArray());
            Assert.Equal(code.Mask.ToArray(), read.Mask.ToArray());
        }
    }

    [Fact]
    public void The_profiles_take_the_bytes_that_are_documented()
    {
        Assert.Equal(576, IrisRow.BytesOf(IrisShape.D2048));
        Assert.Equal(3264, IrisRow.BytesOf(IrisShape.OpenIris12800));
        Assert.Equal(4160, IrisRow.BytesOf(IrisShape.W16384));
    }

    [Fact]
    public void A_longer_row_is_written_no_further_than_its_shape()
    {
        byte[] row = new byte[640];
        Array.Fill(row, (byte)0xAB);
        IrisRow.Write(TestIrises.Of(IrisShape.D2048, new ulong[32], new ulong[32]), row);
        Assert.All(row[576..], b => Assert.Equal(0xAB, b));
        Assert.DoesNotContain((byte)0xAB, row[..576]);
    }

    [Fact]
    public void Codes_and_rows_that_contradict_their_shape_are_refused_with_both_numbers()
    {
        IrisCode thin = TestIrises.Of(IrisShape.D2048, new ulong[31], new ulong[32]);
        ArgumentException words = Assert.Throws<ArgumentException>(() => IrisRow.Write(thin, new byte[576]));
        Assert.Contains("31", words.Message);
        IrisCode code = TestIrises.Of(IrisShape.D2048, new ulong[32], new ulong[32]);
        ArgumentException bytes = Assert.Throws<ArgumentException>(() => IrisRow.Write(code, new byte[575]));
        Assert.Contains("575", bytes.Message);
        Assert.Throws<ArgumentException>(() => IrisRow.BytesOf(new IrisShape(8, 127, 1, 1)));
        Assert.Throws<ArgumentException>(() => IrisRow.Read(new byte[576], BiometricPosition.LeftEye));
        Assert.Throws<ArgumentException>(() => IrisRow.ShapeOf(new byte[7]));
    }
}
