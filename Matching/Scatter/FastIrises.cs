using MatchCluster.Matching.Irises.Blocks;

namespace MatchCluster.Matching.Scatter;

/// <summary>What a search whose irises passed a sampled first stage does not promise.</summary>
/// <param name="SampledTo">
/// Raw fractional Hamming distance up to which eyes are sampled. Where a threshold lets eyes be found that
/// lie farther away, the search was exact.
/// </param>
/// <param name="Loss">
/// Upper bound, with 95 % confidence, of the share of mated eyes up to that distance that the first stage
/// loses: see docs/iris.md.
/// </param>
public sealed record FastIrises(double SampledTo, double Loss)
{
    /// <summary>The measured limits of every fast search.</summary>
    public static FastIrises Measured { get; } = new(SampleBound.SampledTo, SampleBound.Loss.AtMost);
}
