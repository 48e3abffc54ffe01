namespace MatchCluster.Benchmarks.Runner;

/// <summary>
/// The figures of one run with the machine, the commit and the kind of run that all of them share.
/// </summary>
internal sealed record RowFile
{
    public required string Cpu { get; init; }

    public required int Cores { get; init; }

    /// <summary>Widest vectors the process may use: avx512, avx2, 128 or scalar.</summary>
    public required string Level { get; init; }

    /// <summary>
    /// Short hash of the commit, with <c>-dirty</c> after it where tracked files were changed. Such a file is not
    /// kept under <c>results</c>: nobody could measure it again.
    /// </summary>
    public required string Commit { get; init; }

    /// <summary>True for the tiny run whose times mean nothing.</summary>
    public bool Smoke { get; init; }

    public required IReadOnlyList<BenchmarkRow> Rows { get; init; }

    public static RowFile Of(Machine machine, bool smoke, IReadOnlyList<BenchmarkRow> rows) => new()
    {
        Cpu = machine.Cpu,
        Cores = machine.Cores,
        Level = machine.Level,
        Commit = machine.Commit,
        Smoke = smoke,
        Rows = rows,
    };
}
