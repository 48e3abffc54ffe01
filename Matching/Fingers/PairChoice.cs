using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MatchCluster.Matching.Fingers;

/// <summary>
/// Greedy one-to-one choice of the most similar pairs without sorting them.
/// </summary>
/// <remarks>
/// The greatest key of each line stays in a register: written back one by one and read as vectors, each read would
/// wait for the write before it. The greatest of all is the next pair if its column is still free; otherwise it was
/// an upper bound only, and that one line is looked through again. At most pairs + lines x columns steps; on
/// FVC2002 1.9 per pair.
/// </remarks>
internal static class PairChoice
{
    /// <summary>Takes at most <paramref name="wanted"/> pairs, best first; returns how many there are.</summary>
    /// <param name="keys">The matrix of <see cref="SimilarityKeys"/>.</param>
    /// <param name="best">Greatest key of each of 64 lines, zeros for those not in use.</param>
    /// <param name="octets">Octets of columns in use.</param>
    /// <param name="wanted">Pairs to take.</param>
    /// <param name="chosen">Receives the keys of the pairs.</param>
    [MethodImpl(HotLoop.Root)]
    public static int Choose(
        ReadOnlySpan<uint> keys, ReadOnlySpan<uint> best, int octets, int wanted, Span<uint> chosen)
    {
        ref uint first = ref MemoryMarshal.GetReference(best[..Limits.MinutiaeScored]);
        Vector256<uint> b0 = Vector256.LoadUnsafe(ref first, 0);
        Vector256<uint> b1 = Vector256.LoadUnsafe(ref first, 8);
        Vector256<uint> b2 = Vector256.LoadUnsafe(ref first, 16);
        Vector256<uint> b3 = Vector256.LoadUnsafe(ref first, 24);
        Vector256<uint> b4 = Vector256.LoadUnsafe(ref first, 32);
        Vector256<uint> b5 = Vector256.LoadUnsafe(ref first, 40);
        Vector256<uint> b6 = Vector256.LoadUnsafe(ref first, 48);
        Vector256<uint> b7 = Vector256.LoadUnsafe(ref first, 56);
        ulong taken = 0;
        int count = 0;
        while (count < wanted)
        {
            uint key = Greatest(Vector256.Max(
                Vector256.Max(Vector256.Max(b0, b1), Vector256.Max(b2, b3)),
                Vector256.Max(Vector256.Max(b4, b5), Vector256.Max(b6, b7))));
            if (SimilarityKeys.Similarity(key) == 0)
            {
                break;
            }

            uint next = 0;
            ulong column = 1UL << SimilarityKeys.Row(key);
            if ((taken & column) == 0)
            {
                taken |= column;
                chosen[count++] = key;
            }
            else
            {
                int line = SimilarityKeys.Probe(key) * SimilarityKeys.Line;
                next = GreatestFree(keys.Slice(line, octets * FingerRow.Lanes), taken);
            }

            // Keys are unique, so the one that was looked at is found by its value.
            Vector256<uint> old = Vector256.Create(key);
            Vector256<uint> replacement = Vector256.Create(next);
            b0 = Replace(b0, old, replacement);
            b1 = Replace(b1, old, replacement);
            b2 = Replace(b2, old, replacement);
            b3 = Replace(b3, old, replacement);
            b4 = Replace(b4, old, replacement);
            b5 = Replace(b5, old, replacement);
            b6 = Replace(b6, old, replacement);
            b7 = Replace(b7, old, replacement);
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
    private static Vector256<uint> Replace(Vector256<uint> keys, Vector256<uint> old, Vector256<uint> next) =>
        Vector256.ConditionalSelect(Vector256.Equals(keys, old), next, keys);

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
