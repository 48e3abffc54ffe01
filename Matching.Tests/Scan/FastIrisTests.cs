using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scan;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Templates;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Matching.Tests.Scan;

/// <summary>Irises that pass a sampled first stage: what it passes on, what it says, what it never changes.</summary>
public sealed class FastIrisTests
{
    private const int People = 500;
    private static readonly int[] Eyes = [1, 2];
    private static readonly GalleryTable Table = Fill();

    [Theory]
    [InlineData(80)]
    [InlineData(100)]
    public void Who_is_found_is_who_an_exact_search_finds_and_few_are_visited(double threshold)
    {
        Search[] searches = [.. Enumerable.Range(0, 20).Select(i => new Search
        {
            Probe = ProbeOf(i * 31, [], i % 3 == 0 ? Eyes : [1 + (i % 2)]),
            Gallery = "G",
            Threshold = threshold,
            MaxCandidates = 10,
            FastIrises = true,
        })];

        ScanResult fast = Scan(searches);
        ScanResult exact = Scan([.. searches.Select(search => search with { FastIrises = false })]);

        Assert.Equal(Table.Snapshot.Identities, fast.IdentitiesSearched);
        Assert.Equal(exact.Comparisons, fast.Comparisons, exact.Comparisons / 10);
        for (int i = 0; i < searches.Length; i++)
        {
            Assert.Null(exact.Results[i].FirstStage);
            Assert.Equal(
                exact.Results[i].Hits.Select(hit => (hit.PersonId, hit.Score)),
                fast.Results[i].Hits.Select(hit => (hit.PersonId, hit.Score)));
            Assert.Equal(
                exact.Results[i].Hits.SelectMany(hit => hit.Details),
                fast.Results[i].Hits.SelectMany(hit => hit.Details));
            FirstStage stage = fast.Results[i].FirstStage!;
            Assert.Equal(People, stage.Encounters);
            Assert.Equal(People * searches[i].Probe.Irises.Count, stage.Comparisons);
            Assert.InRange(stage.Penetration, 0, 0.05);
            Assert.Equal(stage.Comparisons, fast.Results[i].SampledEyes);
            Assert.Equal(0, stage.Missed);
        }

        // The mated persons are there: the test compares more than empty lists.
        Assert.True(exact.Results.Count(found => found.Hits.Count > 0) > 10);
    }

    [Fact]
    public void Who_is_passed_over_is_audited_now_and_then()
    {
        Search[] searches = [.. Enumerable.Range(0, 40).Select(i => new Search
        {
            Probe = ProbeOf(i, [], [1]),
            Gallery = "G",
            Threshold = 90,
            MaxCandidates = 1,
            FastIrises = true,
        })];

        FirstStage all = Scan(searches).Results.Select(found => found.FirstStage).Aggregate(FirstStage.Add)!;

        Assert.InRange(all.Audited, 1, People * searches.Length / 250);
        Assert.Equal(0, all.Missed);
    }

    [Fact]
    public void Fingers_and_irises_are_both_screened()
    {
        Search search = new()
        {
            Probe = ProbeOf(77, [2], Eyes),
            Gallery = "G",
            Threshold = 60,
            MaxCandidates = 3,
            FastIrises = true,
        };

        SearchHits fast = Scan([search]).Results[0];
        SearchHits exact = Scan([search with { Exhaustive = true, FastIrises = false }]).Results[0];

        Assert.Equal(
            exact.Hits.Select(hit => (hit.PersonId, hit.Score)),
            fast.Hits.Select(hit => (hit.PersonId, hit.Score)));
        Assert.InRange(fast.FirstStage!.Passed, 1, People / 10);
    }

    [Fact]
    public void An_eye_is_found_by_either_of_two_codes_that_differ_in_their_kind_of_mask()
    {
        // The first right eye of the newcomer is somebody else's; the second has a mask of its own for each
        // phase.
        Sample stranger = Samples(3, [], [1], 0)[0];
        GalleryTable table = new(MemoryBudget.Unlimited);
        table.Apply(
        [
            .. Enumerable.Range(0, EyeLanes.LeastEyes).Select(person => Enrolled(person, Samples(person, [], [1], 0))),
            .. Enumerable.Range(1000, EyeLanes.LeastEyes).Select(person => Enrolled(person, [Unshared(person)])),
            Enrolled(900, [stranger, Unshared(900)]),
        ]);

        foreach (int person in new[] { 900, 3 })
        {
            Search search = new()
            {
                Probe = ProbeOf(person, [], [1]),
                Gallery = "G",
                Threshold = 50,
                MaxCandidates = 9,
                FastIrises = true,
            };
            string[] found = [.. Scan([search], table).Results[0].Hits.Select(hit => hit.PersonId)];
            Assert.Contains(IdOf(900), found);
            Assert.Equal(person == 3, found.Contains(IdOf(3)));
        }
    }

    private static TableChange Enrolled(int person, IReadOnlyList<Sample> samples) => new(
        IdOf(person), "E1", EncounterOf(0) with { PersonId = IdOf(person) }, EncounterRows.Build(samples).Value!);

    /// <summary>Somebody's right eye whose phases do not share their mask.</summary>
    private static Sample Unshared(int person)
    {
        Sample sample = Samples(person, [], [1], 0)[0];
        IrisCode code = IrisTemplates.Decode(TemplateFormat.MatchClusterIris, sample.Template.Span).Value!;
        ulong[] mask = code.Mask.ToArray();
        mask[7] ^= 1UL << 20;
        return sample with { Template = IrisTemplates.EncodeMatchCluster(code with { Mask = mask }) };
    }

    private static ScanResult Scan(Search[] searches) => Scan(searches, Table);

    private static ScanResult Scan(Search[] searches, GalleryTable table) => PartitionScan.Run(
        new SearchBatch(searches), table.Snapshot, table, SearchBudget.Of(TimeSpan.FromMinutes(1)), new ScanScratch());

    private static GalleryTable Fill()
    {
        GalleryTable table = new(MemoryBudget.Unlimited);
        table.Apply(Enumerable.Range(0, People).Select(
            person => Enrolled(person, Samples(person, person == 77 ? [2] : [], Eyes, 0))));
        return table;
    }
}
