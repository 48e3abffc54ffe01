using MatchCluster.Benchmarks.Cases;
using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching;
using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scan;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Benchmarks.Served;

/// <summary>
/// One gallery twice: in a data directory, from which a server serves it, and in the memory of this process, where its
/// kernels are run on the calling thread without anything around them.
/// </summary>
internal sealed class ServedGallery
{
    private const int Together = 200;

    private readonly GalleryTable table = new(MemoryBudget.Unlimited);
    private readonly ScanScratch scratch = new();

    /// <summary>Number of identities.</summary>
    public long Count => table.Snapshot.Identities;

    /// <summary>Enrols people in both places; the directory is left with its rows, closed.</summary>
    public static async Task<ServedGallery> MakeAsync(
        SyntheticPopulation population, int people, int fingers, string directory, Action<string> progress,
        CancellationToken cancel)
    {
        ServedGallery gallery = new();
        await using SqliteGalleryStore store = await SqliteGalleryStore.OpenAsync(
            directory, Environment.ProcessorCount, Environment.ProcessorCount, cancel);
        await using MatchEngine engine = MatchEngine.Open(
            store, new MatchEngineOptions { ImageDirectory = directory });
        await engine.Loaded;
        EncounterRoot root = new(engine);
        for (int done = 0; done < people; done += Together)
        {
            int first = done;
            var encounters = new Encounter[Math.Min(Together, people - done)];
            var rows = new TableChange[encounters.Length];
            Parallel.For(0, encounters.Length, i =>
            {
                encounters[i] = SyntheticEncounters.Of(population, first + i, fingers);
                rows[i] = new TableChange(
                    encounters[i].PersonId, encounters[i].EncounterId, encounters[i] with { Samples = [] },
                    EncounterRows.Build(encounters[i].Samples).Value!);
            });
            IReadOnlyList<WriteResult> results = await root.ApplyAsync(
                [.. encounters.Select(encounter => new Write.Create(encounter))],
                SearchBudget.Of(Limits.LongestDeadline, cancel));
            if (!results.All(result => result.IsApplied))
            {
                throw new IOException($"{directory}: an enrolment was not applied");
            }

            gallery.table.Apply(rows);
            progress($"served: enrolled {done + encounters.Length} of {people}");
        }

        return gallery;
    }

    /// <summary>CPU seconds of the calling thread for one pass of the kernels for each question.</summary>
    public double Seconds(IReadOnlyList<ServedQuestion> questions, ServedAsked asked)
    {
        double before = ThreadClock.Seconds();
        foreach (ServedQuestion question in questions)
        {
            Scan(question, asked);
        }

        return ThreadClock.Seconds() - before;
    }

    /// <summary>Whom a pass of the kernels finds for each question, the best of each.</summary>
    public IReadOnlyList<string?> Found(IReadOnlyList<ServedQuestion> questions, ServedAsked asked) =>
    [
        .. questions.Select(
            question => Scan(question, asked).Results[0].Hits is [var best, ..] ? best.PersonId : null),
    ];

    private ScanResult Scan(ServedQuestion question, ServedAsked asked) => PartitionScan.Run(
        new SearchBatch(
        [
            new Search
            {
                Probe = question.Probe,
                Gallery = SyntheticEncounters.Gallery,
                Threshold = asked.Threshold ?? 0,
                TargetFpir = asked.Threshold is null ? 0.01 : null,
                MaxCandidates = 10,
                FastIrises = asked.IsFast,
            },
        ]),
        table.Snapshot, table, SearchBudget.Of(TimeSpan.FromHours(1)), scratch);
}

/// <summary>What is asked beside the probe.</summary>
/// <param name="Threshold">-10 log10 FMR; null asks for an FPIR of 1 %.</param>
/// <param name="IsFast">Irises are sampled first.</param>
internal sealed record ServedAsked(double? Threshold, bool IsFast);
