using System.Diagnostics;
using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Scores;
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
    private const int EnrolTogether = 200;
    private static readonly (string Name, int Fingers, int Eyes)[] Kinds =
        [("one finger", 1, 0), ("two fingers", 2, 0), ("two eyes", 0, 2), ("two fingers, two eyes", 2, 2)];

    public string Name => "identify";

    public string Description =>
        "Identification in process: p50, p99, searches/s by kind of probe (--people N).";

    public async Task RunAsync(BenchmarkContext context)
    {
        int people = context.People(10_000, 20);
        var population = new SyntheticPopulation(1);
        await using var store = new MemoryGalleryStore(Environment.ProcessorCount);
        await using MatchEngine engine = MatchEngine.Open(store, new MatchEngineOptions());
        await engine.Loaded;
        await EnrolAsync(context, engine, population, people);

        IReadOnlyList<PartitionStatus> status = await new EncounterRoot(engine).StatusAsync(context.Cancel);
        context.Add(
            $"{people} people", "row_bytes_per_identity", (double)status.Sum(s =>
                s.RowBytes) / people, "B", "none");
        var root = new SearchRoot(engine, TimeProvider.System);
        foreach ((string name, int fingers, int eyes) in Kinds)
        {
            AskedProbe[] probes = Probes(context, population, people, fingers, eyes);
            await MeasureAsync(context, root, $"{people} people, {name}", probes);
        }
    }

    private static async Task EnrolAsync(
        BenchmarkContext context, MatchEngine engine, SyntheticPopulation population, int people)
    {
        var encounters = new EncounterRoot(engine);
        for (int done = 0; done < people; done += EnrolTogether)
        {
            var writes = new Write[Math.Min(EnrolTogether, people - done)];
            int first = done;
            Parallel.For(0, writes.Length, i =>
                writes[i] = new Write.Create(SyntheticEncounters.Of(population, first + i)));
            IReadOnlyList<WriteResult> results =
                await encounters.ApplyAsync(writes, SearchBudget.Of(Limits.LongestDeadline, context.Cancel));
            context.MustHold("every enrolment is applied", results.All(r => r.IsApplied));
            if (first % 5000 == 0)
            {
                context.Progress($"identify: enrolled {first} of {people}");
            }
        }
    }

    /// <summary>Mated and non-mated in turn.</summary>
    private static AskedProbe[] Probes(
        BenchmarkContext context, SyntheticPopulation population, int people, int fingers, int eyes)
    {
        var probes = new AskedProbe[context.Size(64, 4)];
        for (int i = 0; i < probes.Length; i++)
        {
            bool mated = i % 2 == 0;
            SyntheticPerson person = population.Person(
                mated ? (int)((long)i * people / probes.Length) : people + i);
            Decoded<Probe> probe = ProbeBuilder.Build(SyntheticEncounters.Samples(person, 1, fingers, eyes));
            context.MustHold($"probe: {probe.Rejection}", probe.IsAccepted);
            probes[i] = new AskedProbe(
                new IdentifyRequest { Probe = probe.Value!, Gallery = SyntheticEncounters.Gallery },
                mated ? person.PersonId : null);
        }

        return probes;
    }

    private static async Task MeasureAsync(
        BenchmarkContext context, SearchRoot root, string name, AskedProbe[] probes)
    {
        context.Progress($"identify: {name}");
        await AskAsync(context, root, [.. probes.Take(Together)], 1, []);

        List<double> milliseconds = [];
        Found found = default;
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        do
        {
            found = await AskAsync(context, root, probes, 1, milliseconds);
        }
        while (Stopwatch.GetElapsedTime(start) < context.Budget);

        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double cpuSeconds = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds;
        int passes = milliseconds.Count / probes.Length;
        milliseconds.Sort();
        context.Add(name, "p50_ms", At(milliseconds, 0.5), "ms", "wall", found.Hash.Hex, rounds: passes);
        context.Add(name, "p99_ms", At(milliseconds, 0.99), "ms", "wall", found.Hash.Hex, rounds: passes);
        context.Add(name, "searches_per_s", milliseconds.Count / seconds, "1/s", "wall", rounds: passes);
        context.Add(
            name, "comparisons_per_s", found.Comparisons * passes / seconds, "1/s", "wall", rounds: passes);

        // What neighbours on the machine take is in the wall time and not in this.
        context.Add(
            name, "comparisons_per_s_core", found.Comparisons * passes / cpuSeconds, "1/s", "process-cpu",
            rounds: passes);

        List<double> batches = [];
        start = Stopwatch.GetTimestamp();
        Found together;
        do
        {
            together = await AskAsync(context, root, probes, Together, batches);
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

    private static async Task<Found> AskAsync(
        BenchmarkContext context, SearchRoot root, AskedProbe[] probes, int together,
        List<double> milliseconds)
    {
        Found found = default;
        foreach (AskedProbe[] batch in probes.Chunk(together))
        {
            long start = Stopwatch.GetTimestamp();
            IReadOnlyList<IdentifyAnswer> answers = await root.IdentifyAsync(
                [.. batch.Select(p => p.Request)], SearchBudget.Of(Limits.LongestDeadline, context.Cancel));
            milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            for (int i = 0; i < batch.Length; i++)
            {
                context.MustHold("every answer is complete", answers[i].Coverage.IsComplete);
                found.Add(batch[i], answers[i]);
            }
        }

        return found;
    }

    private static double At(List<double> sorted, double quantile) =>
        sorted[Math.Max(0, (int)Math.Ceiling(quantile * sorted.Count) - 1)];

    /// <summary>A request and the person who must be found; null where nobody must.</summary>
    private sealed record AskedProbe(IdentifyRequest Request, string? Person);

    private struct Found
    {
        public ResultHash Hash;
        public long Comparisons;
        public int Right;
        public int False;

        public void Add(AskedProbe probe, IdentifyAnswer answer)
        {
            Comparisons += answer.Comparisons;
            string? first = answer.Candidates.Count > 0 ? answer.Candidates[0].PersonId : null;
            Right += probe.Person is not null && first == probe.Person ? 1 : 0;
            False += probe.Person is null && first is not null ? 1 : 0;
            foreach (Candidate candidate in answer.Candidates)
            {
                Hash.Add(candidate.PersonId);
                Hash.AddExactly(candidate.Score);
            }

            Hash.Add(answer.Candidates.Count);
        }
    }
}
