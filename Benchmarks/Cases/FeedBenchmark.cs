using System.Diagnostics;
using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching.Feeds;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Benchmarks.Cases;

/// <summary>
/// What a change log costs: durable enrolments into SQLite with it and without it, in turns, and how fast it is read.
/// </summary>
internal sealed class FeedBenchmark : IBenchmark
{
    private const int Partitions = 2;
    private const int Rounds = 3;
    private const int Page = 1000;

    public string Name => "feed";

    public string Description => "Durable enrolments with and without a change log, and reading the log.";

    public async Task RunAsync(BenchmarkContext context)
    {
        SyntheticPopulation people = new(1);
        Encounter[] encounters =
        [
            .. Enumerable.Range(0, context.Size(200, 4)).Select(i => SyntheticEncounters.Of(people, i)),
        ];
        foreach (int writers in (int[])[1, 16, 256])
        {
            List<Spent> without = [];
            List<Spent> with = [];
            for (int round = 0; round < context.Size(Rounds, 1); round++)
            {
                context.Progress($"feed: {writers} writers, round {round + 1}");
                without.Add(await MeasureAsync(context, writers, encounters, kept: 0));
                with.Add(await MeasureAsync(context, writers, encounters, kept: 10_000_000));
            }

            Add(context, $"{writers} writers, no log", without);
            Add(context, $"{writers} writers, with a log", with);
        }
    }

    private static void Add(BenchmarkContext context, string name, List<Spent> rounds)
    {
        double[] rates = [.. rounds.Select(round => round.Writes / round.Seconds).Order()];
        double[] cpu = [.. rounds.Select(round => round.CpuSeconds * 1e6 / round.Writes).Order()];
        context.Add(
            name, "enrolments_per_s", rates[^1], "1/s", "wall", median: rates[rates.Length / 2], rounds: rates.Length);
        context.Add(
            name, "cpu_per_enrolment", cpu[0], "us", "process-cpu", median: cpu[cpu.Length / 2], rounds: cpu.Length);
        context.Add(name, "bytes_per_identity", rounds[^1].BytesEach, "B", "none");
        if (rounds[^1].ReadsPerSecond > 0)
        {
            context.Add(name, "changes_read_per_s", rounds.Max(round => round.ReadsPerSecond), "1/s", "wall");
        }
    }

    private static async Task<Spent> MeasureAsync(
        BenchmarkContext context, int writers, Encounter[] encounters, int kept)
    {
        using TemporaryFolder folder = new(context.Data);
        await using SqliteGalleryStore store = await SqliteGalleryStore.OpenAsync(
            folder.Folder.FullName, Partitions, Partitions, context.Cancel, changesKept: kept);
        FeedNotes? notes = kept == 0 ? null
            : new FeedNotes(new FeedKeys(await store.StateKeyAsync(context.Cancel)), TimeProvider.System);
        long[] epochs = new long[Partitions];
        for (int i = 0; i < Partitions; i++)
        {
            epochs[i] = await store.OpenEpochAsync(new PartitionId(i), context.Cancel);
            await store.BeginChangesAsync(
                new PartitionId(i), epochs[i], new Dictionary<string, GalleryState>(), context.Cancel);
        }

        long acked = 0;
        long next = -1;
        TimeSpan cpu = Process.GetCurrentProcess().TotalProcessorTime;
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, writers).Select(_ => Task.Run(WriteAsync)));
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double spent = (Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds;
        double bytes = (double)await store.SizeInBytesAsync(context.Cancel) / acked;
        return new Spent(
            acked, seconds, spent, bytes, kept == 0 ? 0 : await ReadAsync(context, store.Changes!, acked));

        async Task WriteAsync()
        {
            do
            {
                long number = Interlocked.Increment(ref next);
                Encounter encounter = encounters[number % encounters.Length] with { PersonId = $"P{number}" };
                FeedVersion version = new(encounter.RecordId, encounter.Galleries, IsActive: true);
                StoreWrite write = StoreWrite.Put(encounter) with
                {
                    Changes = notes?.Of(encounter.PersonId, encounter.EncounterId, null, version) ?? [],
                };
                int partition = (int)(number % Partitions);
                AppendResult result = await store.AppendAsync(
                    new PartitionId(partition), epochs[partition], [write], context.Cancel);
                context.MustHold($"append {result.Outcome}", result.Outcome == AppendOutcome.Applied);
                Interlocked.Increment(ref acked);
            }
            while (Stopwatch.GetElapsedTime(start) < context.Budget);
        }
    }

    private static async Task<double> ReadAsync(BenchmarkContext context, IChangeLog log, long acked)
    {
        long start = Stopwatch.GetTimestamp();
        long after = 0;
        while (true)
        {
            ChangePage page = await log.ReadAsync(SyntheticEncounters.Gallery, after, Page, context.Cancel);
            if (page.Changes.Count == 0)
            {
                context.MustHold($"{acked} acked and {after} changes", acked == after);
                return after / Stopwatch.GetElapsedTime(start).TotalSeconds;
            }

            after = page.Changes[^1].Sequence;
        }
    }

    private sealed record Spent(
        long Writes, double Seconds, double CpuSeconds, double BytesEach, double ReadsPerSecond);
}
