namespace MatchCluster.Benchmarks.Runner;

/// <summary>
/// One measured figure with everything needed to read it later: where, on what, of which commit, and what was
/// computed while the clock ran.
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

    public required string Cpu { get; init; }

    public required int Cores { get; init; }

    /// <summary>Widest vectors the process may use: avx512, avx2, 128 or scalar.</summary>
    public required string Level { get; init; }

    public required string Commit { get; init; }

    /// <summary>
    /// 64-bit hash of the computed result in hex; equal results have equal hashes on every machine.
    /// </summary>
    public string? Hash { get; init; }

    /// <summary>True for the tiny run whose times mean nothing.</summary>
    public bool Smoke { get; init; }
}
