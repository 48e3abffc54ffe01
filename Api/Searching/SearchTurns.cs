using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Turns;

namespace MatchCluster.Api.Searching;

/// <summary>
/// The order in which searches go to the engine: while only a few are there, the next one goes. That is one of the
/// highest priority, within it of the partner whose turn it is by cost and weight, and of that partner the earliest
/// (<see cref="TurnOrder{T}"/>). Where callers are not told apart there is one partner.
/// </summary>
/// <remarks>
/// No priority starves: see <see cref="TurnOrder{T}"/>. A search that has begun is not interrupted. A batch takes one
/// turn and counts as many searches as it holds. A search that gives up while it waits costs its partner nothing.
/// </remarks>
internal sealed class SearchTurns
{
    internal const int TurnsPerOldest = TurnOrder<Waiter>.TurnsPerOldest;

    private readonly Lock guard = new();
    private readonly TurnOrder<Waiter> order = new();
    private readonly int atOnce;
    private int running;

    /// <param name="atOnce">Searches at the engine below which another may go: enough to keep it busy.</param>
    public SearchTurns(int atOnce) => this.atOnce = atOnce;

    /// <summary>Waiting calls by priority.</summary>
    public int[] Waiting
    {
        get
        {
            lock (guard)
            {
                return order.Waiting;
            }
        }
    }

    /// <summary>Partners that are told apart now, once for each priority that they use.</summary>
    public int Partners
    {
        get
        {
            lock (guard)
            {
                return order.Partners;
            }
        }
    }

    /// <summary>Waits for a turn.</summary>
    /// <param name="load">What goes together.</param>
    /// <param name="asker">Whose they are, and the priority of all of them.</param>
    /// <param name="budget">How long they may wait.</param>
    /// <returns>False where the budget ended first; then there is nothing to give back.</returns>
    public async ValueTask<bool> TakeAsync(SearchLoad load, Asker asker, SearchBudget budget)
    {
        Waiter waiter = new(load);
        TurnOrder<Waiter>.Place place;
        lock (guard)
        {
            place = order.Add(waiter, asker.Standing, load.Cost, load.IsLarge);
            GoOn();
        }

        if (waiter.Turn.Task.IsCompleted)
        {
            return true;
        }

        await waiter.Turn.Task.WaitAsync(budget.Remaining, budget.Cancel)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (guard)
        {
            // Between the end of the wait and here its turn may have come.
            if (!waiter.Turn.Task.IsCompleted)
            {
                order.Remove(place);
                return false;
            }
        }

        return true;
    }

    /// <summary>Ends a turn that was taken.</summary>
    public void Return(SearchLoad load)
    {
        lock (guard)
        {
            running -= SizeOf(load);
            GoOn();
            if (running == 0)
            {
                order.EndBusyTime();
            }
        }
    }

    private void GoOn()
    {
        while (running < atOnce && order.TryTake(out Waiter? next))
        {
            running += SizeOf(next.Load);
            next.Turn.SetResult();
        }
    }

    /// <summary>One far dearer than usual takes the place of two: a cheap one waits for fewer of them.</summary>
    private static int SizeOf(SearchLoad load) => load.IsLarge ? 2 * load.Searches : load.Searches;

    private sealed record Waiter(SearchLoad Load)
    {
        public TaskCompletionSource Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
