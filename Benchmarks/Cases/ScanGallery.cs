using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Modalities;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scan;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Benchmarks.Cases;

/// <summary>
/// A partition's table of any size and its scan on the calling thread: what a core does for a search, without queue,
/// scatter and gather. The people that are asked for are synthetic and enrolled once; everybody else shares the
/// fingers of a few hundred, in an order without pattern.
/// </summary>
internal sealed class ScanGallery
{
    public const string Gallery = "bench";

    private readonly SyntheticPopulation population = new(1);
    private readonly int[] fingers;
    private readonly int asked;
    private readonly EncounterRows[] strangers;
    private readonly Probe[] probes;
    private readonly ScanScratch scratch = new();
    private readonly Random random = new(11);
    private readonly GalleryTable table = new(MemoryBudget.Unlimited);
    private int enrolled;

    /// <param name="fingers">Standard codes of the fingers that everybody has.</param>
    /// <param name="asked">People who are searched for; as many probes.</param>
    /// <param name="distinct">People whose fingers the others share.</param>
    public ScanGallery(int[] fingers, int asked, int distinct)
    {
        this.fingers = fingers;
        this.asked = asked;
        strangers = [.. Enumerable.Range(asked, distinct).Select(Rows)];
        probes = [.. Enumerable.Range(0, asked).Select(i => ProbeBuilder.Build(Samples(i, 1)).Value!)];
        table.Apply(Enumerable.Range(0, asked).Select(i => Change(IdOf(i), Rows(i))));
    }

    /// <summary>What its searches ask for.</summary>
    public ScanAsked Asked { get; set; } = new(40);

    /// <summary>Number of identities.</summary>
    public long Count => table.Snapshot.Identities;

    /// <summary>Bytes a finger takes in segments and blocks, their free ends included.</summary>
    public double BytesPerFinger => table.Snapshot.Segments.Sum(view =>
        (double)view.Segment.Bytes + view.Segment.Fingers.Bytes) / table.Snapshot.FingerRows;

    /// <summary>Enrols people who are not searched for until there are this many people.</summary>
    public void Grow(int people)
    {
        while (Count < people)
        {
            EnrolStrangers((int)Math.Min(people - Count, 1000));
        }
    }

    public void EnrolStrangers(int count) => table.Apply(
        [.. Enumerable.Range(0, count).Select(_ =>
            Change($"stranger {enrolled++}", strangers[random.Next(strangers.Length)]))]);

    /// <summary>One pass for a batch of probes, the first of them for the person of a number.</summary>
    public ScanResult Scan(int first, int count, bool exhaustive = false)
    {
        Search[] searches =
        [
            .. Enumerable.Range(first, count).Select(i => SearchOf(i) with { Exhaustive = exhaustive }),
        ];
        return PartitionScan.Run(
            new SearchBatch(searches), table.Snapshot, table, SearchBudget.Of(TimeSpan.FromHours(1)), scratch);
    }

    /// <summary>People asked for that a pass for all of them finds, in batches.</summary>
    public ScanTotal ScanAll(int batch, bool exhaustive = false)
    {
        ScanTotal total = default;
        for (int i = 0; i < asked; i += batch)
        {
            int count = Math.Min(batch, asked - i);
            ScanResult result = Scan(i, count, exhaustive);
            for (int j = 0; j < count; j++)
            {
                total.Add(result.Results[j], IdOf(i + j));
            }
        }

        return total;
    }

    /// <summary>
    /// People asked for whom a search without a first stage finds: their comparison reaches the threshold, whoever else
    /// is enrolled.
    /// </summary>
    public int FoundByExhaustive() => Enumerable.Range(0, asked).Count(i => PartitionScan.Run(
        new SearchBatch([SearchOf(i) with { OnlyPerson = IdOf(i) }]), table.Snapshot, table,
        SearchBudget.Of(TimeSpan.FromHours(1)), scratch).Results[0].Hits.Count > 0);

    private Search SearchOf(int person) => new()
    {
        Probe = probes[person % asked],
        Gallery = Gallery,
        Threshold = Asked.Threshold,
        TargetFpir = Asked.TargetFpir,
        MaxCandidates = 10,
    };

    private string IdOf(int person) => population.Person(person).PersonId;

    private IReadOnlyList<Sample> Samples(int person, int impression) =>
        [.. fingers.Select(code => SyntheticEncounters.Finger(population.Person(person).Finger(code, impression)))];

    private EncounterRows Rows(int person) => EncounterRows.Build(Samples(person, 0)).Value!;

    /// <summary>The enrolment of a person with rows of fingers.</summary>
    public static TableChange Change(string person, EncounterRows rows) => new(
        person,
        "1",
        new Encounter
        {
            PersonId = person,
            EncounterId = "1",
            RecordId = Guid.Empty,
            Status = EncounterStatus.Active,
            EncounterType = "benchmark",
            Galleries = [Gallery],
            Created = DateTimeOffset.UnixEpoch,
            Updated = DateTimeOffset.UnixEpoch,
            Samples = [],
        },
        rows);
}

/// <summary>What a search asks for.</summary>
/// <param name="Threshold">-10 log10 FMR.</param>
/// <param name="TargetFpir">The FPIR that makes the threshold; null where the threshold is asked for.</param>
internal sealed record ScanAsked(double Threshold, double? TargetFpir = null);

/// <summary>What scans found.</summary>
internal struct ScanTotal
{
    public ResultHash Hash;

    public int Found;

    public int Asked;

    public FirstStage? Stage;

    public readonly double Penetration => Stage?.Penetration ?? 1;

    public void Add(SearchHits hits, string person)
    {
        Asked++;
        Found += hits.Hits.Any(hit => hit.PersonId == person) ? 1 : 0;
        Stage = FirstStage.Add(Stage, hits.FirstStage);
        foreach (Hit hit in hits.Hits)
        {
            Hash.Add(hit.PersonId);
            Hash.AddExactly(hit.Score);
        }
    }
}
