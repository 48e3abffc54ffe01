using System.Diagnostics;
using MatchCluster.Benchmarks.Cases;
using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Benchmarks.Cluster;

/// <summary>
/// What distribution costs: one gallery in this process and on one, two and three silos (real processes, real
/// Redis) on the same cores, asked in turn by the same search root, so that a noisy machine is noisy for
/// both. Then what it is there for: enrolments, a silo that joins, a silo that is killed.
/// </summary>
internal sealed class ClusterIdentifyBenchmark : IBenchmark
{
    private const int Partitions = 4;
    private const int MostSilos = 3;
    private const int Together = 8;
    private const double TargetFpir = 0.01;
    private const string EnrolGallery = "enrolled";

    public string Name => "cluster-identify";

    public string Description =>
        "Identification over 1, 2 and 3 silos against embedded; enrolment, join, kill (--people N, irises).";

    public async Task RunAsync(BenchmarkContext context)
    {
        if (!ProgramProcess.Finds("redis-server"))
        {
            context.Progress("cluster-identify: skipped, no redis-server on the PATH");
            return;
        }

        int people = context.People(200_000, 40);
        SyntheticPopulation population = new(1);
        using TemporaryFolder folder = new(context.Data);
        await using RunningCluster cluster = await RunningCluster.StartAsync(folder.Folder, Partitions, context.Cancel);
        await using MatchEngine engine = MatchEngine.Open(cluster.Store, new MatchEngineOptions());
        await engine.Loaded;
        EncounterRoot embedded = new(engine);
        await SyntheticEncounters.EnrolAsync(
            context, embedded, people, i => SyntheticEncounters.Of(population, i, fingers: 0));
        await EnrolmentsAsync(context, embedded, $"{people} people, embedded", population, people, 0);

        // One threshold for both sides, and given: their stores grow apart by the enrolments of each turn.
        double threshold = Fpir.ThresholdFor(TargetFpir, people);
        AskedProbe[] probes =
        [
            .. AskedProbe.Make(context, population, people, 0, 2).Select(
                probe => probe with { Request = probe.Request with { Threshold = threshold } }),
        ];
        SearchRoot local = new(engine, TimeProvider.System);
        for (int silos = 1; silos <= MostSilos; silos++)
        {
            context.Progress($"cluster-identify: {silos} silos");
            int threads = Math.Max(1, Environment.ProcessorCount / silos);
            await cluster.AddSiloAsync(threads, context.Cancel);
            await CompareAsync(context, local, cluster, $"{people} people", silos, probes);
            await EnrolmentsAsync(
                context, new EncounterRoot(cluster.Directory), $"{people} people, {silos} silos", population, people,
                silos);
        }

        await LossAsync(context, cluster, $"{people} people, {MostSilos} silos", probes);
    }

    /// <summary>Passes of both in turn; the figures of each from its own passes.</summary>
    private static async Task CompareAsync(
        BenchmarkContext context, SearchRoot local, RunningCluster cluster, string people, int silos,
        AskedProbe[] probes)
    {
        SearchRoot remote = new(cluster.Directory, TimeProvider.System);
        string embedded = $"{people}, embedded beside {silos} silos";
        string scattered = $"{people}, {silos} silos";
        (SearchRoot Root, string Case, List<double> Single, List<double> Batches)[] sides =
            [(local, embedded, [], []), (remote, scattered, [], [])];
        TimeSpan[] cpu = new TimeSpan[sides.Length];
        FoundPeople[] found = new FoundPeople[sides.Length];
        long start = Stopwatch.GetTimestamp();

        // A silo that has just started runs code that is compiled in a hurry; it is compiled well after some searches.
        do
        {
            foreach ((SearchRoot root, _, _, _) in sides)
            {
                await AskedProbe.AskAsync(context, root, probes, 1, []);
                await AskedProbe.AskAsync(context, root, probes, Together, []);
            }
        }
        while (Stopwatch.GetElapsedTime(start) < 4 * context.Budget);

        start = Stopwatch.GetTimestamp();
        do
        {
            for (int side = 0; side < sides.Length; side++)
            {
                (SearchRoot root, _, List<double> single, List<double> batches) = sides[side];
                TimeSpan before = cluster.Cpu;
                found[side] = await AskedProbe.AskAsync(context, root, probes, 1, single);
                cpu[side] += cluster.Cpu - before;
                FoundPeople together = await AskedProbe.AskAsync(context, root, probes, Together, batches);
                context.MustEqual($"{sides[side].Case}: {Together} together", found[side].Hash, together.Hash);
            }
        }
        while (Stopwatch.GetElapsedTime(start) < 4 * context.Budget);

        context.MustEqual($"{scattered} against embedded", found[0].Hash, found[1].Hash);
        for (int side = 0; side < sides.Length; side++)
        {
            (_, string name, List<double> single, List<double> batches) = sides[side];
            int passes = single.Count / probes.Length;
            context.Add(
                name, "cpu_ms_per_search", cpu[side].TotalMilliseconds / single.Count, "ms", "process-cpu",
                rounds: passes);
            single.Sort();
            batches.Sort();
            context.Add(name, "p50_ms", AskedProbe.At(single, 0.5), "ms", "wall", found[0].Hash.Hex, rounds: passes);
            context.Add(name, "p99_ms", AskedProbe.At(single, 0.99), "ms", "wall", found[0].Hash.Hex, rounds: passes);
            context.Add(
                name, $"searches_per_s_batch_{Together}", Together * 1000 / AskedProbe.At(batches, 0.5), "1/s", "wall",
                rounds: passes);
        }

        context.Add(
            scattered, "added_p50_ms", AskedProbe.At(sides[1].Single, 0.5) - AskedProbe.At(sides[0].Single, 0.5), "ms",
            "wall");
        context.Add(scattered, "cpu_ratio", cpu[1] / cpu[0], "1", "process-cpu");
        context.Add(
            scattered, "throughput_ratio",
            AskedProbe.At(sides[0].Batches, 0.5) / AskedProbe.At(sides[1].Batches, 0.5), "1", "wall");
    }

    private static async Task EnrolmentsAsync(
        BenchmarkContext context, EncounterRoot root, string name, SyntheticPopulation population, int people, int turn)
    {
        int count = context.Size(10_000, 20);
        int first = (2 * people) + (turn * count);
        long start = Stopwatch.GetTimestamp();
        await SyntheticEncounters.EnrolAsync(
            context, root, count,
            i => SyntheticEncounters.Of(population, first + i, fingers: 0, gallery: EnrolGallery));
        context.Add(name, "enrolments_per_s", count / Stopwatch.GetElapsedTime(start).TotalSeconds, "1/s", "wall");
    }

    /// <summary>Kills the last silo under searches and starts it again; both until its share is back.</summary>
    private static async Task LossAsync(
        BenchmarkContext context, RunningCluster cluster, string name, AskedProbe[] probes)
    {
        int lost = cluster.OwnedByLast;
        IdentifyRequest request = probes[0].Request;
        SearchRoot root = new(cluster.Directory, TimeProvider.System);
        long start = Stopwatch.GetTimestamp();
        cluster.KillLast();
        (int partial, double longest) = (0, 0);
        while (true)
        {
            long asked = Stopwatch.GetTimestamp();
            IdentifyAnswer answer = (await root.IdentifyAsync(
                [request], SearchBudget.Of(TimeSpan.FromSeconds(10), context.Cancel)))[0];
            longest = Math.Max(longest, Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
            if (answer.Coverage.IsComplete && cluster.IsLastGone)
            {
                break;
            }

            partial += answer.Coverage.IsComplete ? 0 : 1;
        }

        context.Add(name, "killed_partitions", lost, "1", "none");
        context.Add(name, "killed_complete_again_s", Stopwatch.GetElapsedTime(start).TotalSeconds, "s", "wall");
        context.Add(name, "killed_partial_answers", partial, "1", "none");
        context.Add(name, "killed_longest_search_ms", longest, "ms", "wall");

        start = Stopwatch.GetTimestamp();
        Task joining = cluster.AddSiloAsync(1, context.Cancel);
        (int answers, int cut) = (0, 0);
        while (!joining.IsCompleted)
        {
            IdentifyAnswer answer = (await root.IdentifyAsync(
                [request], SearchBudget.Of(TimeSpan.FromSeconds(10), context.Cancel)))[0];
            answers++;
            cut += answer.Coverage.IsComplete ? 0 : 1;
        }

        await joining;
        context.Add(name, "joined_share_moved_s", Stopwatch.GetElapsedTime(start).TotalSeconds, "s", "wall");
        context.Add(name, "joined_answers", answers, "1", "none");
        context.Add(name, "joined_partial_answers", cut, "1", "none");
        context.MustHold("a silo that joins costs no partial answer", cut == 0);
    }
}
