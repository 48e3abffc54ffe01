using MatchCluster.Matching.Deduplication;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Matching.Tests.Deduplication;

public sealed class DuplicateWalkTests
{
    private const int People = 24;
    private const double Threshold = 40;

    /// <summary>Persons that are enrolled a second time, under an id of their own and with other impressions.</summary>
    private static readonly int[] Twins = [3, 8, 21];

    [Theory]
    [InlineData(1, true)]
    [InlineData(3, true)]
    [InlineData(3, false)]
    public async Task Every_pair_is_compared_once_and_the_planted_twins_are_found(int partitions, bool exhaustive)
    {
        await using MemoryGalleryStore store = new(partitions);
        await using MatchEngine engine = await FilledAsync(store);
        List<DuplicateStep> steps = await StepsAsync(engine, DuplicateCursor.Start, exhaustive);

        const int All = People + 3;
        Assert.Equal(All, steps.Sum(step => step.Persons));
        Assert.Equal(DuplicateRequest.PairsOf(All), steps.Sum(step => step.Pairs));
        Assert.Equal(Wanted, PairsOf(steps));
        Assert.Equal(0, steps.Sum(step => step.WithoutSamples + step.Cut));
        Assert.All(steps.SelectMany(step => step.Found), pair =>
        {
            Assert.Equal([1, 2], pair.Details.Select(detail => (int)detail.ProbePosition.Code));
            Assert.NotEmpty(pair.Encounters);
        });
    }

    [Fact]
    public async Task A_walk_goes_on_from_every_place_and_finds_what_is_left()
    {
        await using MemoryGalleryStore store = new(3);
        await using MatchEngine engine = await FilledAsync(store);
        List<DuplicateStep> whole = await StepsAsync(engine, DuplicateCursor.Start, exhaustive: true);
        for (int done = 1; done < whole.Count; done++)
        {
            List<DuplicateStep> rest = await StepsAsync(engine, whole[done - 1].Cursor, exhaustive: true);
            Assert.Equal(
                whole.Skip(done).Sum(step => step.Pairs), rest.Sum(step => step.Pairs));
            Assert.Equal(PairsOf(whole.Skip(done)), PairsOf(rest));
        }
    }

    [Fact]
    public async Task Whoever_comes_during_a_walk_is_found_by_a_second_one_over_what_changed()
    {
        await using MemoryGalleryStore store = new(2);
        await using MatchEngine engine = await FilledAsync(store);
        DateTimeOffset began = Later - TimeSpan.FromMinutes(1);
        await EnrolAsync(engine, 5, "twin-late");
        List<DuplicateStep> late = await StepsAsync(
            engine, DuplicateCursor.Start with { Since = began }, exhaustive: true);
        Assert.Equal(1, late.Sum(step => step.Persons));
        Assert.Equal([$"{IdOf(5)} twin-late"], PairsOf(late));
    }

    [Fact]
    public void Pairs_make_groups_and_a_pair_that_came_twice_counts_once()
    {
        IReadOnlyList<DuplicateGroup> groups = DuplicateGroup.Of(
        [
            Pair("c", "b", 50), Pair("b", "a", 60), Pair("x", "y", 70), Pair("b", "c", 55), Pair("z", "x", 41),
        ]);
        Assert.Equal(["a b c", "x y z"], groups.Select(group => string.Join(' ', group.Persons)));
        Assert.Equal([60, 55], groups[0].Links.Select(link => link.Score));
    }

    [Fact]
    public void The_threshold_follows_from_the_number_of_pairs()
    {
        Assert.Equal(0, DuplicateRequest.PairsOf(1));
        Assert.Equal(4_999_950_000, DuplicateRequest.PairsOf(100_000));
        Assert.Equal(116.97, DuplicateRequest.ThresholdFor(0.01, 100_000));
    }

    private static DateTimeOffset Later => DateTimeOffset.UnixEpoch + TimeSpan.FromDays(20_000);

    private static string[] Wanted =>
        [.. Twins.Select(twin => $"{IdOf(twin)} twin-{twin}").Order(StringComparer.Ordinal)];

    private static DuplicatePair Pair(string a, string b, double score) => new(a, ["E"], b, score, []);

    private static string[] PairsOf(IEnumerable<DuplicateStep> steps) =>
    [
        .. steps.SelectMany(step => step.Found)
            .Select(pair => string.Join(' ', new[] { pair.PersonId, pair.OtherId }.Order(StringComparer.Ordinal)))
            .Order(StringComparer.Ordinal),
    ];

    private static async Task<List<DuplicateStep>> StepsAsync(MatchEngine engine, DuplicateCursor from, bool exhaustive)
    {
        DuplicateWalk walk = new(
            engine, new DuplicateRequest("G", Threshold) { Exhaustive = exhaustive }, default, 3, TimeProvider.System);
        List<DuplicateStep> steps = [];
        await foreach (DuplicateStep step in walk.RunAsync(from, CancellationToken.None))
        {
            steps.Add(step);
        }

        return steps;
    }

    private static async Task<MatchEngine> FilledAsync(MemoryGalleryStore store)
    {
        MatchEngine engine = MatchEngine.Open(store, new MatchEngineOptions { Threads = 2 });
        await engine.Loaded;
        for (int person = 0; person < People; person++)
        {
            await EnrolAsync(engine, person, IdOf(person), impression: 0);
        }

        // One of a second encounter: pairs within one person are none.
        await EnrolAsync(engine, 4, IdOf(4), encounter: "E2");
        foreach (int twin in Twins)
        {
            await EnrolAsync(engine, twin, $"twin-{twin}");
        }

        return engine;
    }

    private static async Task EnrolAsync(
        IPartitionDirectory engine, int person, string id, string encounter = "E1", int impression = 2)
    {
        WriteAck ack = await engine.Of(id).ApplyAsync(
            new WriteBatch([new Write.Create(EncounterOf(person, encounter, "G", [1, 2], [], impression) with
            {
                PersonId = id,
                RecordId = Model.RecordIds.Next(
                    id == "twin-late" ? Later : DateTimeOffset.UnixEpoch),
            })]),
            SearchBudget.Of(TimeSpan.FromSeconds(60)));
        Assert.True(ack.Results[0].IsApplied);
    }
}
