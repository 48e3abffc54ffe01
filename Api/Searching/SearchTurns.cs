using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Turns;

namespace MatchCluster.Api.Searching;

/// <summary>
/// The order in which searches go to the engine: while only a few are there, the next one goes
/// (<see cref="TurnSlots{T}"/>). That is one of the highest priority, within it of the partner whose turn it is by cost
/// and weight, and of that partner the earliest (<see cref="TurnOrder{T}"/>). Where callers are not told apart there
/// is one partner.
/// </summary>
/// <remarks>
/// No priority starves: see <see cref="TurnOrder{T}"/>. A search that has begun is not interrupted. A batch takes one
/// turn and counts as many searches as it holds. A search that gives up while it waits costs its partner nothing.
/// </remarks>
internal sealed class SearchTurns
{
    internal const int TurnsPerOldest = TurnOrder<TaskCompletionSource>.TurnsPerOldest;

    private readonly Lock guard = new();
    private readonly TurnSlots<TaskCompletionSource> slots;

    /// <param name="atOnce">Searches at the engine below which another may go: enough to keep it busy.</param>
    public SearchTurns(int atOnce) => slots = new TurnSlots<TaskCompletionSource>(atOnce);

    /// <summary>Waiting calls by priority.</summary>
    public int[] Waiting
    {
        get
        {
            lock (guard)
            {
                return slots.Waiting;
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
                return slots.Partners;
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
        TaskCompletionSource turn = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TurnOrder<TurnSlots<TaskCompletionSource>.Held>.Place place;
        lock (guard)
        {
            place = slots.Add(turn, load, asker.Standing);
            GoOn();
        }

        if (turn.Task.IsCompleted)
        {
            return true;
        }

        await turn.Task.WaitAsync(budget.Remaining, budget.Cancel)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (guard)
        {
            // Between the end of the wait and here its turn may have come.
            if (!turn.Task.IsCompleted)
            {
                slots.Remove(place);
                GoOn(); // Who comes after it may be one that need not wait.
                return false;
            }
        }

        return true;
    }

    /// <summary>Ends a turn that was taken.</summary>
    /// <param name="load">The load as it was taken.</param>
    /// <param name="asker">Whose it was.</param>
    public void Return(SearchLoad load, Asker asker)
    {
        lock (guard)
        {
            slots.Return(load, asker.Standing);
            GoOn();
        }
    }

    private void GoOn()
    {
        while (slots.TryGo(out TaskCompletionSource? next))
        {
            next.SetResult();
        }
    }
}
