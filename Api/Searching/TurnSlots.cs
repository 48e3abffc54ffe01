using System.Diagnostics.CodeAnalysis;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Turns;

namespace MatchCluster.Api.Searching;

/// <summary>
/// What waits for the engine and how much is there: while less than a few searches are, the next one goes. A partner
/// that has nothing at the engine need not wait for what others have there, where its turn is next; the engine's own
/// order lets it pass them. At most as many partners as there are usual places have something there at once. Not safe
/// for several threads.
/// </summary>
/// <typeparam name="T">What waits.</typeparam>
internal sealed class TurnSlots<T>(int atOnce)
{
    private readonly TurnOrder<Held> order = new();
    private readonly Dictionary<ulong, int> turnsOf = [];
    private int running;

    /// <summary>What waits, by priority.</summary>
    public int[] Waiting => order.Waiting;

    /// <summary>Partners that are told apart now, once for each priority that they use.</summary>
    public int Partners => order.Partners + turnsOf.Count;

    /// <summary>Adds what waits.</summary>
    /// <returns>Its place, to take it out.</returns>
    public TurnOrder<Held>.Place Add(T value, SearchLoad load, Standing standing) =>
        order.Add(new Held(value, load, standing.Partner), standing, load.Cost, load.IsLarge);

    /// <summary>Takes out what waits.</summary>
    public void Remove(TurnOrder<Held>.Place place) => order.Remove(place);

    /// <summary>The next that may go now; false where none may.</summary>
    public bool TryGo([MaybeNullWhen(false)] out T value)
    {
        if ((running >= atOnce && !MayPass()) || !order.TryTake(out Held? next))
        {
            value = default;
            return false;
        }

        running += SizeOf(next.Load);
        turnsOf[next.Partner] = turnsOf.GetValueOrDefault(next.Partner) + 1;
        value = next.Value;
        return true;
    }

    /// <summary>Ends the turn of one that went.</summary>
    public void Return(SearchLoad load, Standing standing)
    {
        running -= SizeOf(load);
        if (--turnsOf[standing.Partner] == 0)
        {
            turnsOf.Remove(standing.Partner);
        }

        if (turnsOf.Count == 0)
        {
            order.EndBusyTime();
        }
    }

    private bool MayPass() =>
        turnsOf.Count < atOnce && order.TryPeek(out Held? next) && !turnsOf.ContainsKey(next.Partner);

    /// <summary>One far dearer than usual takes the place of two: a cheap one waits for fewer of them.</summary>
    private static int SizeOf(SearchLoad load) => load.IsLarge ? 2 * load.Searches : load.Searches;

    /// <param name="Value">What waits.</param>
    /// <param name="Load">What it will probably cost.</param>
    /// <param name="Partner">Whose it is.</param>
    internal sealed record Held(T Value, SearchLoad Load, ulong Partner);
}
