using MatchCluster.Benchmarks.Runner;

namespace MatchCluster.Benchmarks.Cases;

/// <summary>
/// People by two fingers against galleries of two fingers a person, and by four against four; both stages, one thread.
/// </summary>
internal sealed class PeopleSearchBenchmark : IBenchmark
{
    /// <summary>Rows of a gallery at about 4 kB: what a machine of 16 GB can hold.</summary>
    private const int MostRows = 2_000_000;

    public string Name => "people-search";

    public string Description => "Searches by 2 and 4 fingers, both stages, one thread, by gallery size (--people N).";

    public Task RunAsync(BenchmarkContext context)
    {
        foreach (int[] fingers in (int[][])[[2, 7], [2, 7, 1, 6]])
        {
            var gallery = new ScanGallery(fingers, context.Size(24, 4), context.Size(300, 20));
            SearchMeasures.Sizes(
                context, gallery, $"people, {fingers.Length} fingers", "identities_per_s_core", fingersAsked: 1,
                MostRows / fingers.Length);
        }

        return Task.CompletedTask;
    }
}
