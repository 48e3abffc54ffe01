using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Irises.Blocks;

/// <summary>The plain twin of <see cref="SamplePass"/>: one eye at one rotation, bit by bit.</summary>
internal static class SampleReference
{
    /// <summary>
    /// Whether half the number of sampled bits that are valid in both codes and differ is at most the number
    /// of the bound's mask bits that are valid in both.
    /// </summary>
    /// <param name="probe">The probe's code.</param>
    /// <param name="eye">The gallery's code.</param>
    /// <param name="bound">The bound of the first stage.</param>
    /// <param name="turn">Which rotation, the first being the farthest to one side.</param>
    /// <param name="turns">How many there are.</param>
    public static bool Reaches(IrisCode probe, IrisCode eye, SampleBound bound, int turn, int turns)
    {
        IrisShape shape = probe.Shape;
        int step = SampleBound.StepOf(shape);
        int differing = 0;
        for (int bit = 0; bit < shape.Bits; bit++)
        {
            int from = From(shape, bit, turn - (turns / 2));
            bool counts = BlockReference.IsSampled(shape, bit, step)
                && BlockReference.Has(probe.Mask, from) && BlockReference.Has(eye.Mask, bit);
            differing += counts && BlockReference.Has(probe.Code, from) != BlockReference.Has(eye.Code, bit) ? 1 : 0;
        }

        int countedAt = MaskLists.RotationOf(turn / MaskLists.TurnsPerCount, turns);
        int valid = SampleBits.Spread(shape)[..bound.MaskBits].ToArray().Count(bit =>
            BlockReference.Has(probe.Mask, From(shape, bit, countedAt)) && BlockReference.Has(eye.Mask, bit));
        int ofEye = Enumerable.Range(0, shape.Bits).Count(bit => BlockReference.Has(eye.Mask, bit));
        return differing / 2 <= valid && ofEye >= bound.LeastValid;
    }

    private static int From(IrisShape shape, int bit, int rotation) =>
        (bit - (rotation * shape.BitsPerColumn) + shape.Bits) % shape.Bits;
}
