using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Irises.Blocks;

/// <summary>The plain twin of the block engine: one eye, bit by bit.</summary>
internal static class BlockReference
{
    /// <summary>
    /// Whether at some rotation of up to <paramref name="rotations"/> columns no more bits differ than the bound
    /// allows, counted over the cells on whose place (column + row) the step divides.
    /// </summary>
    public static bool Reaches(IrisCode probe, int rotations, IrisCode eye, IrisBound bound, int step = 1)
    {
        int perColumn = probe.Shape.BitsPerColumn;
        int valid = Enumerable.Range(0, probe.Shape.Bits).Count(bit => Has(eye.Mask, bit));
        for (int rotation = -rotations; rotation <= rotations; rotation++)
        {
            int differing = 0;
            for (int bit = 0; bit < probe.Shape.Bits; bit++)
            {
                int from = (bit - (rotation * perColumn) + probe.Shape.Bits) % probe.Shape.Bits;
                bool counts = IsSampled(probe.Shape, bit, step) && Has(probe.Mask, from) && Has(eye.Mask, bit);
                differing += counts && Has(probe.Code, from) != Has(eye.Code, bit) ? 1 : 0;
            }

            if (differing <= bound.MostDiffering[valid])
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the bit's cell is on the checkerboard.</summary>
    public static bool IsSampled(IrisShape shape, int bit, int step) =>
        ((bit / shape.BitsPerColumn) + (bit % shape.BitsPerColumn / (shape.Wavelets * shape.Phases))) % step == 0;

    public static bool Has(ReadOnlyMemory<ulong> words, int bit) => (words.Span[bit / 64] >> (bit % 64) & 1) != 0;
}
