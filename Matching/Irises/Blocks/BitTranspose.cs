using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MatchCluster.Matching.Irises.Blocks;

/// <summary>
/// Turns 64 words of 64 bits on their side: bit b of word w becomes bit w of word b. Halves of ever smaller squares
/// are exchanged (H. S. Warren, Hacker's Delight, 2nd ed., section 7-3).
/// </summary>
internal static class BitTranspose
{
    public const int Size = 64;

    /// <summary>Transposes in place.</summary>
    /// <param name="words">64 words.</param>
    public static void Run(Span<ulong> words)
    {
        ref ulong first = ref MemoryMarshal.GetReference(words[..Size]);
        ulong low = uint.MaxValue;
        int half = Size / 2;
        for (; half >= Vector256<ulong>.Count; low ^= low << half)
        {
            Vector256<ulong> mask = Vector256.Create(low);
            for (int row = 0; row < Size; row = ((row | half) + Vector256<ulong>.Count) & ~half)
            {
                Vector256<ulong> upper = Vector256.LoadUnsafe(ref first, (nuint)row);
                Vector256<ulong> lower = Vector256.LoadUnsafe(ref first, (nuint)(row + half));
                Vector256<ulong> change = ((upper >> half) ^ lower) & mask;
                (upper ^ (change << half)).StoreUnsafe(ref first, (nuint)row);
                (lower ^ change).StoreUnsafe(ref first, (nuint)(row + half));
            }

            half /= 2;
        }

        for (; half > 0; low ^= low << half)
        {
            for (int row = 0; row < Size; row = ((row | half) + 1) & ~half)
            {
                ulong change = ((words[row] >> half) ^ words[row + half]) & low;
                words[row] ^= change << half;
                words[row + half] ^= change;
            }

            half /= 2;
        }
    }
}
