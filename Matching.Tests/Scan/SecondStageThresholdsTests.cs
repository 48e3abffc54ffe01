using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Scan;
using MatchCluster.Matching.Scan.Screening;
using MatchCluster.Matching.Seam;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Matching.Tests.Scan;

/// <summary>Whom a search gives up after the second stage, and that nothing else changes by it.</summary>
public sealed class SecondStageThresholdsTests
{
    private const int NonMatedDistances = 400;
    private const int Targets = 3;

    private readonly GalleryTable table = new(MemoryBudget.Unlimited);
    private readonly ScanScratch scratch = new();

    [Theory]
    [InlineData(0, 1, 0, 0)]
    [InlineData(19.9, 2, 0, 0)]
    [InlineData(20, 1, 940, 7)]
    [InlineData(30, 2, 950, 10)]
    [InlineData(40, 1, 1080, 16)]
    [InlineData(46.9, 4, 980, 13)]
    [InlineData(47, 1, 1100, 16)]
    [InlineData(90, 2, 1020, 16)]
    public void Higher_thresholds_ask_for_more(double threshold, int fingers, int similarity, double score)
    {
        SecondStageThresholds likeness = SecondStageThresholds.For(threshold, fingers);

        Assert.Equal(new SecondStageThresholds(similarity, score), likeness);
        Assert.True(likeness.Allows(similarity, score));
        Assert.False(similarity > 0 && likeness.Allows(similarity - 1, score));
        Assert.False(similarity > 0 && likeness.Allows(similarity, score - 0.1));
    }

    [Fact]
    public void First_stage_asks_for_more_evidence_the_higher_the_threshold_and_the_more_fingers()
    {
        for (int fingers = 1; fingers <= 10; fingers++)
        {
            int before = 0;
            for (double threshold = 0; threshold <= 100; threshold += 2.5)
            {
                int least = LeastEvidence(ScreenThresholds.For(threshold), fingers);
                Assert.True(least >= before, $"{fingers} fingers at {threshold}: {least} after {before}");
                Assert.True(fingers == 1 || least > LeastEvidence(ScreenThresholds.For(threshold), fingers - 1));
                Assert.True(ScreenThresholds.MayGoOn(least, fingers), "whoever is scored would have gone on");
                before = least;
            }
        }

        Assert.Equal(500, LeastEvidence(ScreenThresholds.For(30), 2));
        Assert.Equal(650, LeastEvidence(ScreenThresholds.For(35), 2));
        Assert.Equal(LeastEvidence(ScreenThresholds.For(20), 2), LeastEvidence(ScreenThresholds.For(0), 2));

        static int LeastEvidence(ScreenThresholds thresholds, int fingers) =>
            Enumerable.Range(0, 10_000).First(evidence => thresholds.IsEnough(evidence, fingers));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(2, 7)]
    public void Who_is_given_up_would_not_have_been_found_and_those_found_keep_their_scores(params int[] fingers)
    {
        EncounterRows[] rows = [.. Enumerable.Range(100, 16).Select(person => RowsOf(person, fingers))];
        table.Apply(
            [
                .. Enumerable.Range(0, NonMatedDistances).Select(i => Put($"stranger {i}", rows[i % rows.Length])),
                .. Enumerable.Range(0, Targets).Select(i => Put(IdOf(i), RowsOf(i, fingers))),
            ]);
        foreach (double threshold in (double[])[20, 30, 40])
        {
            for (int person = 0; person < Targets; person++)
            {
                Search search = new()
                {
                    Probe = ProbeOf(person, fingers),
                    Gallery = "G",
                    Threshold = threshold,
                    MaxCandidates = 5,
                };

                Hit wanted = Scan(search with { Exhaustive = true }).Results[0].Hits[0];
                ScanResult few = Scan(search with { MaxCandidates = 1 });
                ScanResult more = Scan(search);

                Assert.Equal(IdOf(person), wanted.PersonId);
                Assert.Equal((wanted.PersonId, wanted.Score), NameAndScore(few));
                Assert.Equal((wanted.PersonId, wanted.Score), NameAndScore(more));

                // What is asked of a non-mated person depends on the threshold alone, not on who was found so
                // far.
                Assert.Equal(more.Comparisons, few.Comparisons);
                Assert.Equal(more.Results[0].FirstStage, few.Results[0].FirstStage);
            }
        }
    }

    private static (string, double) NameAndScore(ScanResult result) =>
        (result.Results[0].Hits[0].PersonId, result.Results[0].Hits[0].Score);

    private static TableChange Put(string person, EncounterRows rows) =>
        new(person, "E1", EncounterOf(0) with { PersonId = person }, rows);

    private static EncounterRows RowsOf(int person, int[] fingers) =>
        EncounterRows.Build(Samples(person, fingers, [], 0)).Value!;

    private ScanResult Scan(Search search) => PartitionScan.Run(
        new SearchBatch([search]), table.Snapshot, table, SearchBudget.Of(TimeSpan.FromMinutes(5)), scratch);
}
