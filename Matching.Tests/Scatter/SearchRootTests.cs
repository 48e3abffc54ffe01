using MatchCluster.Matching.Model;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Scores;

namespace MatchCluster.Matching.Tests.Scatter;

/// <summary>What an answer claims when partitions do less than they should.</summary>
public sealed class SearchRootTests
{
    private static readonly Probe Nobody = new([], []);

    [Fact]
    public async Task Lists_are_merged_by_score_then_id_and_ranked()
    {
        IdentifyAnswer answer = await AskAsync(
            [
                Answers(0, FakePartition.Complete(0, 10, ("c", 50), ("a", 30))),
                Answers(1, FakePartition.Complete(1, 20, ("b", 50), ("d", 10))),
            ],
            k: 3);

        Assert.Equal([(1, "b"), (2, "c"), (3, "a")], answer.Candidates.Select(c => (c.Rank, c.PersonId)));
        Assert.True(answer.Coverage.IsComplete);
        Assert.Equal(Fpir.At(50, 30), answer.Candidates[0].Fpir);
    }

    [Fact]
    public void A_list_cut_to_the_best_of_several_partitions_ranks_as_the_whole_lists_do()
    {
        Random random = new(20261125);
        for (int round = 0; round < 200; round++)
        {
            // Few scores, so that ties decide where the list ends.
            PartitionAnswer[] answers = [.. Enumerable.Range(0, 6).Select(p => FakePartition.Complete(p, 10,
                [.. Enumerable.Range(0, random.Next(6)).Select(i => ($"{random.Next(1000)}-{p}-{i}", random.Next(4)))
                    .Select(hit => (hit.Item1, (double)hit.Item2))]))];
            Search search = new() { Probe = Nobody, Gallery = "G", Threshold = 0, MaxCandidates = random.Next(1, 9) };
            SearchBatch batch = new([search]);
            Coverage coverage = SearchRanking.Cover(answers);

            PartitionAnswer[] cut =
                [.. SearchRanking.KeepBest(batch, answers[..3]), .. SearchRanking.KeepBest(batch, answers[3..])];

            Assert.Equal(
                SearchRanking.Rank(search, 0, answers, coverage, default).Candidates.Select(c => (c.Rank, c.PersonId)),
                SearchRanking.Rank(search, 0, cut, coverage, default).Candidates.Select(c => (c.Rank, c.PersonId)));
            Assert.InRange(cut.Sum(a => a.Results[0].Hits.Count), 0, 2 * search.MaxCandidates);
            Assert.Equal(coverage with { Missing = [] }, SearchRanking.Cover(cut) with { Missing = [] });
        }
    }

    [Fact]
    public async Task A_partition_that_is_loading_makes_the_answer_partial_and_says_why()
    {
        IdentifyAnswer answer = await AskAsync(
            [
                Answers(0, FakePartition.Complete(0, 10, ("a", 50))),
                Answers(1, FakePartition.Not(1, PartitionOutcome.Unavailable, "partition 1 is loading 3 of 9", 9)),
            ]);

        Assert.False(answer.Coverage.IsComplete);
        Assert.Equal((2, 1, 19, 10), Numbers(answer.Coverage));
        Assert.Equal(["partition 1 is loading 3 of 9"], answer.Coverage.Missing);
        Assert.Equal(TimeSpan.FromSeconds(2), answer.Coverage.RetryAfter);
        Assert.Single(answer.Candidates);
    }

    [Fact]
    public async Task A_partition_that_is_lost_still_counts_with_what_it_last_said_it_holds()
    {
        Queue<PartitionAnswer> answers = new(
        [
            FakePartition.Complete(0, 10),
            FakePartition.Not(0, PartitionOutcome.Unavailable, "partition 0 is loading 0 of 0", 0),
        ]);
        SearchRoot root = new(
            new FakeDirectory(new FakePartition(0, _ => Task.FromResult(answers.Dequeue()))), TimeProvider.System);
        IdentifyRequest request = new() { Probe = Nobody, Gallery = "G", Threshold = 0 };
        SearchBudget budget = SearchBudget.Of(TimeSpan.FromSeconds(30));

        await root.IdentifyAsync([request], budget);
        IdentifyAnswer lost = (await root.IdentifyAsync([request], budget))[0];
        Assert.Equal((1, 0, 10, 0), Numbers(lost.Coverage));
    }

    [Fact]
    public async Task A_partition_that_never_answers_costs_the_deadline_and_not_more()
    {
        TaskCompletionSource<PartitionAnswer> never = new();
        long before = Environment.TickCount64;
        IdentifyAnswer answer = await AskAsync(
            [Answers(0, FakePartition.Complete(0, 10)), new FakePartition(1, _ => never.Task)],
            time: TimeSpan.FromMilliseconds(50));

        Assert.InRange(Environment.TickCount64 - before, 0, 5_000);
        Assert.Equal((2, 1, 10, 10), Numbers(answer.Coverage));
        Assert.False(answer.Coverage.IsComplete);
        Assert.Contains("did not answer before the deadline", Assert.Single(answer.Coverage.Missing));
    }

    [Fact]
    public async Task Every_queue_full_is_a_refusal_and_one_queue_full_is_a_partial_answer()
    {
        PartitionAnswer full0 = FakePartition.Not(0, PartitionOutcome.Refused, "1024 search batches waiting", 10);
        PartitionAnswer full1 = full0 with { Partition = new PartitionId(1) };

        IdentifyAnswer all = await AskAsync([Answers(0, full0), Answers(1, full1)]);
        IdentifyAnswer one = await AskAsync([Answers(0, full0), Answers(1, FakePartition.Complete(1, 5))]);

        Assert.Equal((RefusalKind.Overloaded, TimeSpan.FromSeconds(2)), (all.Refusal!.Kind, all.Refusal.RetryAfter));
        Assert.Null(one.Refusal);
        Assert.Equal((2, 1, 15, 5), Numbers(one.Coverage));
    }

    [Fact]
    public async Task A_gallery_is_called_unknown_only_where_every_partition_was_asked()
    {
        PartitionAnswer unknown = FakePartition.Complete(0, 10) with { Results = [new SearchHits(false, false, [])] };
        IdentifyAnswer all = await AskAsync([Answers(0, unknown)]);
        IdentifyAnswer some = await AskAsync(
            [Answers(0, unknown), Answers(1, FakePartition.Not(1, PartitionOutcome.Unavailable, "loading", 1))]);

        Assert.Equal(RefusalKind.Unknown, all.Refusal?.Kind);
        Assert.Null(some.Refusal);
        Assert.False(some.Coverage.IsComplete);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public async Task A_number_of_candidates_outside_its_limit_is_refused(int k) =>
        await Assert.ThrowsAsync<ArgumentException>(() => AskAsync([Answers(0, FakePartition.Complete(0, 1))], k));

    [Fact]
    public async Task The_threshold_follows_from_the_target_and_what_the_partitions_hold()
    {
        IdentifyAnswer answer = await AskAsync(
            [Answers(0, FakePartition.Complete(0, 100)), Answers(1, FakePartition.Complete(1, 100))], threshold: null);
        Assert.Equal(Fpir.ThresholdFor(0.01, 200), answer.Threshold);
    }

    private static (int, int, long, long) Numbers(Coverage c) =>
        (c.PartitionsAsked, c.PartitionsAnswered, c.IdentitiesHeld, c.IdentitiesSearched);

    private static FakePartition Answers(int number, PartitionAnswer answer) =>
        new(number, _ => Task.FromResult(answer));

    private static async Task<IdentifyAnswer> AskAsync(
        IPartition[] partitions, int k = 10, TimeSpan? time = null, double? threshold = 0)
    {
        SearchRoot root = new(new FakeDirectory(partitions), TimeProvider.System);
        IdentifyRequest request = new() { Probe = Nobody, Gallery = "G", MaxCandidates = k, Threshold = threshold };
        return (await root.IdentifyAsync([request], SearchBudget.Of(time ?? TimeSpan.FromSeconds(30))))[0];
    }
}
