using System.Diagnostics;
using System.Security.Cryptography;
using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Benchmarks.Cases;

/// <summary>
/// What a restart costs: reading every encounter from SQLite, decoding it and rebuilding its rows, on all cores; and
/// reading the rows that a clean stop left. Both are measured in the clear and encrypted. The files are in the page
/// cache, as they are after a crash of the process; a cold disk adds its own time.
/// </summary>
internal sealed class LoadBenchmark : IBenchmark
{
    private const int Group = 200;

    private const int ImageTurns = 7;

    private const int RecordTurns = 3;

    public string Name => "load";

    public string Description =>
        "Start-up over a stored gallery: from records and from row images, plain and encrypted.";

    public async Task RunAsync(BenchmarkContext context)
    {
        int people = context.People(10_000, 20);
        using var folder = new TemporaryFolder(context.Data);
        string plain = folder.Folder.CreateSubdirectory("plain").FullName;
        string encrypted = folder.Folder.CreateSubdirectory("encrypted").FullName;
        MasterKeySource key = MakeKey(Path.Combine(folder.Folder.FullName, "master.key"));
        await FillAsync(context, plain, null, people);
        await FillAsync(context, encrypted, key, people);
        string name = $"{people} people, 10 fingers, 2 eyes";

        // In turns, so that whatever else the machine does falls on both.
        context.Progress($"load: rebuilding {people} people");
        (double Seconds, double Cpu) records = await LoadAsync(context, plain, null, people, name);
        _ = await LoadAsync(context, encrypted, key, people, null);
        context.Add(name, "start_s", records.Seconds, "s", "wall");
        context.Add(name, "identities_per_s", people / records.Seconds, "1/s", "wall");
        context.Add(name, "identities_per_s_core", people / records.Cpu, "1/s", "process-cpu");
        List<double> rows = [];
        List<double> sealedRows = [];
        for (int turn = 0; turn < ImageTurns; turn++)
        {
            context.Progress($"load: from images, turn {turn + 1} of {ImageTurns}");
            rows.Add((await LoadAsync(context, plain, null, people, null)).Cpu);
            sealedRows.Add((await LoadAsync(context, encrypted, key, people, null)).Cpu);
        }

        context.Add(name, "images_cpu_us_per_identity", Median(rows) * 1e6 / people, "us", "process-cpu");
        // Warm by now: the first load of all compiled the code.
        List<double> plainRecords = [];
        List<double> sealedRecords = [];
        for (int turn = 0; turn < RecordTurns; turn++)
        {
            context.Progress($"load: from records, turn {turn + 1} of {RecordTurns}");
            plainRecords.Add((await LoadAsync(context, plain, null, people, null, withImages: false)).Cpu);
            sealedRecords.Add((await LoadAsync(context, encrypted, key, people, null, withImages: false)).Cpu);
        }

        context.Add(
            name, "records_encrypted_cpu_ratio", Median(sealedRecords) / Median(plainRecords), "1", "process-cpu");
        context.Add(
            name, "images_encrypted_cpu_us_per_identity", Median(sealedRows) * 1e6 / people, "us", "process-cpu");
        context.Add(name, "images_encrypted_cpu_ratio", Median(sealedRows) / Median(rows), "1", "process-cpu");
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static MasterKeySource MakeKey(string path)
    {
        File.WriteAllBytes(path, RandomNumberGenerator.GetBytes(MasterKey.Bytes));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead);
        }

        return MasterKeySource.OfFile(path);
    }

    /// <summary>
    /// Opens a gallery, from records where nobody has opened it before and from its images after that.
    /// </summary>
    /// <param name="name">Under which name sizes are reported; null reports none.</param>
    private static async Task<(double Seconds, double Cpu)> LoadAsync(
        BenchmarkContext context, string directory, MasterKeySource? key, int people, string? name,
        bool withImages = true)
    {
        await using SqliteGalleryStore store = await SqliteGalleryStore.OpenAsync(
            directory, null, Environment.ProcessorCount, context.Cancel, key);
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        await using MatchEngine engine = MatchEngine.Open(
            store, new MatchEngineOptions { ImageDirectory = withImages ? directory : null });
        await engine.Loaded;
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double cpuSeconds = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds;

        IReadOnlyList<PartitionStatus> status = await new EncounterRoot(engine).StatusAsync(context.Cancel);
        long identities = status.Sum(s => s.Identities);
        context.MustHold(
            $"{identities} of {people} loaded",
            identities == people && status.All(s => s.State == PartitionState.Ready));
        if (name is not null)
        {
            context.Add(
                name, "row_bytes_per_identity", (double)status.Sum(s => s.RowBytes) / people, "B", "none");
            context.Add(
                name, "disk_bytes_per_identity", (double)await store.SizeInBytesAsync(context.Cancel) / people, "B",
                "none");
            context.Add(
                name, "rows_per_identity", (double)status.Sum(s => s.FingerRows + s.IrisRows) / people, "1", "none");
        }

        return (seconds, cpuSeconds);
    }

    private static async Task FillAsync(
        BenchmarkContext context, string directory, MasterKeySource? key, int people)
    {
        await using SqliteGalleryStore store = await SqliteGalleryStore.OpenAsync(
            directory, null, Environment.ProcessorCount, context.Cancel, key);
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
