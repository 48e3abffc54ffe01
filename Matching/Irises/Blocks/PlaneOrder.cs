using System.Collections.Concurrent;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Irises.Blocks;

/// <summary>
/// Where the plane of a bit lies in a block: first the bits that a fast search samples, then the rest, both
/// in the order in which the passes read them. So memory is read in sequence, which the CPU prefetches by
/// itself.
/// </summary>
internal static class PlaneOrder
{
    private static readonly ConcurrentDictionary<IrisShape, int[]> Orders = new();

    /// <summary>
    /// The place of the plane of each bit of a code; a cell's phases lie together, from an even place on.
    /// </summary>
    public static ReadOnlySpan<int> Of(IrisShape shape) => Orders.GetOrAdd(shape, Made);

    private static int[] Made(IrisShape shape)
    {
        int[] order = new int[shape.Bits];
        Array.Fill(order, -1);
        int next = 0;
        foreach (int step in new[] { SampleBound.StepOf(shape), 1 })
        {
            BlockLayout layout = new(shape, step, IrisBlock.PlaneBytes);
            for (int tile = 0; tile < layout.Tiles; tile++)
            {
                foreach (int offset in layout.Offsets)
                {
                    ref int place = ref order[(tile * layout.TileStride) + offset];
                    place = place < 0 ? next++ : place;
                }
            }
        }

        return order;
    }
}
