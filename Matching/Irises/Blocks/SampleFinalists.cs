using System.Numerics;

namespace MatchCluster.Matching.Irises.Blocks;

/// <summary>
/// The second stage of a fast search: of the eyes that the sample let through, at the rotations where it did, those
/// that do not differ by more bits than the exact bound of the bits they share.
/// </summary>
internal static class SampleFinalists
{
    /// <summary>Adds the lanes of one probe that stand the exact comparison.</summary>
    /// <param name="probe">The prepared eye.</param>
    /// <param name="bound">What the search asks.</param>
    /// <param name="reached">Of <see cref="SamplePass"/>: <see cref="BlockPass.Words"/> a rotation.</param>
    /// <param name="wanted">Lanes that are asked for.</param>
    /// <param name="rows">The gallery's rows.</param>
    /// <param name="lanes">Words of the lanes found; those set already are not looked at again.</param>
    public static void Add<TRows>(
        IrisProbe probe, IrisBound bound, ReadOnlySpan<ulong> reached, ReadOnlySpan<ulong> wanted, TRows rows,
        Span<ulong> lanes)
        where TRows : struct, IEyeRows
    {
        int turns = (2 * probe.Rotations) + 1;
        ReadOnlySpan<short> most = bound.MostDiffering;
        for (int turn = 0; turn < turns; turn++)
        {
            for (int word = 0; word < BlockPass.Words; word++)
            {
                ulong left = reached[(turn * BlockPass.Words) + word] & wanted[word] & ~lanes[word];
                for (; left != 0; left &= left - 1)
                {
                    int bit = BitOperations.TrailingZeroCount(left);
                    (int differing, int valid) =
                        IrisScorer.CountAt(probe, rows.Row((word * 64) + bit), turn - probe.Rotations);
                    if (differing <= most[valid])
                    {
                        lanes[word] |= 1UL << bit;
                    }
                }
            }
        }
    }
}
