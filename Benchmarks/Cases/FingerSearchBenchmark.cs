using MatchCluster.Benchmarks.Runner;

namespace MatchCluster.Benchmarks.Cases;

/// <summary>
/// One finger against galleries of one finger a person, both stages, on one thread; galleries grow so that the cost
/// can be seen to grow with them and no faster.
/// </summary>
internal sealed class FingerSearchBenchmark : IBenchmark
{
    private static readonly int[] Fingers = [2];

    public string Name => "finger-search";

    public string Description => "One-finger searches, both stages, one thread, by gallery size (--people N).";

    public Task RunAsync(BenchmarkContext context)
    {
        var gallery = new ScanGallery(Fingers, context.Size(24, 4), context.Size(500, 30));
        SearchMeasures.Sizes(context, gallery, "fingers", "comparisons_per_s_core", fingersAsked: 1);
        SearchMeasures.WhileEnrolling(context, gallery, "comparisons_per_s_core", fingersAsked: 1);
        return Task.CompletedTask;
    }
}
