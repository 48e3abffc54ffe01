using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching.Deduplication;
using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Benchmarks.Cases;

/// <summary>
/// A gallery compared with itself: one in a hundred persons is enrolled twice, the second time with later captures.
/// Pairs a second and core, beside what the kernel alone does of the same rows in the same run; who is found.
/// </summary>
internal sealed class DeduplicateBenchmark : IBenchmark
{
    private const int Fingers = 2;

    /// <summary>More take hours in full: 10,000 are 50 million pairs.</summary>
    private const int MostExhaustive = 5_000;

    public string Name => "deduplicate";

    public string Description => "A gallery of two fingers compared with itself: pairs/s, twins found (--people N).";

    public async Task RunAsync(BenchmarkContext context)
    {
        int people = context.People(2_000, 40);
        int twins = Math.Max(2, people / 100);
        SyntheticPopulation population = new(1);
        await using MemoryGalleryStore store = new(Environment.ProcessorCount);
        await using MatchEngine engine = MatchEngine.Open(store, new MatchEngineOptions());
        await engine.Loaded;
        await SyntheticEncounters.EnrolAsync(
            context, new EncounterRoot(engine), people + twins, i => Of(population, i, people));
        double kernel = Kernel(context, population);
        await MeasureAsync(context, engine, people, twins, exhaustive: false, kernel);
        if (people <= MostExhaustive)
        {
            await MeasureAsync(context, engine, people, twins, exhaustive: true, kernel);
        }
    }

    private static Encounter Of(SyntheticPopulation population, int index, int people)
    {
        if (index < people)
        {
            return SyntheticEncounters.Of(population, index, Fingers, 0);
        }

        int twin = (index - people) * 97 % people;
        return SyntheticEncounters.Of(population, twin, Fingers, 0) with
        {
            PersonId = population.Person(twin).PersonId + "-twin",
            Samples = SyntheticEncounters.Samples(population.Person(twin), 1, Fingers, 0),
        };
    }

    /// <summary>Comparisons a second of one thread by the kernel alone, of persons of the gallery.</summary>
    private static double Kernel(BenchmarkContext context, SyntheticPopulation population)
    {
        FingerTemplate[] rows =
            [.. Enumerable.Range(0, context.Size(200, 8))
                .Select(i => FingerTemplate.Prepare(population.Person(i).Finger(2, 0)))];
        FingerScratch scratch = new();
        long made = 0;
        long sink = 0;
        double begun = ThreadClock.Seconds();
        while (ThreadClock.Seconds() - begun < context.Budget.TotalSeconds || made == 0)
        {
            foreach (FingerTemplate probe in rows)
            {
                foreach (FingerTemplate row in rows)
                {
                    sink += FingerMatcher.Compare(probe, row.Row, scratch).Strength;
                    made++;
                }
            }
        }

        GC.KeepAlive(sink);
        double rate = made / (ThreadClock.Seconds() - begun);
        context.Add("kernel", "comparisons_per_s_core", rate, "1/s", ThreadClock.Name);
        return rate;
    }

    private static async Task MeasureAsync(
        BenchmarkContext context, MatchEngine engine, int people, int twins, bool exhaustive, double kernel)
    {
        string name = $"{people} people, {twins} twice, {(exhaustive ? "exhaustive" : "screened")}";
        context.Progress($"deduplicate: {name}");
        double threshold = DuplicateRequest.ThresholdFor(DuplicateRequest.DefaultFalsePairs, people + twins);
        DuplicateWalk walk = new(
            engine, new DuplicateRequest(SyntheticEncounters.Gallery, threshold) { Exhaustive = exhaustive }, default,
            2 * Environment.ProcessorCount, TimeProvider.System);
        long pairs = 0;
        long comparisons = 0;
        List<DuplicatePair> found = [];
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        await foreach (DuplicateStep step in walk.RunAsync(DuplicateCursor.Start, context.Cancel))
        {
            pairs += step.Pairs;
            comparisons += step.Comparisons;
            found.AddRange(step.Found);
        }

        double seconds = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds;
        context.MustHold("every pair is compared once", pairs == DuplicateRequest.PairsOf(people + twins));
        int right = found.Count(pair => pair.PersonId + "-twin" == pair.OtherId
            || pair.OtherId + "-twin" == pair.PersonId);
        context.Add(name, "pairs_per_s_core", pairs / seconds, "1/s", "process-cpu");
        context.Add(name, "comparisons_per_s_core", comparisons / seconds, "1/s", "process-cpu");
        context.Add(name, "of_kernel_rate", comparisons / seconds / kernel, "1", "process-cpu");
        context.Add(name, "twins_found", right / (double)twins, "1", "none");
        context.Add(name, "false_pairs", found.Count - right, "1", "none");
        context.Add(name, "threshold", threshold, "1", "none");
    }
}
