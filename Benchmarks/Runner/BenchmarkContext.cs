namespace MatchCluster.Benchmarks.Runner;

/// <summary>What a benchmark is asked to do and where its figures go.</summary>
internal sealed class BenchmarkContext(
    string bench,
    BenchmarkSettings settings,
    Action<string> progress,
    CancellationToken cancel)
{
    private readonly List<BenchmarkRow> rows = [];
    private readonly List<string> mismatches = [];

    /// <summary>True for the tiny run: every path once, no time spent.</summary>
    public bool Smoke => settings.Smoke;

    /// <summary>Wall time for one case.</summary>
    public TimeSpan Budget => settings.Smoke ? TimeSpan.Zero : settings.PerCase;

    /// <summary>Where temporary galleries are put; null takes the system's place for such files.</summary>
    public DirectoryInfo? Data => settings.Data;

    public CancellationToken Cancel => cancel;

    public IReadOnlyList<BenchmarkRow> Rows => rows;

    /// <summary>
    /// Sentences about results that should have been equal and were not; any makes the run fail.
    /// </summary>
    public IReadOnlyList<string> Mismatches => mismatches;

    /// <summary>Identities to use: what was asked for, else the one that fits the kind of run.</summary>
    public int People(int full, int smoke) => settings.People ?? (settings.Smoke ? smoke : full);

    /// <summary>A size by kind of run.</summary>
    public int Size(int full, int smoke) => settings.Smoke ? smoke : full;

    public void Progress(string text) => progress(text);

    /// <summary>Measures work of the calling thread and writes its rate.</summary>
    public Timing Rate(string name, string metric, string unit, long operations, ResultHash hash, Action work)
    {
        cancel.ThrowIfCancellationRequested();
        progress($"{bench}: {name}");
        Timing timing = Timing.OfThread(Budget, operations, work);
        Add(name, metric, timing.Best, unit, timing.Clock, hash.Hex, timing.Median, timing.Rounds);
        return timing;
    }

    public void Add(
        string name, string metric, double value, string unit, string clock, string? hash = null,
        double? median = null, int rounds = 1) =>
        rows.Add(new BenchmarkRow
        {
            Bench = bench,
            Case = name,
            Metric = metric,
            Value = value,
            Median = median,
            Unit = unit,
            Clock = clock,
            Rounds = rounds,
            Hash = hash,
        });

    /// <summary>States that a fast form computed what its plain twin computed.</summary>
    public void MustEqual(string what, ResultHash reference, ResultHash fast)
    {
        if (reference.Hex != fast.Hex)
        {
            mismatches.Add($"{bench}: {what}: reference {reference.Hex}, got {fast.Hex}");
        }
    }

    /// <summary>States a fact without which the figures mean nothing; safe from any thread.</summary>
    public void MustHold(string what, bool holds)
    {
        if (!holds)
        {
            lock (mismatches)
            {
                mismatches.Add($"{bench}: {what}");
            }
        }
    }
}

/// <summary>How a run was asked for.</summary>
/// <param name="Smoke">Every benchmark in its tiniest form.</param>
/// <param name="PerCase">Wall time for one case.</param>
/// <param name="People">Identities, where a benchmark takes a number of them; null leaves it to the
/// benchmark.</param>
/// <param name="Data">Where temporary galleries are put; null takes the system's place for such
/// files.</param>
internal sealed record BenchmarkSettings(bool Smoke, TimeSpan PerCase, int? People, DirectoryInfo? Data);
