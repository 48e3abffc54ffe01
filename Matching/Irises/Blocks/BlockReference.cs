using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Irises.Blocks;

/// <summary>The plain twin of the block engine: one eye, bit by bit.</summary>
internal static class BlockReference
{
    /// <summary>
    /// Whether at some rotation of up to <paramref name="rotations"/> columns no more bits differ than the bound
    /// allows, counted over every <paramref name="step"/>-th column of the gallery's eye.
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
                bool counts = bit / perColumn % step == 0 && Has(probe.Mask, from) && Has(eye.Mask, bit);
                differing += counts && Has(probe.Code, from) != Has(eye.Code, bit) ? 1 : 0;
            }

            if (differing <= bound.MostDiffering[valid])
            {
                return true;
            }
        }

        return false;
    }

    private static bool Has(ReadOnlyMemory<ulong> words, int bit) => (words.Span[bit / 64] >> (bit % 64) & 1) != 0;
}
