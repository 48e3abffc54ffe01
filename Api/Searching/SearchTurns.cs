using MatchCluster.Api.Http.Callers;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Api.Searching;

/// <summary>
/// The order in which searches go to the engine, whose own queues have no order: while only a few are there,
/// the next one goes, the highest priority first and within it the earliest.
/// </summary>
/// <remarks>
/// Nobody starves: one turn in <see cref="TurnsPerOldest"/> belongs to the search that has waited longest,
/// whatever its priority. So a search with n earlier ones before it goes after at most
/// <see cref="TurnsPerOldest"/> x (n + 1) turns, and the low priorities together always get an eighth of the
/// turns. A turn of searches that are far dearer than usual counts as all eight: after each of them the
/// oldest search goes. A search that has begun is not interrupted. A batch takes one turn and counts as many
/// searches as it holds.
/// </remarks>
internal sealed class SearchTurns
{
    internal const int TurnsPerOldest = 8;

    private readonly Lock guard = new();
    private readonly LinkedList<Waiter>[] waiting;
    private readonly int atOnce;
    private int running;
    private int passedOver;
    private long came;

    /// <param name="atOnce">Searches at the engine below which another may go: enough to keep it busy.</param>
    public SearchTurns(int atOnce)
    {
        this.atOnce = atOnce;
        waiting = [.. Enumerable.Range(0, Priority.Levels).Select(_ => new LinkedList<Waiter>())];
    }

    /// <summary>Waiting calls by priority.</summary>
    public int[] Waiting
    {
        get
        {
            lock (guard)
            {
                return [.. waiting.Select(level => level.Count)];
            }
        }
    }

    /// <summary>Waits for a turn.</summary>
    /// <param name="load">What goes together.</param>
    /// <param name="priority">The priority of all of them.</param>
    /// <param name="budget">How long they may wait.</param>
    /// <returns>False where the budget ended first; then there is nothing to give back.</returns>
    public async ValueTask<bool> TakeAsync(SearchLoad load, Priority priority, SearchBudget budget)
    {
        LinkedListNode<Waiter> place;
        lock (guard)
        {
            place = waiting[priority.Level].AddLast(new Waiter(load, came++));
            GoOn();
        }

        if (place.Value.Turn.Task.IsCompleted)
        {
            return true;
        }

        await place.Value.Turn.Task.WaitAsync(budget.Remaining, budget.Cancel)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (guard)
        {
            // Between the end of the wait and here its turn may have come.
            if (!place.Value.Turn.Task.IsCompleted)
            {
                waiting[priority.Level].Remove(place);
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
            running -= WeightOf(load);
            GoOn();
        }
    }

    private void GoOn()
    {
        while (running < atOnce && Next() is { } level)
        {
            Waiter next = level.First!.Value;
            level.RemoveFirst();
            running += WeightOf(next.Load);
            next.Turn.SetResult();
        }
    }

    /// <summary>The queue whose first has the next turn; null where nobody waits.</summary>
    private LinkedList<Waiter>? Next()
    {
        IEnumerable<LinkedList<Waiter>> some = waiting.Where(level => level.Count > 0);
        LinkedList<Waiter>? highest = some.LastOrDefault();
        if (highest is null)
        {
            return null;
        }

        // Counted only where somebody is passed over: an eighth of the turns that there is a choice about.
        LinkedList<Waiter> oldest = some.MinBy(level => level.First!.Value.Came)!;
        if (oldest == highest)
        {
            return highest;
        }

        if (++passedOver >= TurnsPerOldest)
        {
            passedOver = 0;
            return oldest;
        }

        passedOver = highest.First!.Value.Load.IsLarge ? TurnsPerOldest - 1 : passedOver;
        return highest;
    }

    /// <summary>One far dearer than usual takes the place of two: a cheap one waits for fewer of them.</summary>
    private static int WeightOf(SearchLoad load) => load.IsLarge ? 2 * load.Searches : load.Searches;

    private sealed record Waiter(SearchLoad Load, long Came)
    {
        public TaskCompletionSource Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
