using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;
using Microsoft.Extensions.Time.Testing;

namespace MatchCluster.Matching.Tests.Scatter;

/// <summary>What an answer says of looks with the fingers turned where partitions or the time do not suffice.</summary>
public sealed class TurnedLooksTests
{
    private static readonly Probe UpsideDown = new(
        [.. TestPeople.ProbeOf(1, [2, 7]).Fingers.Select(f => f with { Template = f.Template.Turned(2) })], []);

    private readonly FakeTimeProvider clock = new();
    private int asked;

    [Fact]
    public async Task A_retry_is_not_begun_where_it_could_not_end()
    {
        IdentifyAnswer inTime = await AskAsync(1000, _ => Nobody());
        IdentifyAnswer late = await AskAsync(150, _ => Nobody());

        Assert.Equal([0, 180], inTime.Turns);
        Assert.Null(late.Turns);
        Assert.True(late.Coverage.IsComplete);
        Assert.Equal(3, asked);
    }

    [Fact]
    public async Task A_retry_that_was_broken_off_leaves_the_whole_answer_as_it_was()
    {
        IdentifyAnswer answer = await AskAsync(
            1000, time => time == 1 ? Nobody() : FakePartition.Not(0, PartitionOutcome.Unavailable, "lost", 10));

        Assert.Null(answer.Turns);
        Assert.True(answer.Coverage.IsComplete);
        Assert.Empty(answer.Candidates);
    }

    [Fact]
    public async Task What_a_retry_finds_counts_even_where_it_is_partial_and_says_how_it_was_found()
    {
        IdentifyAnswer answer = await AskAsync(1000, time => time == 1 ? Nobody() : Nobody() with
        {
            Outcome = PartitionOutcome.Partial,
            Reason = "the deadline passed",
            IdentitiesSearched = 4,
            Results = [Found("a", 60)],
        });

        Candidate found = Assert.Single(answer.Candidates);
        Assert.Equal(TurnedPrints.Score(60, 2), found.Score);
        Assert.Equal(180, found.Details[0].Turn);
        Assert.Equal([0, 180], answer.Turns);
        Assert.Equal(1, answer.AboveThreshold);
    }

    [Fact]
    public async Task A_score_that_the_price_takes_below_the_threshold_is_no_candidate()
    {
        IdentifyAnswer answer = await AskAsync(
            1000, time => time == 1 ? Nobody() : Nobody() with { Results = [Found("a", 40.5)] });

        Assert.Empty(answer.Candidates);
        Assert.Equal([0, 180], answer.Turns);
    }

    [Fact]
    public async Task Full_rotation_covers_what_every_turn_covered()
    {
        IdentifyAnswer answer = await AskAsync(
            1000,
            _ => Nobody() with
            {
                Results =
                [
                    Found("a", 50), Found("b", 60), Found("a", 70),
                    new SearchHits(true, false, [], Count: new SearchCount(10, 7, 10, 0)),
                ],
            },
            Rotation.Full);

        Assert.Equal((10, 7), (answer.Coverage.IdentitiesHeld, answer.Coverage.IdentitiesSearched));
        Assert.False(answer.Coverage.IsComplete);
        Assert.Equal([0, 90, 180, 270], answer.Turns);
        Assert.Equal(
            [(1, "a", TurnedPrints.Score(70, 2)), (2, "b", TurnedPrints.Score(60, 1))],
            answer.Candidates.Select(c => (c.Rank, c.PersonId, c.Score)));
        Assert.Equal(1, asked);
    }

    private static PartitionAnswer Nobody() => FakePartition.Complete(0, 10);

    private static SearchHits Found(string person, double score) => new(
        true, false,
        [
            new Hit(person, score,
            [
                new HitDetail
                {
                    EncounterId = "E",
                    ProbePosition = BiometricPosition.OfFinger(2),
                    GalleryPosition = BiometricPosition.OfFinger(2),
                    Score = score,
                    Raw = 0.1,
                },
            ]),
        ],
        Count: new SearchCount(10, 10, 10, 1));

    /// <summary>Asks a partition that takes 100 ms a time.</summary>
    private async Task<IdentifyAnswer> AskAsync(
        int milliseconds, Func<int, PartitionAnswer> answer, Rotation rotation = Rotation.Normal)
    {
        int times = 0;
        SearchRoot root = new(
            new FakeDirectory(new FakePartition(0, _ =>
            {
                asked++;
                clock.Advance(TimeSpan.FromMilliseconds(100));
                return Task.FromResult(answer(++times));
            })),
            clock);
        IdentifyRequest request = new() { Probe = UpsideDown, Gallery = "G", Threshold = 40, Rotation = rotation };
        SearchBudget budget = SearchBudget.Of(TimeSpan.FromMilliseconds(milliseconds), clock, default);
        return (await root.IdentifyAsync([request], budget))[0];
    }
}
