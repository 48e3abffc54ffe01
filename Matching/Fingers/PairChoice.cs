using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MatchCluster.Matching.Fingers;

/// <summary>
/// Greedy one-to-one choice of the most similar pairs without sorting them.
/// </summary>
/// <remarks>
/// The greatest key of each line waits in <c>best</c>. The greatest of those is the next pair if its column is still
/// free; otherwise it was an upper bound only, and that one line is looked through again. At most
/// pairs + lines x columns steps; on real fingers about two per pair, some 60 instructions each.
/// </remarks>
internal static class PairChoice
{
    /// <summary>Takes at most <paramref name="wanted"/> pairs, best first; returns how many there are.</summary>
    /// <param name="keys">The matrix of <see cref="SimilarityKeys"/>.</param>
    /// <param name="best">Greatest key of each line, zeros beyond; used up.</param>
    /// <param name="octets">Octets of columns in use.</param>
    /// <param name="wanted">Pairs to take.</param>
    /// <param name="chosen">Receives the keys of the pairs.</param>
    public static int Choose(ReadOnlySpan<uint> keys, Span<uint> best, int octets, int wanted, Span<uint> chosen)
    {
        ulong taken = 0;
        int count = 0;
        while (count < wanted)
        {
            uint key = Greatest(best);
            if (SimilarityKeys.Similarity(key) == 0)
            {
                break;
            }

            int line = SimilarityKeys.Probe(key);
            ulong column = 1UL << SimilarityKeys.Row(key);
            if ((taken & column) == 0)
            {
                taken |= column;
                chosen[count++] = key;
                best[line] = 0;
            }
            else
            {
                best[line] = GreatestFree(keys.Slice(line * SimilarityKeys.Line, octets * FingerRow.Lanes), taken);
            }
        }

        return count;
    }

    /// <summary>The greatest of eight keys.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Greatest(Vector256<uint> keys)
    {
        Vector128<uint> four = Vector128.Max(keys.GetLower(), keys.GetUpper());
        four = Vector128.Max(four, Vector128.Shuffle(four, Vector128.Create(2u, 3, 0, 1)));
        four = Vector128.Max(four, Vector128.Shuffle(four, Vector128.Create(1u, 0, 3, 2)));
        return four.ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Greatest(ReadOnlySpan<uint> best)
    {
        ref uint first = ref MemoryMarshal.GetReference(best);
        Vector256<uint> greatest = Vector256.LoadUnsafe(ref first);
        for (int at = 8; at < best.Length; at += 8)
        {
            greatest = Vector256.Max(greatest, Vector256.LoadUnsafe(ref first, (nuint)at));
        }

        return Greatest(greatest);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint GreatestFree(ReadOnlySpan<uint> line, ulong taken)
    {
        ref uint first = ref MemoryMarshal.GetReference(line);
        Vector256<uint> bits = Vector256.Create(1u, 2, 4, 8, 16, 32, 64, 128);
        Vector256<uint> greatest = Vector256<uint>.Zero;
        for (int at = 0; at < line.Length; at += 8)
        {
            Vector256<uint> isTaken = Vector256.Create((uint)(byte)(taken >> at)) & bits;
            Vector256<uint> keys = Vector256.LoadUnsafe(ref first, (nuint)at)
                & Vector256.Equals(isTaken, Vector256<uint>.Zero);
            greatest = Vector256.Max(greatest, keys);
        }

        return Greatest(greatest);
    }
}
