using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace MatchCluster.Matching.Irises.Blocks;

/// <summary>
/// The second stage of a fast search. It counts the eyes that the sample let through, at the rotations where
/// it did, and keeps those that differ by no more bits than the exact bound allows for the bits that both
/// codes share.
/// </summary>
internal static class SampleFinalists
{
    private const int LineBytes = 64;

    /// <summary>The lanes that the sample let through at some rotation.</summary>
    /// <param name="reached">What <see cref="SamplePass"/> found: <see cref="BlockPass.Words"/> a
    /// rotation.</param>
    /// <param name="wanted">Lanes that are asked for.</param>
    /// <param name="finalists">Words of the lanes found; overwritten.</param>
    /// <returns>How many they are.</returns>
    public static int Choose(ReadOnlySpan<ulong> reached, ReadOnlySpan<ulong> wanted, Span<ulong> finalists)
    {
        int count = 0;
        for (int word = 0; word < BlockPass.Words; word++)
        {
            ulong any = 0;
            for (int at = word; at < reached.Length; at += BlockPass.Words)
            {
                any |= reached[at];
            }

            finalists[word] = any & wanted[word];
            count += BitOperations.PopCount(finalists[word]);
        }

        return count;
    }

    /// <summary>Adds the lanes of one probe that stand the exact comparison.</summary>
    /// <param name="probe">The prepared eye.</param>
    /// <param name="bound">What the search asks.</param>
    /// <param name="reached">What <see cref="SamplePass"/> found: <see cref="BlockPass.Words"/> a
    /// rotation.</param>
    /// <param name="finalists">The lanes that <see cref="Choose"/> found.</param>
    /// <param name="rows">The gallery's rows.</param>
    /// <param name="lanes">Words of the lanes found.</param>
    [SkipLocalsInit]
    public static void Add<TRows>(
        IrisProbe probe, IrisBound bound, ReadOnlySpan<ulong> reached, ReadOnlySpan<ulong> finalists, TRows rows,
        Span<ulong> lanes)
        where TRows : struct, IEyeRows
    {
        Span<ulong> scratch = stackalloc ulong[IrisRow.ScratchWords(probe.Shape)];
        int longest = IrisRow.BytesOf(probe.Shape, sharedMask: false);
        for (int word = 0; word < BlockPass.Words; word++)
        {
            Fetch(rows, word, finalists[word], longest);
        }

        for (int word = 0; word < BlockPass.Words; word++)
        {
            for (ulong left = finalists[word]; left != 0; left &= left - 1)
            {
                int bit = BitOperations.TrailingZeroCount(left);
                ReadOnlySpan<ulong> row = IrisRow.Unpack(rows.Row((word * 64) + bit), probe.Shape, scratch);
                if (Stands(probe, bound, reached[word..], bit, row))
                {
                    lanes[word] |= 1UL << bit;
                }
            }
        }
    }

    /// <summary>
    /// Fetches rows into the cache: they lie far apart, and each would be waited for by itself. Rows that go on into
    /// what lies after them would fetch that too, which once cost forty times the search.
    /// </summary>
    private static unsafe void Fetch<TRows>(TRows rows, int word, ulong lanes, int most)
        where TRows : struct, IEyeRows
    {
        for (; lanes != 0; lanes &= lanes - 1)
        {
            ReadOnlySpan<byte> row = rows.Row((word * 64) + BitOperations.TrailingZeroCount(lanes));
            if (row.Length > most)
            {
                throw new ArgumentException($"found a row of {row.Length} bytes, wanted at most {most}");
            }

            for (int at = 0; Sse.IsSupported && at < row.Length; at += LineBytes)
            {
                // What moves an array meanwhile makes this fetch for nothing, and nothing else.
                Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.AsRef(in row[at])));
            }
        }
    }

    /// <summary>Whether an eye stands at one of the rotations where the sample let it through.</summary>
    private static bool Stands(
        IrisProbe probe, IrisBound bound, ReadOnlySpan<ulong> reached, int bit, ReadOnlySpan<ulong> row)
    {
        for (int turn = 0; turn * BlockPass.Words < reached.Length; turn++)
        {
            if ((reached[turn * BlockPass.Words] >> bit & 1) == 0)
            {
                continue;
            }

            (int differing, int valid) = IrisScorer.CountAt(probe, row, turn - probe.Rotations);
            if (differing <= bound.MostDiffering[valid])
            {
                return true;
            }
        }

        return false;
    }
}
