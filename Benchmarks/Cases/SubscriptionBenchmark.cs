using System.Diagnostics;
using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching;
using MatchCluster.Matching.Modalities;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Subscriptions;
using MatchCluster.Matching.Synthesis;
using MatchCluster.Matching.Tasks;

namespace MatchCluster.Benchmarks.Cases;

/// <summary>
/// Enrolments of ten fingers that are compared with subscriptions of two: how many a second, by every core. People
/// repeat after some thousand; those who enrol are non-mated but for one of each batch.
/// </summary>
internal sealed class SubscriptionBenchmark : IBenchmark
{
    private const string Gallery = "bench";
    private const int Distinct = 5_000;

    public string Name => "subscriptions";

    public string Description => "Enrolments of ten fingers a second, against subscriptions of two (--people N).";

    public async Task RunAsync(BenchmarkContext context)
    {
        int count = context.People(100_000, 40);
        SyntheticPopulation people = new(1);
        Sample[][] samples = new Sample[Math.Min(count, Distinct)][];
        Parallel.For(0, samples.Length, i => samples[i] =
            [.. SyntheticEncounters.Samples(people.Person(i), 0, fingers: 2, eyes: 0)]);
        using TemporaryFolder folder = new(context.Data);
        await using SqliteTaskStore store = SqliteTaskStore.Open(
            folder.Folder.FullName, limits: SubscriptionBook.Limits, name: SubscriptionBook.FileName);
        SubscriptionBook book = new(store, TimeProvider.System);
        long start = Stopwatch.GetTimestamp();
        string[] ids = new string[count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 256 },
            async (i, cancel) => ids[i] = (await book.AddAsync(Make(samples[i % samples.Length]), cancel))!);
        context.Add("kept", "subscriptions_per_s", count / Stopwatch.GetElapsedTime(start).TotalSeconds, "1/s", "wall");

        await using SubscriptionIndex index = new(book, new MatchEngineOptions());
        start = Stopwatch.GetTimestamp();
        await index.AddNewAsync(context.Cancel);
        context.Add(
            "loaded", "subscriptions_per_s", count / Stopwatch.GetElapsedTime(start).TotalSeconds, "1/s", "wall");
        context.MustHold("every subscription is searched", index.Count == count);

        Probe[] probes =
        [
            .. Enumerable.Range(0, Limits.SearchesPerBatch).Select(i => ProbeBuilder.OfStored(
                SyntheticEncounters.Samples(
                    people.Person(i == 0 ? 0 : 1_000_000 + i), 1, fingers: 10, eyes: 0)).Value!),
        ];
        long enrolments = 0;
        TimeSpan cpu = Process.GetCurrentProcess().TotalProcessorTime;
        start = Stopwatch.GetTimestamp();
        do
        {
            IReadOnlyList<IReadOnlyList<SubscriptionHit>> hits = await index.SearchAsync(
                Gallery, probes, context.Cancel);
            enrolments += probes.Length;
            context.MustHold("who subscribed is met", hits[0].Any(hit => hit.SubscriptionId == ids[0]));
        }
        while (Stopwatch.GetElapsedTime(start) < context.Budget);

        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double spent = (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds;
        string name = $"{count} subscriptions";
        context.Add(name, "enrolments_per_s", enrolments / seconds, "1/s", "wall");
        context.Add(name, "cpu_per_enrolment", spent * 1e3 / enrolments, "ms", "process-cpu");
        context.Add(name, "subscriptions_per_s_core", enrolments * (double)count / spent, "1/s", "process-cpu");
    }

    private static Subscription Make(Sample[] samples) => new()
    {
        Partner = "bench",
        Subject = "",
        Gallery = Gallery,
        Threshold = 60,
        Created = TimeProvider.System.GetUtcNow(),
        ExpiresAt = TimeProvider.System.GetUtcNow().AddDays(1),
        Samples = samples,
    };
}
