using System.Diagnostics;
using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching;
using MatchCluster.Matching.Modalities;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Benchmarks.Cases;

/// <summary>
/// Fast against exact searches by eyes, from templates through scatter, scan and gather: galleries of eyes alone and of
/// fingers and eyes, by size and threshold. The two are asked in turns, so that what neighbours on the machine take
/// falls on both; the best turn of each counts.
/// </summary>
internal sealed class ServedFastBenchmark : IBenchmark
{
    /// <summary>People of a mixed gallery with ten fingers; those after them have two, so that memory holds.</summary>
    private const int WithTenFingers = 20_000;

    private const int MostMixed = 200_000;
    private const int Asked = 8;
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(20);
    private static readonly int[] Sizes = [2_000, 20_000, 200_000, 1_000_000];
    private static readonly double?[] Thresholds = [20, 30, 40, 50, 60, 70, 80, 100, 120, null];

    public string Name => "served-fast";

    public string Description => "Fast against exact searches by eyes through the engine, in turns (--people N).";

    public async Task RunAsync(BenchmarkContext context)
    {
        int people = context.People(200_000, 160);
        await RunAsync(context, people, mixed: false);
        await RunAsync(context, Math.Min(people, MostMixed), mixed: true);
    }

    private static async Task RunAsync(BenchmarkContext context, int people, bool mixed)
    {
        var population = new SyntheticPopulation(1);
        await using var store = new MemoryGalleryStore(Environment.ProcessorCount);
        await using MatchEngine engine = MatchEngine.Open(store, new MatchEngineOptions());
        await engine.Loaded;
        var root = new SearchRoot(engine, TimeProvider.System);
        int enrolled = 0;
        foreach (int size in Sizes.Where(size => size < people).Append(people))
        {
            int before = enrolled;
            await SyntheticEncounters.EnrolAsync(context, new EncounterRoot(engine), size - before, i =>
                SyntheticEncounters.Of(population, before + i, !mixed ? 0 : before + i < WithTenFingers ? 10 : 2));
            enrolled = size;
            foreach (int eyes in new[] { 1, 2 })
            {
                string name = $"{size:#,0} people{(mixed ? " with fingers" : "")}, "
                    + (eyes == 1 ? "one eye" : "two eyes");
                Question[] questions = Questions(context, population, size, eyes);
                if (before == 0)
                {
                    await WarmUpAsync(context, root, questions);
                }

                foreach (double? threshold in Thresholds)
                {
                    string at = threshold is { } score ? $"threshold {score}" : "FPIR 1 %";
                    await MeasureAsync(context, root, $"{name}, {at}", questions, threshold, together: 1);
                }

                await MeasureAsync(context, root, $"{name}, FPIR 1 %, batch {Asked}", questions, null, Asked);
            }
        }
    }

    /// <summary>Mated and non-mated in turn, in the templates that a caller sends.</summary>
    private static Question[] Questions(
        BenchmarkContext context, SyntheticPopulation population, int people, int eyes) =>
    [
        .. Enumerable.Range(0, context.Size(Asked, 2)).Select(i =>
        {
            SyntheticPerson person = population.Person(i % 2 == 0 ? i * (people / Asked) : people + i);
            return new Question(
                SyntheticEncounters.Samples(person, 1, 0, eyes), i % 2 == 0 ? person.PersonId : null);
        }),
    ];

    /// <summary>Every path until the JIT has reached its last tier; its own work is process time too.</summary>
    private static async Task WarmUpAsync(BenchmarkContext context, SearchRoot root, Question[] questions)
    {
        long start = Stopwatch.GetTimestamp();
        do
        {
            foreach (double? threshold in Thresholds)
            {
                await AskAsync(context, root, questions, threshold, 1, fast: false);
                await AskAsync(context, root, questions, threshold, 1, fast: true);
            }
        }
        while (Stopwatch.GetElapsedTime(start) < 15 * context.Budget);
    }

    private static async Task MeasureAsync(
        BenchmarkContext context, SearchRoot root, string name, Question[] questions, double? threshold, int together)
    {
        context.Progress($"served-fast: {name}");
        Found exact = await AskAsync(context, root, questions, threshold, together, fast: false);
        Found fast = await AskAsync(context, root, questions, threshold, together, fast: true);
        context.MustHold($"{name}: a fast search finds the mates that an exact one finds", fast.Mates == exact.Mates);
        context.MustHold($"{name}: an exact search does not call itself sampled", exact.Sampled == 0);
        if (fast.Sampled == 0)
        {
            context.MustEqual($"{name}: a fast search that says it was exact", exact.Hash, fast.Hash);
        }

        List<double> exactly = [];
        List<double> sampled = [];
        long start = Stopwatch.GetTimestamp();
        do
        {
            exactly.Add(await MillisecondsAsync(context, root, questions, threshold, together, fast: false));
            sampled.Add(await MillisecondsAsync(context, root, questions, threshold, together, fast: true));
        }
        while (Stopwatch.GetElapsedTime(start) < context.Budget);

        exactly.Sort();
        sampled.Sort();
        int turns = exactly.Count;
        const string Clock = "process-cpu";
        context.Add(name, "exact_ms", exactly[0], "ms", Clock, exact.Hash.Hex, exactly[turns / 2], turns);
        context.Add(name, "fast_ms", sampled[0], "ms", Clock, fast.Hash.Hex, sampled[turns / 2], turns);
        context.Add(
            name, "fast_to_exact", sampled[0] / exactly[0], "1", Clock, null, sampled[turns / 2] / exactly[turns / 2],
            turns);
        context.Add(name, "searches_sampled", fast.Sampled / (double)questions.Length, "1", "none", fast.Hash.Hex);
    }

    /// <summary>CPU time of the process for one search.</summary>
    private static async Task<double> MillisecondsAsync(
        BenchmarkContext context, SearchRoot root, Question[] questions, double? threshold, int together, bool fast)
    {
        int passes = 0;
        TimeSpan before = Environment.CpuUsage.TotalTime;
        long start = Stopwatch.GetTimestamp();
        do
        {
            await AskAsync(context, root, questions, threshold, together, fast);
            passes++;
        }
        while (!context.Smoke && Stopwatch.GetElapsedTime(start) < Turn);

        // A clock that did not move would make a ratio of nothing.
        double spent = Math.Max((Environment.CpuUsage.TotalTime - before).TotalMilliseconds, 1e-3);
        return spent / passes / questions.Length;
    }

    /// <summary>Asks all of them; each probe is prepared for its search, as a server does.</summary>
    private static async Task<Found> AskAsync(
        BenchmarkContext context, SearchRoot root, Question[] questions, double? threshold, int together, bool fast)
    {
        Found found = default;
        foreach (Question[] batch in questions.Chunk(together))
        {
            IReadOnlyList<IdentifyAnswer> answers = await root.IdentifyAsync(
                [.. batch.Select(question => new IdentifyRequest
                {
                    Probe = ProbeBuilder.Build(question.Samples).Value!,
                    Gallery = SyntheticEncounters.Gallery,
                    Threshold = threshold,
                    FastIrises = fast,
                })],
                SearchBudget.Of(Limits.LongestDeadline, context.Cancel));
            for (int i = 0; i < batch.Length; i++)
            {
                found.Add(context, batch[i], answers[i]);
            }
        }

        return found;
    }

    /// <param name="Samples">Samples of the probe.</param>
    /// <param name="Person">Who must be found; null where nobody must.</param>
    private sealed record Question(IReadOnlyList<Sample> Samples, string? Person);

    private struct Found
    {
        public ResultHash Hash;
        public int Mates;
        public int Sampled;

        public void Add(BenchmarkContext context, Question question, IdentifyAnswer answer)
        {
            context.MustHold("every answer is complete", answer.Coverage.IsComplete);
            Mates += answer.Candidates.Any(candidate => candidate.PersonId == question.Person) ? 1 : 0;
            Sampled += answer.Fast is null ? 0 : 1;
            foreach (Candidate candidate in answer.Candidates)
            {
                Hash.Add(candidate.PersonId);
                Hash.AddExactly(candidate.Score);
            }

            Hash.Add(answer.Candidates.Count);
        }
    }
}
