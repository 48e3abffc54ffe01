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
    [InlineData(0, 0, 0)]
    [InlineData(19.9, 0, 0)]
    [InlineData(20, 950, 1000)]
    [InlineData(30, 1000, 1100)]
    [InlineData(46.9, 1000, 1100)]
    [InlineData(47, 1000, 1150)]
    [InlineData(90, 1000, 1150)]
    public void Higher_thresholds_ask_for_more(double threshold, int strongest, int any)
    {
        SecondStageThresholds likeness = SecondStageThresholds.For(threshold);

        Assert.Equal(new SecondStageThresholds(strongest, any), likeness);
        Assert.True(likeness.Allows(any, any));
        Assert.True(likeness.Allows(strongest, any));
        Assert.False(any > 0 && likeness.Allows(strongest - 1, any));
        Assert.False(any > 0 && likeness.Allows(any - 1, any - 1));
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
