using System.Diagnostics;
using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Benchmarks.Cases;

/// <summary>
/// What a restart costs: reading every encounter from SQLite, decoding it and rebuilding its rows, on all
/// cores. The file is in the page cache, as it is after a crash of the process; a cold disk adds its own
/// time.
/// </summary>
internal sealed class LoadBenchmark : IBenchmark
{
    private const int Group = 200;

    public string Name => "load";

    public string Description => "Start-up over a stored gallery: rebuild rate, memory of rows.";

    public async Task RunAsync(BenchmarkContext context)
    {
        int people = context.People(10_000, 20);
        int partitions = Environment.ProcessorCount;
        using var folder = new TemporaryFolder(context.Data);
        await using SqliteGalleryStore store =
            await SqliteGalleryStore.OpenAsync(
                folder.Folder.FullName, partitions, partitions, context.Cancel);
        await FillAsync(context, store, people);

        context.Progress($"load: rebuilding {people} people");
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        await using MatchEngine engine = MatchEngine.Open(store, new MatchEngineOptions());
        await engine.Loaded;
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double cpuSeconds = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds;

        IReadOnlyList<PartitionStatus> status = await new EncounterRoot(engine).StatusAsync(context.Cancel);
        long identities = status.Sum(s => s.Identities);
        context.MustHold(
            $"{identities} of {people} loaded",
            identities == people && status.All(s => s.State == PartitionState.Ready));
        string name = $"{people} people, 10 fingers, 2 eyes";
        context.Add(name, "start_s", seconds, "s", "wall");
        context.Add(name, "identities_per_s", people / seconds, "1/s", "wall");
        context.Add(name, "identities_per_s_core", people / cpuSeconds, "1/s", "process-cpu");
        context.Add(
            name, "row_bytes_per_identity", (double)status.Sum(s => s.RowBytes) / people, "B", "none");
        context.Add(
            name,
            "disk_bytes_per_identity",
            (double)await store.SizeInBytesAsync(context.Cancel) / people,
            "B",
            "none");
        context.Add(name, "rows_per_identity", (double)status.Sum(s =>
            s.FingerRows + s.IrisRows) / people, "1", "none");
    }

    private static async Task FillAsync(BenchmarkContext context, SqliteGalleryStore store, int people)
    {
        var population = new SyntheticPopulation(1);
        int partitions = store.PartitionCount;
        long[] epochs = new long[partitions];
        for (int i = 0; i < partitions; i++)
        {
            epochs[i] = await store.OpenEpochAsync(new PartitionId(i), context.Cancel);
        }

        for (int done = 0; done < people; done += Group)
        {
            var writes = new StoreWrite[Math.Min(Group, people - done)];
            int first = done;
            Parallel.For(0, writes.Length, i =>
                writes[i] = StoreWrite.Put(SyntheticEncounters.Of(population, first + i)));
            foreach (IGrouping<PartitionId, StoreWrite> group in
                writes.GroupBy(write => Placement.PartitionOf(write.PersonId, partitions)))
            {
                AppendResult result =
                    await store.AppendAsync(group.Key, epochs[group.Key.Number], [.. group], context.Cancel);
                context.MustHold($"append {result.Outcome}", result.Outcome == AppendOutcome.Applied);
            }

            if (first % 5000 == 0)
            {
                context.Progress($"load: stored {first} of {people}");
            }
        }
    }
}
