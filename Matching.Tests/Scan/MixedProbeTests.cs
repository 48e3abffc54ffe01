using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scan;
using MatchCluster.Matching.Seam;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Matching.Tests.Scan;

/// <summary>
/// Probes of fingers and irises: fingers choose by their first stage, irises by their blocks, and whoever either
/// chooses is scored by both.
/// </summary>
public sealed class MixedProbeTests
{
    private const int NonMatedDistances = 600;
    private static readonly int[] Fingers = [2, 7];
    private static readonly int[] Eyes = [1, 2];
    private static readonly GalleryTable Table = Fill();

    [Theory]
    [InlineData(40)]
    [InlineData(70)]
    public void Few_are_visited_and_those_found_are_those_of_an_exhaustive_search(double threshold)
    {
        Search[] searches = [.. Enumerable.Range(0, 5).Select(person => new Search
        {
            Probe = ProbeOf(person, Fingers, Eyes),
            Gallery = "G",
            Threshold = threshold,
            MaxCandidates = 5,
        })];

        ScanResult proposed = Scan(searches);
        ScanResult exhaustive = Scan([.. searches.Select(search => search with { Exhaustive = true })]);

        for (int i = 0; i < searches.Length; i++)
        {
            Assert.Equal(i == 4 ? 0 : 1, exhaustive.Results[i].Hits.Count);
            Assert.Equal(
                exhaustive.Results[i].Hits.Select(hit => (hit.PersonId, hit.Score)),
                proposed.Results[i].Hits.Select(hit => (hit.PersonId, hit.Score)));
            Assert.Equal(
                exhaustive.Results[i].Hits.SelectMany(hit => hit.Details),
                proposed.Results[i].Hits.SelectMany(hit => hit.Details));
            FirstStage stage = proposed.Results[i].FirstStage!;
            Assert.InRange(stage.Passed, exhaustive.Results[i].Hits.Count, stage.Encounters / 3);
            Assert.Equal(0, stage.Missed);
        }
    }

    [Fact]
    public void At_a_threshold_that_anybody_reaches_everybody_with_an_iris_is_visited()
    {
        Search search = new()
        {
            Probe = ProbeOf(0, Fingers, Eyes),
            Gallery = "G",
            Threshold = 0,
            MaxCandidates = 1000,
        };

        SearchHits found = Scan([search]).Results[0];

        Assert.Equal(Table.Snapshot.Identities, found.Hits.Count);
        // One encounter has no iris.
        Assert.InRange(found.FirstStage!.Passed, found.FirstStage.Encounters - 1, found.FirstStage.Encounters);
    }

    private static ScanResult Scan(Search[] searches) => PartitionScan.Run(
        new SearchBatch(searches), Table.Snapshot, Table, SearchBudget.Of(TimeSpan.FromMinutes(1)), new ScanScratch());

    /// <summary>
    /// Among many: who has both, who has their fingers with another's eyes, their eyes with another's fingers, and
    /// fingers and eyes in two encounters.
    /// </summary>
    private static GalleryTable Fill()
    {
        GalleryTable table = new(MemoryBudget.Unlimited);
        EncounterRows[] some = [.. Enumerable.Range(100, 24).Select(i => EncounterRows.Build(Both(i, i)).Value!)];
        List<TableChange> changes =
            [.. Enumerable.Range(0, NonMatedDistances).Select(i => Put($"stranger {i}", "E1", some[i % some.Length]))];
        Add(71, 0, "E1", Both(0, 0));
        Add(140, 1, "E1", Both(1, 201));
        Add(250, 2, "E1", Both(202, 2));
        Add(333, 3, "E1", Samples(3, Fingers, [], 0));
        Add(420, 3, "E2", Samples(3, [], Eyes, 0));
        table.Apply(changes);
        return table;

        void Add(int at, int person, string encounter, IReadOnlyList<Sample> samples) =>
            changes.Insert(at, Put(IdOf(person), encounter, EncounterRows.Build(samples).Value!));
    }

    private static IReadOnlyList<Sample> Both(int fingers, int eyes) =>
        [.. Samples(fingers, Fingers, [], 0), .. Samples(eyes, [], Eyes, 0)];

    private static TableChange Put(string person, string encounter, EncounterRows rows) => new(
        person, encounter, EncounterOf(0, encounter) with { PersonId = person, EncounterId = encounter }, rows);
}
