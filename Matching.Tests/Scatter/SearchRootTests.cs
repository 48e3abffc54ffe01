using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;
using Microsoft.Extensions.Time.Testing;

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
            Coverage coverage = SearchRanking.Cover(0, answers, _ => null);

            PartitionAnswer[] cut =
                [.. SearchRanking.KeepBest(batch, answers[..3]), .. SearchRanking.KeepBest(batch, answers[3..])];

            Assert.Equal(
                Ranked(answers),
                Ranked(cut));
            IEnumerable<(int, string)> Ranked(PartitionAnswer[] of) =>
                SearchRanking.Rank(search, 0, search.Threshold, of, coverage, default).Candidates
                    .Select(c => (c.Rank, c.PersonId));
            Assert.InRange(cut.Sum(a => a.Results[0].Hits.Count), 0, 2 * search.MaxCandidates);
            Assert.Equal(coverage with { Missing = [] }, SearchRanking.Cover(0, cut, _ => null) with { Missing = [] });
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
        IdentifyAnswer answer = await AskAsync(
            [Answers(0, FakePartition.Complete(0, 10)), new FakePartition(1, _ => never.Task)],
            time: TimeSpan.FromMilliseconds(50)).WaitAsync(TimeSpan.FromMinutes(2)); // without one it never ends

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

    /// <summary>An older partition samples without saying so; one that was exact says 0.</summary>
    [Theory]
    [InlineData(0L, 0L, false)]
    [InlineData(0L, 512L, true)]
    [InlineData(0L, null, true)]
    public async Task A_fast_search_is_exact_where_every_partition_was(long? first, long? second, bool isSampled)
    {
        SearchRoot root = new(
            new FakeDirectory([Answers(0, Saying(0, first)), Answers(1, Saying(1, second))]), TimeProvider.System);
        IdentifyRequest request = new()
        {
            Probe = TestPeople.ProbeOf(1, [], [1]),
            Gallery = "G",
            Threshold = 60,
            FastIrises = true,
        };

        IReadOnlyList<IdentifyAnswer> answers = await root.IdentifyAsync(
            [request, request with { FastIrises = false }], SearchBudget.Of(TimeSpan.FromMinutes(1)));

        Assert.Equal(isSampled ? FastIrises.Measured : null, answers[0].Fast);
        Assert.Null(answers[1].Fast);
    }

    /// <summary>A mated identity lies in a partition as likely as its encounters are many.</summary>
    [Fact]
    public async Task The_loss_of_a_search_is_that_of_its_partitions_by_their_size()
    {
        static PartitionAnswer Stating(int number, long encounters, long comparisons, StageLoss? loss) =>
            FakePartition.Complete(number, 5) with
            {
                Results =
                [
                    new SearchHits(true, false, [], new FirstStage
                    {
                        Encounters = encounters, Passed = 1, Comparisons = comparisons, Loss = loss,
                    }),
                ],
            };
        PartitionAnswer screened = Stating(0, 300, 300, new StageLoss(0.01, 0.04));

        IdentifyAnswer withExact = await AskAsync([Answers(0, screened), Answers(1, Stating(1, 100, 0, null))]);
        IdentifyAnswer withOlder = await AskAsync([Answers(0, screened), Answers(1, Stating(1, 100, 100, null))]);
        IdentifyAnswer exact = await AskAsync([Answers(0, Stating(0, 100, 0, null))]);

        Assert.Equal(0.0075, withExact.Loss!.Value.Expected, 1e-12);
        Assert.Equal(0.03, withExact.Loss!.Value.AtMost, 1e-12);
        Assert.Equal(new StageLoss(0.01, 0.04), withOlder.Loss);
        Assert.Null(exact.Loss);
    }

    private static PartitionAnswer Saying(int number, long? sampled) => FakePartition.Complete(number, 5) with
    {
        Results = [new SearchHits(true, false, [], SampledEyes: sampled), new SearchHits(true, false, [])],
    };

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

    [Fact]
    public async Task The_threshold_counts_those_of_the_gallery_who_can_be_compared_and_no_others()
    {
        IdentifyAnswer answer = await AskAsync(
            [
                Answers(0, Counted(0, 1_000_000, new SearchCount(40, 40, 30, 2), ("a", 33.5), ("b", 36))),
                Answers(1, Counted(1, 2_000_000, new SearchCount(50, 50, 20, 0))),
            ],
            threshold: null);

        Assert.Equal(Fpir.ThresholdFor(0.01, 50), answer.Threshold);
        Assert.Equal((2, 2, 90, 90), Numbers(answer.Coverage));
        Assert.Equal(50, answer.Coverage.IdentitiesComparable);

        // 37 is more than both have: the floor of a partition lies below the threshold of all.
        Assert.Empty(answer.Candidates);
        Assert.False(answer.IsCut);
    }

    [Fact]
    public async Task A_floor_from_what_was_heard_before_never_hides_who_reaches_the_threshold_of_now()
    {
        // The gallery shrinks from a million to ten between two searches.
        List<double> floors = [];
        long comparable = 1_000_000;
        FakePartition partition = new(0, batch =>
        {
            double floor = batch.Searches[0].Threshold;
            floors.Add(floor);
            return Task.FromResult(Counted(
                0, comparable, new SearchCount(comparable, comparable, comparable, 1),
                floor <= 45 ? [("a", 45)] : []));
        });
        SearchRoot root = new(new FakeDirectory(partition), TimeProvider.System);
        IdentifyRequest request = new() { Probe = Nobody, Gallery = "G" };
        SearchBudget budget = SearchBudget.Of(TimeSpan.FromSeconds(30));

        IdentifyAnswer large = (await root.IdentifyAsync([request], budget))[0];
        IdentifyAnswer same = (await root.IdentifyAsync([request], budget))[0];
        comparable = 10;
        IdentifyAnswer small = (await root.IdentifyAsync([request], budget))[0];

        Assert.Equal((large.Threshold, 0), (same.Threshold, same.Candidates.Count));
        Assert.Equal(Fpir.ThresholdFor(0.01, 10), small.Threshold);
        Assert.Equal("a", Assert.Single(small.Candidates).PersonId);
        double floor = Fpir.ThresholdFor(0.01, 1_000_000) - 0.5;
        Assert.Equal([0, floor, floor, 0], floors);
    }

    [Fact]
    public async Task A_partition_that_does_not_answer_counts_with_what_it_said_of_this_gallery()
    {
        Queue<PartitionAnswer> answers = new(
        [
            Counted(0, 1_000_000, new SearchCount(50, 50, 40, 0)),
            FakePartition.Not(0, PartitionOutcome.Unavailable, "partition 0 is loading", 1_000_000),
            FakePartition.Not(0, PartitionOutcome.Unavailable, "partition 0 is loading", 1_000_000),
        ]);
        SearchRoot root = new(
            new FakeDirectory(new FakePartition(0, _ => Task.FromResult(answers.Dequeue()))), TimeProvider.System);
        IdentifyRequest request = new() { Probe = Nobody, Gallery = "G", Threshold = 0 };
        SearchBudget budget = SearchBudget.Of(TimeSpan.FromSeconds(30));

        await root.IdentifyAsync([request], budget);
        Coverage known = (await root.IdentifyAsync([request], budget))[0].Coverage;
        Coverage other = (await root.IdentifyAsync([request with { Gallery = "H" }], budget))[0].Coverage;

        Assert.Equal(((1, 0, 50, 0), 40), (Numbers(known), known.IdentitiesComparable));
        Assert.Equal(((1, 0, 1_000_000, 0), 1_000_000), (Numbers(other), other.IdentitiesComparable));
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 3)]
    [InlineData(3, 3)]
    [InlineData(1000, 3)]
    public async Task A_list_that_was_cut_says_so_and_how_many_reached_the_threshold(int k, int reached)
    {
        IdentifyAnswer answer = await AskAsync(
            [
                Answers(0, Counted(0, 10, new SearchCount(10, 10, 10, 2), ("a", 50), ("b", 40))),
                Answers(1, Counted(1, 10, new SearchCount(10, 10, 10, 1), ("c", 30))),
            ],
            k);

        Assert.Equal(Math.Min(k, reached), answer.Candidates.Count);
        Assert.Equal((reached, k < reached), (answer.AboveThreshold, answer.IsCut));
    }

    [Fact]
    public async Task The_time_waited_for_a_partition_that_then_did_not_answer_is_told()
    {
        FakeTimeProvider clock = new();
        TaskCompletionSource<PartitionAnswer> silent = new();
        SearchRoot root = new(
            new FakeDirectory(
                new FakePartition(0, _ =>
                {
                    clock.Advance(TimeSpan.FromMilliseconds(30));
                    return Task.FromResult(FakePartition.Complete(0, 10, ("a", 50)));
                }),
                new FakePartition(1, _ => silent.Task)),
            clock);

        ValueTask<IReadOnlyList<IdentifyAnswer>> asked = root.IdentifyAsync(
            [new IdentifyRequest { Probe = Nobody, Gallery = "G", Threshold = 0 }],
            SearchBudget.Of(TimeSpan.FromMinutes(5)));
        clock.Advance(TimeSpan.FromMilliseconds(850));
        silent.SetResult(FakePartition.Not(1, PartitionOutcome.Unavailable, "silo silo-2 is silent", 10));
        IdentifyAnswer answer = (await asked)[0];

        Assert.Equal((880.0, 850.0), (answer.Elapsed!.Value.TotalMilliseconds, answer.WaitedInVain.TotalMilliseconds));
        Assert.True(answer.HasSearched);
    }

    [Fact]
    public async Task A_search_whose_partitions_are_all_loading_has_looked_at_nobody()
    {
        IdentifyAnswer answer = await AskAsync(
            [Answers(0, FakePartition.Not(0, PartitionOutcome.Unavailable, "partition 0 is loading 3 of 9", 9))]);

        Assert.False(answer.HasSearched);
    }

    private static PartitionAnswer Counted(
        int number, long held, SearchCount count, params (string Id, double Score)[] hits)
    {
        PartitionAnswer answer = FakePartition.Complete(number, held, hits);
        return answer with { Results = [answer.Results[0] with { Count = count }] };
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
