using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scan;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Templates;
using MatchCluster.Matching.Tests.Fingers;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Matching.Tests.Scan;

/// <summary>
/// Templates that no sensor makes, on both sides of a whole search with its first stage: nobody is found by them, a
/// person among them is, and the work stays what the number of rows allows.
/// </summary>
public sealed class BadFingerSearchTests
{
    private const int Strangers = 300;

    private static readonly FingerView[] Bad =
    [
        Of(0), Of(1), Of(2), Of(3), Of(255),
        Heap(2), Heap(255), Grid(), Corners(),
    ];

    private static readonly EncounterRows[] Rows =
        [.. Enumerable.Range(100, 20).Select(person => EncounterRows.Build(Samples(person, [2], [], 0)).Value!)];

    private readonly GalleryTable table = new(MemoryBudget.Unlimited);

    [Fact]
    public void Bad_probes_find_nobody_among_people_in_no_more_comparisons_than_there_are_rows()
    {
        table.Apply([.. Enumerable.Range(0, Strangers).Select(i => Put($"stranger {i}", Rows[i % Rows.Length]))]);

        ScanResult result = Scan([.. Bad.Select(view => new Probe(
            [new FingerProbe(view.Position, FingerTemplate.Prepare(view))], []))]);

        Assert.Equal(Strangers, result.IdentitiesSearched);
        Assert.All(result.Results, found => Assert.Empty(found.Hits));
        Assert.All(result.Results, found => Assert.InRange(found.FirstStage?.Passed ?? 0, 0, Strangers));
        Assert.InRange(result.Comparisons, 0, Bad.Length * Strangers);
    }

    [Fact]
    public void A_person_is_found_among_bad_rows_and_they_are_not()
    {
        table.Apply(
        [
            .. Enumerable.Range(0, Strangers).Select(i => Put($"bad {i}", RowsOf(Bad[i % Bad.Length]))),
            Put(IdOf(0), EncounterRows.Build(Samples(0, [2], [], 0)).Value!),
        ]);

        ScanResult result = Scan([ProbeOf(0)]);

        Assert.Equal(Strangers + 1, result.IdentitiesSearched);
        Assert.Equal(IdOf(0), Assert.Single(result.Results[0].Hits).PersonId);
        Assert.InRange(result.Comparisons, 1, Strangers + 1);
    }

    private ScanResult Scan(Probe[] probes) => PartitionScan.Run(
        new SearchBatch([.. probes.Select(probe =>
            new Search { Probe = probe, Gallery = "G", Threshold = 40, MaxCandidates = 5 })]),
        table.Snapshot, table, SearchBudget.Of(TimeSpan.FromMinutes(1)), new ScanScratch());

    private static FingerView Of(int minutiae) => RandomFingers.View(new(minutiae), minutiae);

    private static FingerView Heap(int minutiae) => RandomFingers.ViewOf(
        [.. Enumerable.Repeat(new Minutia(100, 100, 1000, 80, MinutiaKind.RidgeEnding), minutiae)]);

    /// <summary>Everything is near everything.</summary>
    private static FingerView Grid() => RandomFingers.ViewOf([.. Enumerable.Range(0, 255).Select(i => new Minutia(
        (ushort)(100 + (i % 16)), (ushort)(100 + (i / 16)), 0, 100, MinutiaKind.Other))]);

    /// <summary>At the ends of the coordinates.</summary>
    private static FingerView Corners() => RandomFingers.ViewOf(
        [.. Enumerable.Range(0, 255).Select(i => new Minutia(
            (ushort)(i % 2 * 16383), (ushort)(i / 2 % 2 * 16383), (ushort)i, 100, MinutiaKind.Other))],
        resolution: 1) with
    {
        Width = 16384,
        Height = 16384,
    };

    private static TableChange Put(string person, EncounterRows rows) =>
        new(person, "E1", EncounterOf(0) with { PersonId = person }, rows);

    private static EncounterRows RowsOf(FingerView view) => EncounterRows.Build(
    [
        new Sample
        {
            Position = view.Position,
            Format = TemplateFormat.Iso19794v2005,
            Template = FingerRecords.Encode(TemplateFormat.Iso19794v2005, [view]),
        },
    ]).Value!;
}
