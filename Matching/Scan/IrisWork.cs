namespace MatchCluster.Matching.Scan;

/// <summary>What a search did to compare irises by blocks, summed over its eyes.</summary>
/// <param name="Sampled">Blocks of which a sample was compared.</param>
/// <param name="Exact">Blocks that were compared exactly, sampled before or not.</param>
/// <param name="Finalists">Eyes that passed a sample and were counted one by one.</param>
/// <param name="SampledEyes">
/// Eyes that were passed over or passed on without their exact comparison: by a sample, or a wide code by the
/// narrow code of that eye. Where there are none the search is exact.
/// </param>
internal readonly record struct IrisWork(long Sampled, long Exact, long Finalists, long SampledEyes)
{
    public static IrisWork operator +(IrisWork a, IrisWork b) => new(
        a.Sampled + b.Sampled, a.Exact + b.Exact, a.Finalists + b.Finalists, a.SampledEyes + b.SampledEyes);
}
