namespace MatchCluster.Benchmarks.Runner;

/// <summary>One thing that is measured. It asserts what it computes, never how long that took.</summary>
internal interface IBenchmark
{
    /// <summary>What is typed to run it: lower case, words joined by hyphens.</summary>
    string Name { get; }

    /// <summary>One line for <c>list</c>.</summary>
    string Description { get; }

    Task RunAsync(BenchmarkContext context);
}
