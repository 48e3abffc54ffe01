using System.Numerics;

namespace MatchCluster.Matching.Irises;

/// <summary>
/// One population count a word: 64 bits of both numbers in 4 loads, 4 logic operations and 2 POPCNT. Where
/// the CPU has no POPCNT the base library counts in about 12 operations.
/// </summary>
internal readonly struct CountBitsScalar : IBitCounter
{
    public static (int Differing, int Valid) Count(ReadOnlySpan<ulong> probe, ReadOnlySpan<ulong> row)
    {
        int half = row.Length / 2;
        ReadOnlySpan<ulong> probeCode = probe[..half];
        ReadOnlySpan<ulong> probeMask = probe.Slice(half, half);
        ReadOnlySpan<ulong> code = row[..half];
        ReadOnlySpan<ulong> mask = row.Slice(half, half);
        int differing = 0;
        int valid = 0;
        for (int i = 0; i < code.Length; i++)
        {
            ulong both = probeMask[i] & mask[i];
            differing += BitOperations.PopCount((probeCode[i] ^ code[i]) & both);
            valid += BitOperations.PopCount(both);
        }

        return (differing, valid);
    }
}
