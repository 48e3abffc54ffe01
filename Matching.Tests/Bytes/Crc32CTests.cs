using System.Text;
using MatchCluster.Matching.Bytes;

namespace MatchCluster.Matching.Tests.Bytes;

public sealed class Crc32CTests
{
    /// <summary>RFC 3720, appendix B.4, and the check value of the CRC catalogue.</summary>
    [Fact]
    public void Published_values_are_reproduced()
    {
        Assert.Equal(0xE3069283u, Crc32C.Of(Encoding.ASCII.GetBytes("123456789"), []));
        Assert.Equal(0x8A9136AAu, Crc32C.Of(new byte[32], []));
        Assert.Equal(0x46DD794Eu, Crc32C.Of([.. Enumerable.Range(0, 32).Select(i => (byte)i)], []));
    }

    /// <summary>
    /// The plain twin: one bit at a time, every length up to 64 and every cut in two parts.
    /// </summary>
    [Fact]
    public void Every_length_and_cut_equals_the_bit_by_bit_definition()
    {
        byte[] bytes = new byte[64];
        new Random(7).NextBytes(bytes);
        for (int length = 0; length <= bytes.Length; length++)
        {
            uint wanted = BitByBit(bytes.AsSpan(0, length));
            for (int cut = 0; cut <= length; cut++)
            {
                Assert.Equal(wanted, Crc32C.Of(bytes.AsSpan(0, cut), bytes.AsSpan(cut, length - cut)));
            }
        }
    }

    private static uint BitByBit(ReadOnlySpan<byte> bytes)
    {
        uint state = uint.MaxValue;
        foreach (byte b in bytes)
        {
            state ^= b;
            for (int bit = 0; bit < 8; bit++)
            {
                state = (state >> 1) ^ ((state & 1) * 0x82F63B78u);
            }
        }

        return ~state;
    }
}
