using System.Diagnostics;
using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Benchmarks.Cases;

/// <summary>
/// Durable enrolments: each writer waits for its acknowledgement before it sends the next, as a caller does.
/// Writers that wait together share a commit, so the rate grows with them until the disk or the CPU is full.
/// </summary>
internal sealed class StoreBenchmark : IBenchmark
{
    private const int Partitions = 2;

    public string Name => "store";

    public string Description => "Durable enrolments into SQLite by number of writers, bytes on disk.";

    public async Task RunAsync(BenchmarkContext context)
    {
        var people = new SyntheticPopulation(1);
        Encounter[] encounters =
            [.. Enumerable.Range(0, context.Size(200, 4)).Select(i => SyntheticEncounters.Of(people, i))];
        foreach (int writers in new[] { 1, 16, 256 })
        {
            context.Progress($"store: {writers} writers");
            using var folder = new TemporaryFolder(context.Data);
            await using SqliteGalleryStore store =
                await SqliteGalleryStore.OpenAsync(
                    folder.Folder.FullName, Partitions, Partitions, context.Cancel);
            await MeasureAsync(context, store, writers, encounters);
        }
    }

    private static async Task MeasureAsync(
        BenchmarkContext context, SqliteGalleryStore store, int writers, Encounter[] encounters)
    {
        long[] epochs = new long[Partitions];
        for (int i = 0; i < Partitions; i++)
        {
            epochs[i] = await store.OpenEpochAsync(new PartitionId(i), context.Cancel);
        }

        long acked = 0;
        long next = -1;
        long start = Stopwatch.GetTimestamp();
        async Task WriteAsync()
        {
            do
            {
                long number = Interlocked.Increment(ref next);
                Encounter encounter = encounters[number % encounters.Length] with { PersonId = $"P{number}" };
                int partition = (int)(number % Partitions);
                AppendResult result = await store.AppendAsync(
                    new PartitionId(partition),
                    epochs[partition],
                    [StoreWrite.Put(encounter)],
                    context.Cancel);
                context.MustHold($"append {result.Outcome}", result.Outcome == AppendOutcome.Applied);
                Interlocked.Increment(ref acked);
            }
            while (Stopwatch.GetElapsedTime(start) < context.Budget);
        }

        await Task.WhenAll(Enumerable.Range(0, writers).Select(_ => Task.Run(WriteAsync)));
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;

        long held = 0;
        for (int i = 0; i < Partitions; i++)
        {
            held += await store.CountAsync(new PartitionId(i), context.Cancel);
        }

        context.MustHold($"{acked} acked and {held} held", acked == held);
        string name = writers == 1 ? "1 writer" : $"{writers} writers";
        context.Add(name, "enrolments_per_s", acked / seconds, "1/s", "wall");
        long bytes = await store.SizeInBytesAsync(context.Cancel);
        context.Add(name, "bytes_per_identity", (double)bytes / held, "B", "none");
    }
}
