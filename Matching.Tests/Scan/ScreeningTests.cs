using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scan;
using MatchCluster.Matching.Scan.Screening;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Matching.Tests.Scan;

/// <summary>The first stage in front of a scan: what it passes on, what it never changes.</summary>
public sealed class ScreeningTests
{
    private const int NonMatedDistances = 600;
    private const int Targets = 5;
    private static readonly int[] TwoFingers = [2, 7];

    // Few distinct fingers serve as many non-mated ones: each probe meets enough of them, and preparing takes
    // the time.
    private static readonly EncounterRows[] StrangerRows =
        [.. Enumerable.Range(100, 24).Select(person => RowsOf(person, TwoFingers))];

    private static readonly EncounterRows[] TargetRows =
        [.. Enumerable.Range(0, Targets).Select(person => RowsOf(person, TwoFingers))];

    private readonly GalleryTable table = new(MemoryBudget.Unlimited);
    private readonly ScanScratch scratch = new();

    [Fact]
    public void A_screened_search_finds_who_an_exhaustive_one_finds_with_the_same_scores_and_scores_few()
    {
        Fill();
        Search[] searches = [.. Enumerable.Range(0, Targets).Select(person => SearchOf(person, TwoFingers))];

        ScanResult screened = Scan(searches);
        ScanResult exhaustive = Scan([.. searches.Select(search => search with { Exhaustive = true })]);

        Assert.Equal(table.Snapshot.Identities, screened.IdentitiesSearched);
        for (int i = 0; i < Targets; i++)
        {
            Assert.Equal(IdOf(i), Assert.Single(exhaustive.Results[i].Hits).PersonId);
            AssertSame(exhaustive.Results[i], screened.Results[i]);
            Assert.Null(exhaustive.Results[i].FirstStage);
            FirstStage stage = screened.Results[i].FirstStage!;
            Assert.Equal(NonMatedDistances + Targets, stage.Encounters);
            Assert.InRange(stage.Passed, 1, stage.Encounters / 4);
            Assert.InRange(stage.Penetration, 0, 0.25);
            Assert.Equal(ScreenLosses.Of(searches[i].Threshold, TwoFingers.Length), stage.Loss);
        }

        Assert.InRange(screened.Comparisons, Targets, exhaustive.Comparisons / 4);
    }

    [Fact]
    public void Some_of_those_passed_over_are_scored_all_the_same_and_counted_where_they_reach_the_threshold()
    {
        Fill();
        Search[] searches =
            [.. Enumerable.Range(0, 12).Select(person => SearchOf(person, TwoFingers) with { Threshold = 0 })];

        FirstStage stage = Scan(searches).Results
            .Select(found => found.FirstStage)
            .Aggregate((sum, next) => FirstStage.Add(sum, next))!;

        // At threshold 0 everybody reaches it.
        Assert.InRange(stage.Audited, 1, stage.Encounters / 10);
        Assert.Equal(stage.Audited, stage.Missed);
        Assert.Equal(stage.Passed, stage.Reached);
    }

    [Fact]
    public void A_batch_says_what_each_search_alone_says()
    {
        Fill();
        Search[] searches =
            [.. Enumerable.Range(0, Targets).Select(person => SearchOf(person, [2 + (5 * (person % 2))]))];

        ScanResult together = Scan(searches);

        for (int i = 0; i < Targets; i++)
        {
            ScanResult alone = Scan([searches[i]]);
            AssertSame(alone.Results[0], together.Results[i]);
            Assert.Equal(alone.Results[0].FirstStage, together.Results[i].FirstStage);
        }
    }

    [Fact]
    public void A_finger_of_unknown_position_is_compared_with_all_and_one_nobody_has_with_none()
    {
        Fill();
        Probe known = ProbeOf(1, [7]);
        Probe unknown = new([new FingerProbe(BiometricPosition.UnknownFinger, known.Fingers[0].Template)], []);

        ScanResult result = Scan([SearchOf(unknown), SearchOf(ProbeOf(1, [3]))]);

        Assert.Equal(IdOf(1), Assert.Single(result.Results[0].Hits).PersonId);
        Assert.InRange(result.Results[0].FirstStage!.Comparisons, 2 * (NonMatedDistances + Targets), long.MaxValue);
        Assert.Empty(result.Results[1].Hits);
        Assert.Equal(0, result.Results[1].FirstStage!.Passed);
    }

    [Fact]
    public void Further_fingers_are_compared_only_where_a_person_is_still_in_question()
    {
        int[] manyFingers = [2, 7, 3, 8];
        EncounterRows[] rows = [.. Enumerable.Range(100, 24).Select(person => RowsOf(person, manyFingers))];
        table.Apply(
        [
            .. Enumerable.Range(0, 6000).Select(i => Put($"stranger {i}", "E1", rows[i % rows.Length])),
            Put(IdOf(2), "E1", RowsOf(2, manyFingers)),
        ]);

        FirstStage shortProbe = Scan([SearchOf(ProbeOf(2, TwoFingers))]).Results[0].FirstStage!;
        ScanResult result = Scan([SearchOf(ProbeOf(2, manyFingers))]);

        Assert.Equal(IdOf(2), Assert.Single(result.Results[0].Hits).PersonId);
        Assert.InRange(
            result.Results[0].FirstStage!.Comparisons, shortProbe.Comparisons, (2 * shortProbe.Comparisons) - 1);
    }

    [Fact]
    public void A_new_row_is_met_by_the_next_search_and_a_deleted_one_is_not()
    {
        Fill();
        Search search = SearchOf(9, TwoFingers);
        Assert.Empty(Scan([search]).Results[0].Hits);

        table.Apply([Put(IdOf(9), "E1", RowsOf(9, TwoFingers))]);
        SearchHits found = Scan([search]).Results[0];
        Assert.Equal(IdOf(9), Assert.Single(found.Hits).PersonId);
        Assert.Equal(NonMatedDistances + Targets + 1, found.FirstStage!.Encounters);

        table.Apply([new TableChange(IdOf(9), "E1")]);
        Assert.Empty(Scan([search]).Results[0].Hits);
    }

    [Fact]
    public void Who_has_several_encounters_gets_the_score_of_all_of_them()
    {
        Fill();
        // Another finger under the same position: the first stage passes that encounter over.
        table.Apply([Put(IdOf(3), "E2", StrangerRows[5]), Put(IdOf(3), "E3", StrangerRows[6])]);
        Search search = SearchOf(3, TwoFingers);

        SearchHits screened = Scan([search]).Results[0];

        AssertSame(Scan([search with { Exhaustive = true }]).Results[0], screened);
        Assert.Equal(IdOf(3), Assert.Single(screened.Hits).PersonId);
    }

    [Fact]
    public void A_gallery_of_few_among_many_is_scored_without_a_first_stage()
    {
        Fill();
        table.Apply([Put(IdOf(9), "E1", RowsOf(9, TwoFingers), "small")]);

        SearchHits found = Scan([SearchOf(9, TwoFingers) with { Gallery = "small" }]).Results[0];

        Assert.Equal(IdOf(9), Assert.Single(found.Hits).PersonId);
        Assert.Equal(new FirstStage { Encounters = 1, Passed = 1, Reached = 1 }, found.FirstStage);
    }

    [Fact]
    public void A_spent_budget_ends_the_first_stage_too()
    {
        Fill();

        ScanResult result = Scan([SearchOf(0, TwoFingers)], SearchBudget.Of(TimeSpan.Zero));

        Assert.True(result.IdentitiesSearched < table.Snapshot.Identities);
    }

    [Fact]
    public void An_iris_of_a_mixed_probe_is_compared_whatever_the_fingers_say()
    {
        Fill();
        table.Apply([Put(IdOf(9), "E1", EncounterRows.Build(Samples(9, [], [1], 0)).Value!)]);
        Probe mixed = new(ProbeOf(8, TwoFingers).Fingers, ProbeOf(9, [], [1]).Irises);

        SearchHits found = Scan([SearchOf(mixed)]).Results[0];

        Assert.Equal(IdOf(9), found.Hits[0].PersonId);
    }

    private void Fill()
    {
        List<TableChange> changes =
        [
            .. Enumerable.Range(0, NonMatedDistances).Select(i => Put(
                $"stranger {i}", "E1", StrangerRows[i % StrangerRows.Length])),
        ];
        for (int i = 0; i < Targets; i++)
        {
            changes.Insert(97 * (i + 1), Put(IdOf(i), "E1", TargetRows[i]));
        }

        table.Apply(changes);
    }

    private ScanResult Scan(Search[] searches, SearchBudget? budget = null) => PartitionScan.Run(
        new SearchBatch(searches), table.Snapshot, table, budget ?? SearchBudget.Of(TimeSpan.FromMinutes(1)), scratch);

    private static Search SearchOf(int person, int[] fingers) => SearchOf(ProbeOf(person, fingers));

    private static Search SearchOf(Probe probe) =>
        new() { Probe = probe, Gallery = "G", Threshold = 40, MaxCandidates = 5 };

    private static TableChange Put(string person, string encounter, EncounterRows rows, string gallery = "G") => new(
        person,
        encounter,
        EncounterOf(0, encounter, gallery) with { PersonId = person, EncounterId = encounter },
        rows);

    private static EncounterRows RowsOf(int person, int[] fingers) =>
        EncounterRows.Build(Samples(person, fingers, [], 0)).Value!;

    private static void AssertSame(SearchHits wanted, SearchHits found)
    {
        Assert.Equal(
            wanted.Hits.Select(hit => (hit.PersonId, hit.Score)), found.Hits.Select(hit => (hit.PersonId, hit.Score)));
        Assert.Equal(
            wanted.Hits.SelectMany(hit => hit.Details), found.Hits.SelectMany(hit => hit.Details));
    }
}
