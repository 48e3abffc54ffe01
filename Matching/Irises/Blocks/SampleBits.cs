using System.Collections.Concurrent;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Irises.Blocks;

/// <summary>
/// The sampled bits of a shape's codes in an order of which every beginning lies evenly over the iris. Their
/// validity is counted to estimate how many bits are valid in both codes.
/// </summary>
internal static class SampleBits
{
    /// <summary>The golden ratio less one: its multiples are the most even of all.</summary>
    private const double Golden = 0.6180339887498949;

    private static readonly ConcurrentDictionary<IrisShape, int[]> Spreads = new();

    /// <summary>Bits of the code, each sampled bit once; made once for each shape that a gallery holds.</summary>
    public static ReadOnlySpan<int> Spread(IrisShape shape) => Spreads.GetOrAdd(shape, Made);

    private static int[] Made(IrisShape shape)
    {
        int step = SampleBound.StepOf(shape);
        int perCell = shape.Wavelets * shape.Phases;
        int[] sampled =
        [
            .. from column in Enumerable.Range(0, shape.Columns / step)
               from bit in Enumerable.Range(0, shape.BitsPerColumn)
               let place = (column * step) + BlockLayout.ColumnOf(bit / perCell, step)
               select (place * shape.BitsPerColumn) + bit,
        ];
        int count = sampled.Length;
        bool[] taken = new bool[count];
        int[] order = new int[count];
        for (int i = 0; i < count; i++)
        {
            int at = (int)(i * Golden % 1 * count);
            while (taken[at])
            {
                at = (at + 1) % count;
            }

            taken[at] = true;
            order[i] = sampled[at];
        }

        return order;
    }
}
