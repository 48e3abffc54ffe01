using System.Diagnostics;
using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Benchmarks.Cases;

/// <summary>
/// The main job inside one process: a prepared probe through scatter, scan and gather over every partition.
/// Half of the probes are later captures of enrolled people, half of people who are not. One search at a time
/// for the latencies, then eight together.
/// </summary>
internal sealed class IdentifyBenchmark : IBenchmark
{
    private const int Together = 8;

    private readonly int enrolledFingers;
    private readonly (string Name, int Fingers, int Eyes)[] kinds;

    private IdentifyBenchmark(string name, int enrolledFingers, params (string Name, int Fingers, int Eyes)[] kinds)
    {
        Name = name;
        this.enrolledFingers = enrolledFingers;
        this.kinds = kinds;
    }

    public string Name { get; }

    public string Description =>
        $"Identification in process among people of {enrolledFingers} fingers and 2 eyes: p50, p99, searches/s "
        + "(--people N).";

    /// <summary>Ten fingers and two eyes are enrolled.</summary>
    public static IdentifyBenchmark Everything { get; } = new(
        "identify", 10,
        ("one finger", 1, 0), ("two fingers", 2, 0), ("two eyes", 0, 2), ("two fingers, two eyes", 2, 2));

    /// <summary>Two eyes and nothing else are enrolled, so that many more people fit.</summary>
    public static IdentifyBenchmark Irises { get; } = new("iris-identify", 0, ("one eye", 0, 1), ("two eyes", 0, 2));

    public async Task RunAsync(BenchmarkContext context)
    {
        int people = context.People(10_000, 20);
        var population = new SyntheticPopulation(1);
        await using var store = new MemoryGalleryStore(Environment.ProcessorCount);
        await using MatchEngine engine = MatchEngine.Open(store, new MatchEngineOptions());
        await engine.Loaded;
        await SyntheticEncounters.EnrolAsync(
            context, new EncounterRoot(engine), people, i =>
                SyntheticEncounters.Of(population, i, enrolledFingers));

        IReadOnlyList<PartitionStatus> status = await new EncounterRoot(engine).StatusAsync(context.Cancel);
        context.Add(
            $"{people} people", "row_bytes_per_identity", (double)status.Sum(s =>
                s.RowBytes) / people, "B", "none");
        var root = new SearchRoot(engine, TimeProvider.System);
        foreach ((string name, int fingers, int eyes) in kinds)
        {
            AskedProbe[] probes = AskedProbe.Make(
                context, population, people, fingers, eyes);
            await MeasureAsync(context, root, $"{people} people, {name}", probes);
        }
    }

    private static async Task MeasureAsync(
        BenchmarkContext context, SearchRoot root, string name, AskedProbe[] probes)
    {
        context.Progress($"identify: {name}");
        await AskedProbe.AskAsync(context, root, [.. probes.Take(Together)], 1, []);

        List<double> milliseconds = [];
        FoundPeople found = default;
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        do
        {
            found = await AskedProbe.AskAsync(context, root, probes, 1, milliseconds);
        }
        while (Stopwatch.GetElapsedTime(start) < context.Budget);

        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double cpuSeconds = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds;
        int passes = milliseconds.Count / probes.Length;
        milliseconds.Sort();
        context.Add(name, "p50_ms", AskedProbe.At(milliseconds, 0.5), "ms", "wall", found.Hash.Hex, rounds: passes);
        context.Add(name, "p99_ms", AskedProbe.At(milliseconds, 0.99), "ms", "wall", found.Hash.Hex, rounds: passes);
        context.Add(name, "searches_per_s", milliseconds.Count / seconds, "1/s", "wall", rounds: passes);
        context.Add(
            name, "comparisons_per_s", found.Comparisons * passes / seconds, "1/s", "wall", rounds: passes);

        // What neighbours on the machine take is in the wall time and not in this.
        context.Add(
            name, "comparisons_per_s_core", found.Comparisons * passes / cpuSeconds, "1/s", "process-cpu",
            rounds: passes);

        List<double> batches = [];
        start = Stopwatch.GetTimestamp();
        FoundPeople together;
        do
        {
            together = await AskedProbe.AskAsync(context, root, probes, Together, batches);
        }
        while (Stopwatch.GetElapsedTime(start) < context.Budget);

        context.MustEqual($"{name}: {Together} together against one by one", found.Hash, together.Hash);
        passes = batches.Count * Together / probes.Length;
        context.Add(
            name, $"searches_per_s_batch_{Together}", passes * (double)probes.Length
            / Stopwatch.GetElapsedTime(start).TotalSeconds, "1/s", "wall", together.Hash.Hex, rounds: passes);
        context.Add(name, "mated_at_rank_1", (double)found.Right / probes.Count(p =>
            p.Person is not null), "1", "none");
        context.Add(
            name, "non_mated_with_candidate", (double)found.False / probes.Count(p =>
                p.Person is null), "1", "none");
    }
}
