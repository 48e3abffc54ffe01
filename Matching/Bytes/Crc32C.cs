using System.Buffers.Binary;
using System.Numerics;

namespace MatchCluster.Matching.Bytes;

/// <summary>
/// CRC-32C (Castagnoli polynomial 0x1EDC6F41, reflected, start and final xor FFFFFFFF; RFC 3720 appendix
/// B.4): any error burst of up to 32 bits is found, others are missed once in 2^32. One instruction per 8
/// bytes where the processor has it.
/// </summary>
internal static class Crc32C
{
    /// <summary>The checksum of both parts, as if the second followed the first directly.</summary>
    public static uint Of(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second) =>
        ~Continue(Continue(uint.MaxValue, first), second);

    private static uint Continue(uint state, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= sizeof(ulong))
        {
            state = BitOperations.Crc32C(state, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (byte b in bytes)
        {
            state = BitOperations.Crc32C(state, b);
        }

        return state;
    }
}
