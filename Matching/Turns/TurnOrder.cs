using System.Diagnostics.CodeAnalysis;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Turns;

/// <summary>
/// The order of turns at a server: the highest priority first, within it fairly between partners
/// (<see cref="FairQueue{T}"/>), and of one partner the earliest. Not safe for several threads.
/// </summary>
/// <remarks>
/// No priority starves: one turn in <see cref="TurnsPerOldest"/> that there is a choice about belongs to the priority
/// whose items have waited longest, so that the lower ones together always get an eighth of the turns. Which partner
/// has that turn is the fair order's choice too: who has the longest queue has the oldest item, and must not gain by
/// it. A turn of what is far dearer than usual counts as all eight.
/// </remarks>
/// <typeparam name="T">What waits.</typeparam>
public sealed class TurnOrder<T>
{
    /// <summary>One turn in so many is not the highest priority's.</summary>
    public const int TurnsPerOldest = 8;

    private readonly FairQueue<Item>[] levels =
        [.. Enumerable.Range(0, Standing.Levels).Select(_ => new FairQueue<Item>())];

    private int passedOver;
    private long came;

    /// <summary>Items that wait.</summary>
    public int Count { get; private set; }

    /// <summary>Items that wait, by priority.</summary>
    public int[] Waiting => [.. levels.Select(level => level.Count)];

    /// <summary>Partners that are told apart now; one counts once for each priority that it uses.</summary>
    public int Partners => levels.Sum(level => level.Partners);

    /// <summary>Adds an item.</summary>
    /// <param name="value">What waits.</param>
    /// <param name="standing">Whose it is and how urgent.</param>
    /// <param name="cost">What serving it takes.</param>
    /// <param name="isLarge">It is far dearer than usual.</param>
    /// <returns>Its place, to take it out.</returns>
    public Place Add(T value, Standing standing, double cost, bool isLarge = false)
    {
        Count++;
        return new Place(
            standing.Priority, levels[standing.Priority].Add(new Item(value, isLarge, came++), standing, cost));
    }

    /// <summary>Takes out an item that waits.</summary>
    public void Remove(Place place)
    {
        ArgumentNullException.ThrowIfNull(place);
        levels[place.Level].Remove(place.InLevel);
        Count--;
    }

    /// <summary>Takes the item whose turn is next; false where none waits.</summary>
    /// <param name="value">The item.</param>
    /// <param name="isFree">Serving it costs nothing, because whoever asked has gone.</param>
    public bool TryTake([MaybeNullWhen(false)] out T value, Func<T, bool>? isFree = null)
    {
        if (Count == 0)
        {
            value = default;
            return false;
        }

        Count--;
        value = NextLevel().Take(isFree is null ? null : item => isFree(item.Value)).Value;
        return true;
    }

    /// <summary>The next item of the highest priority that waits; false where none does.</summary>
    public bool TryPeek([MaybeNullWhen(false)] out T value)
    {
        FairQueue<Item>? highest = levels.LastOrDefault(level => level.Count > 0);
        value = highest is null ? default : highest.Next.Value;
        return highest is not null;
    }

    /// <summary>Nothing waits and nothing is served: whoever comes now owes nothing.</summary>
    public void EndBusyTime()
    {
        foreach (FairQueue<Item> level in levels)
        {
            level.EndBusyTime();
        }
    }

    private FairQueue<Item> NextLevel()
    {
        FairQueue<Item>? highest = null;
        FairQueue<Item>? oldest = null;
        foreach (FairQueue<Item> level in levels)
        {
            if (level.Count > 0)
            {
                highest = level;
                oldest = oldest is null || level.Oldest.Came < oldest.Oldest.Came ? level : oldest;
            }
        }

        // Counted only where somebody is passed over: an eighth of the turns that there is a choice about.
        if (oldest == highest)
        {
            return highest!;
        }

        if (++passedOver >= TurnsPerOldest)
        {
            passedOver = 0;
            return oldest!;
        }

        passedOver = highest!.Next.IsLarge ? TurnsPerOldest - 1 : passedOver;
        return highest;
    }

    /// <summary>The place of an item that waits.</summary>
    public sealed class Place
    {
        internal Place(int level, FairQueue<Item>.Place inLevel)
        {
            Level = level;
            InLevel = inLevel;
        }

        internal int Level { get; }

        internal FairQueue<Item>.Place InLevel { get; }
    }

    internal readonly record struct Item(T Value, bool IsLarge, long Came);
}
