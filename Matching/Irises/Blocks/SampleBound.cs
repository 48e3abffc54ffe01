using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Irises.Blocks;

/// <summary>
/// What the first stage of a fast search asks of an eye: the share of sampled cells that differ may be larger
/// than the search's bound by at most <see cref="Margin"/>. A lane that passes at some rotation is compared
/// exactly.
/// </summary>
/// <remarks>
/// This is not exact: the sample of a mated code may lie farther than the whole code. By how much is measured
/// (docs/iris.md and <c>Benchmarks iris-fast</c>): on 512 of 2,048 bits the distance scatters by 0.014 to
/// 0.019, so that the margin is three of it.
/// The denominator is sampled too: among <see cref="MaskBits"/> bits, those that are valid in both codes are
/// counted. Their number is chosen so that half the differing bits must not exceed the count, and nothing is
/// multiplied.
/// </remarks>
internal sealed class SampleBound
{
    /// <summary>
    /// The raw distance up to which eyes are sampled. A bound that reaches beyond it (a low threshold) would let every
    /// fifth non-mated eye pass on, which costs as much as it saves: such a bound is searched exactly. Within
    /// it what passes decides (<see cref="SampleChoice"/>).
    /// </summary>
    public const double SampledTo = 0.36;

    /// <summary>How much farther a sample may be than the whole code.</summary>
    public const double Margin = 0.05;

    /// <summary>
    /// The share of mated eyes within a bound that a sampled search loses: 3 of 2,252 pairs of real eyes by our own
    /// encoder up to 0.345 were lost, and with 95 % confidence it is no more than the upper bound; of another encoder's
    /// none of 16,130 up to 0.38, of generated eyes none of 61,216 up to 0.32 (docs/iris.md).
    /// </summary>
    public static StageLoss Loss { get; } = new(3 / 2252.0, 0.0035);

    /// <summary>Bits a sample has at least, where the code has them.</summary>
    private const int LeastBits = 512;

    private SampleBound(int maskBits, int leastValid)
    {
        MaskBits = maskBits;
        LeastValid = leastValid;
    }

    /// <summary>Number of sampled bits whose validity is counted.</summary>
    public int MaskBits { get; }

    /// <summary>Valid bits of an eye that can be compared at all.</summary>
    public int LeastValid { get; }

    /// <summary>The step of <see cref="BlockLayout"/> that samples a shape: 4 for D2048.</summary>
    public static int StepOf(IrisShape shape)
    {
        int step = 1;
        while (shape.Columns % (2 * step) == 0 && shape.Bits / (2 * step) >= LeastBits)
        {
            step *= 2;
        }

        return step;
    }

    /// <summary>The first stage of an exact bound; null where that reaches nobody, or too far.</summary>
    public static SampleBound? Of(IrisBound bound, IrisShape shape, int probeValidBits)
    {
        int most = bound.MostDiffering[probeValidBits];
        // The bound's share of the valid bits rises with them, and no eye shares more than the probe's.
        double share = most / (double)probeValidBits;
        if (most < 0 || share > SampledTo)
        {
            return null;
        }

        int sampled = shape.Bits / StepOf(shape);
        int leastValid = 0;
        while (bound.MostDiffering[leastValid] < 0)
        {
            leastValid++;
        }

        return new SampleBound((int)Math.Ceiling((share + Margin) * sampled / 2), leastValid);
    }
}
