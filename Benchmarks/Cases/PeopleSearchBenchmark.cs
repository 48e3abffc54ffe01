using MatchCluster.Benchmarks.Runner;

namespace MatchCluster.Benchmarks.Cases;

/// <summary>
/// People by 1, 2, 4 and 10 fingers against galleries of as many fingers a person; all stages, one thread.
/// </summary>
internal sealed class PeopleSearchBenchmark : IBenchmark
{
    /// <summary>Rows of a gallery at about 4 kB: what a machine of 16 GB can hold.</summary>
    private const int MostRows = 2_000_000;

    public string Name => "people-search";

    public string Description =>
        "Searches by 1, 2, 4 and 10 fingers, one thread, by gallery size (--people N) and threshold.";

    public Task RunAsync(BenchmarkContext context)
    {
        foreach (int[] fingers in (int[][])[[2], [2, 7], [2, 7, 1, 6], [.. Enumerable.Range(1, 10)]])
        {
            var gallery = new ScanGallery(fingers, context.Size(24, 4), context.Size(300, 20));
            SearchMeasures.Sizes(
                context, gallery, $"people, {fingers.Length} fingers", "identities_per_s_core", fingersAsked: 1,
                MostRows / fingers.Length);
            SearchMeasures.Thresholds(context, gallery, $"people, {fingers.Length} fingers", "identities_per_s_core");
        }

        return Task.CompletedTask;
    }
}
