using MatchCluster.Benchmarks.Accuracy;
using MatchCluster.Benchmarks.Cases;
using MatchCluster.Matching;
using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Modalities;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scan;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Benchmarks.Recall;

/// <summary>
/// People who do not exist, each with fingers of their own, in a table for each core; all cores search at once. Person
/// i is made from i alone, so that captures of anybody, enrolled or not, can be had at any time.
/// </summary>
internal sealed class GeneratedGallery
{
    private const int EnrolTogether = 500;

    /// <summary>People worth a core of their own; few in a table have no first stage.</summary>
    private const int LeastOfTable = 2000;

    /// <summary>Standard codes in the order in which probes bring them.</summary>
    private static readonly int[] Order = [2, 7, 1, 6];

    private readonly SyntheticPopulation population = new(1);
    private readonly GalleryTable[] tables;
    private readonly ScanScratch[] scratches;

    /// <param name="people">How many are enrolled: 0, 1 ...</param>
    /// <param name="fingers">Fingers of each of them, 1..<see cref="MostFingers"/>.</param>
    /// <param name="progress">Takes a line now and then.</param>
    public GeneratedGallery(int people, int fingers, Action<string> progress)
    {
        People = people;
        Fingers = fingers;
        int cores = Math.Clamp(people / LeastOfTable, 1, Environment.ProcessorCount);
        tables = [.. Enumerable.Range(0, cores).Select(_ => new GalleryTable(MemoryBudget.Unlimited))];
        scratches = [.. tables.Select(_ => new ScanScratch())];
        OnEveryCore(core =>
        {
            Fill(core, core == 0 ? progress : _ => { });
            return true;
        });
    }

    public static int MostFingers => Order.Length;

    public int People { get; }

    public int Fingers { get; }

    public string IdOf(int person) => population.Person(person).PersonId;

    /// <summary>
    /// A later capture of a person's first fingers, without a share of their minutiae; null where too few are left to
    /// be compared.
    /// </summary>
    public Probe? ProbeOf(int person, int fingers, double thinned) => ProbeBuilder.Build(
    [
        .. Order.Take(fingers).Select(code =>
        {
            FingerView view = population.Person(person).Finger(code, 1);
            return SyntheticEncounters.Finger(
                thinned == 0 ? view : ViewCuts.Thinned(view, (Order.Length * person) + code, thinned));
        }),
    ]).Value;

    /// <summary>What a search of everybody answers to each probe, best first, and what its first stage did.</summary>
    public (IReadOnlyList<Hit> Hits, FirstStage? Stage)[] Search(Probe[] probes, double threshold, bool exhaustive)
    {
        var batch = new SearchBatch([.. probes.Select(probe => SearchOf(probe, threshold, exhaustive))]);
        ScanResult[] found = OnEveryCore(core => Scan(tables[core], batch, scratches[core]));
        return
        [
            .. probes.Select((_, i) => (
                Hits: (IReadOnlyList<Hit>)
                [
                    .. SearchRanking.Ordered(found.SelectMany(part => part.Results[i].Hits))
                        .Take(Limits.CandidatesPerSearch),
                ],
                Stage: found.Select(part => part.Results[i].FirstStage).Aggregate(FirstStage.Add))),
        ];
    }

    /// <summary>
    /// What an exhaustive search makes of one enrolled person: the score does not depend on who else is there; null
    /// below the threshold.
    /// </summary>
    public double? ScoreOf(int person, Probe probe, double threshold)
    {
        var alone = new GalleryTable(MemoryBudget.Unlimited);
        alone.Apply([Change(person)]);
        SearchHits found =
            Scan(alone, new SearchBatch([SearchOf(probe, threshold, exhaustive: true)]), scratches[0]).Results[0];
        return found.Hits.Count > 0 ? found.Hits[0].Score : null;
    }

    private static Search SearchOf(Probe probe, double threshold, bool exhaustive) => new()
    {
        Probe = probe,
        Gallery = ScanGallery.Gallery,
        Threshold = threshold,
        MaxCandidates = Limits.CandidatesPerSearch,
        Exhaustive = exhaustive,
    };

    private static ScanResult Scan(GalleryTable table, SearchBatch batch, ScanScratch scratch)
    {
        ScanResult found =
            PartitionScan.Run(batch, table.Snapshot, table, SearchBudget.Of(TimeSpan.FromHours(10)), scratch);
        return found.IdentitiesSearched == table.Snapshot.Identities
            ? found
            : throw new InvalidOperationException(
                $"searched {found.IdentitiesSearched} of {table.Snapshot.Identities}: the budget was spent");
    }

    private void Fill(int core, Action<string> progress)
    {
        int[] mine = [.. Enumerable.Range(0, People).Where(person => person % tables.Length == core)];
        int done = 0;
        foreach (int[] some in mine.Chunk(EnrolTogether))
        {
            tables[core].Apply([.. some.Select(Change)]);
            done += some.Length;
            if (done % (50 * EnrolTogether) == 0)
            {
                progress($"enrolled about {(long)done * tables.Length:#,0} of {People:#,0}");
            }
        }
    }

    private TableChange Change(int person) => ScanGallery.Change(
        IdOf(person),
        EncounterRows.Build([.. Order.Take(Fingers)
            .Select(code => SyntheticEncounters.Finger(population.Person(person).Finger(code, 0)))]).Value!);

    /// <summary>Work for each core on a thread of its own.</summary>
    private T[] OnEveryCore<T>(Func<int, T> work)
    {
        Task<T>[] all =
        [
            .. Enumerable.Range(0, tables.Length).Select(core => Task.Factory.StartNew(
                () => work(core), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)),
        ];
        return Task.WhenAll(all).GetAwaiter().GetResult();
    }
}
