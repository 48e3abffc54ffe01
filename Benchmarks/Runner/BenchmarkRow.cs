namespace MatchCluster.Benchmarks.Runner;

/// <summary>
/// One measured figure and what was computed while the clock ran. The machine and the commit stand once, in the
/// head of the file (<see cref="RowFile"/>).
/// </summary>
internal sealed record BenchmarkRow
{
    public required string Bench { get; init; }

    public required string Case { get; init; }

    /// <summary>Name with its unit of count, for example comparisons_per_s_core.</summary>
    public required string Metric { get; init; }

    /// <summary>Best of the rounds where there are rounds.</summary>
    public required double Value { get; init; }

    /// <summary>Median of the rounds; null for a figure that is no rate.</summary>
    public double? Median { get; init; }

    public required string Unit { get; init; }

    /// <summary>
    /// What the figure was measured with: thread-cpu, process-cpu, wall, or none for sizes and counts.
    /// </summary>
    public required string Clock { get; init; }

    public int Rounds { get; init; }

    /// <summary>
    /// 64-bit hash of the computed result in hex; equal results have equal hashes on every machine.
    /// </summary>
    public string? Hash { get; init; }
}
