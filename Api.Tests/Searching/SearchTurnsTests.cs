using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Searching;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Api.Tests.Searching;

public sealed class SearchTurnsTests
{
    private static readonly SearchBudget Long = SearchBudget.Of(TimeSpan.FromMinutes(10));

    [Fact]
    public async Task The_highest_priority_goes_first_and_within_it_who_came_first()
    {
        SearchTurns turns = new(1);
        Assert.True(await turns.TakeAsync(1, new Priority(0), Long));
        List<Task<Turn>> waiting =
        [
            NamedAsync(turns, 0, "bulk"), NamedAsync(turns, 5, "first"), NamedAsync(turns, 9, "border"),
            NamedAsync(turns, 5, "second"),
        ];
        Assert.Equal([1, 0, 0, 0, 0, 2, 0, 0, 0, 1], turns.Waiting);

        Assert.Equal(["border", "first", "second", "bulk"], await OrderAsync(turns, waiting, waiting.Count));
    }

    [Fact]
    public async Task One_turn_in_eight_belongs_to_who_has_waited_longest()
    {
        SearchTurns turns = new(1);
        Assert.True(await turns.TakeAsync(1, new Priority(0), Long));
        List<Task<Turn>> waiting =
        [
            .. Enumerable.Range(0, 3).Select(_ => NamedAsync(turns, 0, "low")),
            .. Enumerable.Range(0, 40).Select(_ => NamedAsync(turns, 9, "high")),
        ];

        List<string> order = await OrderAsync(turns, waiting, 30);

        Assert.Equal([7, 15, 23], order.Index().Where(one => one.Item == "low").Select(one => one.Index));
    }

    [Fact]
    public async Task After_a_search_far_dearer_than_usual_the_oldest_goes()
    {
        SearchLoad dear = SearchLoad.Of(samples: 2, exhaustive: true, swappedHands: true);
        SearchTurns turns = new(1);
        Assert.True(await turns.TakeAsync(1, new Priority(0), Long));
        List<Task<Turn>> waiting =
        [
            .. Enumerable.Range(0, 3).Select(_ => NamedAsync(turns, 0, "low")),
            .. Enumerable.Range(0, 9).Select(_ => NamedAsync(turns, 9, "dear", dear)),
        ];

        List<string> order = await OrderAsync(turns, waiting, 7);

        Assert.Equal(["dear", "low", "dear", "low", "dear", "low", "dear"], order);
    }

    [Fact]
    public async Task Turns_without_a_choice_do_not_count_against_the_high()
    {
        SearchTurns turns = new(1);
        for (int i = 0; i < 100; i++)
        {
            Assert.True(await turns.TakeAsync(1, new Priority(0), Long));
            turns.Return(1, Priority.Default);
        }

        Assert.True(await turns.TakeAsync(1, new Priority(0), Long));
        List<Task<Turn>> waiting = [NamedAsync(turns, 0, "low"), NamedAsync(turns, 9, "high")];
        Assert.Equal(["high", "low"], await OrderAsync(turns, waiting, 2));
    }

    [Fact]
    public async Task A_batch_counts_as_its_searches_and_is_let_in_whole()
    {
        SearchTurns turns = new(4);
        Assert.True(await turns.TakeAsync(3, Priority.Default, Long));
        Assert.True(await turns.TakeAsync(64, Priority.Default, Long));
        Task<bool>[] singles =
        [
            .. Enumerable.Range(0, 5).Select(_ => turns.TakeAsync(1, Priority.Default, Long).AsTask()),
        ];
        turns.Return(3, Priority.Default);
        Assert.Equal(5, turns.Waiting.Sum());

        turns.Return(64, Priority.Default);

        Assert.Equal(1, turns.Waiting.Sum());
        turns.Return(1, Priority.Default);
        Assert.All(await Task.WhenAll(singles), Assert.True);
    }

    [Fact]
    public async Task Who_gives_up_leaves_the_queue_and_takes_no_turn()
    {
        SearchTurns turns = new(1);
        Assert.True(await turns.TakeAsync(1, Priority.Default, Long));
        Assert.False(await turns.TakeAsync(1, Priority.Highest, SearchBudget.Of(TimeSpan.Zero)));
        using CancellationTokenSource gone = new();
        Task<bool> cancelled = turns.TakeAsync(
            1, Priority.Highest, SearchBudget.Of(TimeSpan.FromMinutes(10), gone.Token)).AsTask();
        Assert.False(cancelled.IsCompleted);
        await gone.CancelAsync();
        Assert.False(await cancelled);
        Assert.Equal(0, turns.Waiting.Sum());

        turns.Return(1, Priority.Default);
        Assert.True(await turns.TakeAsync(1, Priority.Default, Long));
    }

    [Fact]
    public async Task No_turn_is_lost_and_no_more_are_given_than_fit_where_many_come_and_give_up()
    {
        const int atOnce = 3;
        SearchTurns turns = new(atOnce);
        int running = 0;
        int most = 0;
        int taken = 0;
        await Parallel.ForAsync(0, 2000, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, cancel) =>
        {
            SearchBudget budget = i % 5 == 0 ? SearchBudget.Of(TimeSpan.Zero, cancel) : Long;
            if (await turns.TakeAsync(1, new Priority(i % Priority.Levels), budget))
            {
                int now = Interlocked.Increment(ref running);
                InterlockedMax(ref most, now);
                await Task.Yield();
                Interlocked.Increment(ref taken);
                Interlocked.Decrement(ref running);
                turns.Return(1, Priority.Default);
            }
        });

        Assert.InRange(most, 1, atOnce);
        Assert.InRange(taken, 1600, 2000);
        Assert.Equal(0, turns.Waiting.Sum());
        Assert.True(await turns.TakeAsync(1, Priority.Default, SearchBudget.Of(TimeSpan.Zero)));
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (int seen = most; value > seen; seen = most)
        {
            Interlocked.CompareExchange(ref most, value, seen);
        }
    }

    private static async Task<Turn> NamedAsync(
        SearchTurns turns, int priority, string name, SearchLoad? load = null)
    {
        Turn turn = new(name, load ?? 1);
        Assert.True(await turns.TakeAsync(turn.Load, new Priority(priority), Long));
        return turn;
    }

    /// <summary>Ends turn after turn, first the one of 1; the names in the order in which theirs came.</summary>
    private static async Task<List<string>> OrderAsync(SearchTurns turns, List<Task<Turn>> waiting, int count)
    {
        List<string> order = [];
        SearchLoad taken = 1;
        while (order.Count < count)
        {
            turns.Return(taken, Priority.Default);
            Task<Turn> next = await Task.WhenAny(waiting);
            waiting.Remove(next);
            taken = (await next).Load;
            order.Add((await next).Name);
        }

        return order;
    }

    private sealed record Turn(string Name, SearchLoad Load);
}
