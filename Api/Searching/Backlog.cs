using MatchCluster.Api.Http.Callers;

namespace MatchCluster.Api.Searching;

/// <summary>
/// Work of one kind inside the gate, and how long it will take: its cost times the measured time of a unit of
/// cost, which is the time between two answers while there was work (Little's law), over about the last
/// <see cref="Memory"/> answers. Where work becomes dearer or cheaper, the estimate follows within as many
/// answers. Work that ends without having been done does not count as an answer, and time in which an answer
/// only waited for a partition that did not answer does not count as work (<see cref="Told"/>). Not safe for
/// several threads.
/// </summary>
internal sealed class Backlog(TimeProvider clock)
{
    /// <summary>Answers after which an earlier one counts by 1/e.</summary>
    private const double Memory = 64;

    private readonly int[] count = new int[Priority.Levels];
    private readonly double[] cost = new double[Priority.Levels];
    private readonly double[] answered = new double[Priority.Levels];
    private long since;
    private double busySeconds;
    private double idleSeconds;

    /// <summary>What is inside, by priority.</summary>
    public int[] ByPriority => [.. count];

    /// <summary>Seconds that a unit of cost takes.</summary>
    public double PerUnit => answered.Sum() is > 0 and var all ? busySeconds / all : 0;

    /// <summary>Seconds that everything inside will take.</summary>
    public double Expected => cost.Sum() * PerUnit;

    /// <summary>How many are inside that are not of lower priority.</summary>
    public int AheadOf(Priority priority) => count.AsSpan(priority.Level).ToArray().Sum();

    /// <summary>Seconds until somebody who comes in now would have its turn.</summary>
    public double SecondsBefore(Priority priority) =>
        cost.AsSpan(priority.Level).ToArray().Sum() * PerUnit * SlowedBy(priority);

    public void Enter(int pieces, double costs, Priority priority)
    {
        if (count.All(inside => inside == 0))
        {
            Begin();
        }

        count[priority.Level] += pieces;
        cost[priority.Level] += costs;
    }

    public void Leave(int pieces, double costs, Priority priority, Told told)
    {
        count[priority.Level] -= pieces;

        // Nobody inside has no cost: the sums of many fractions do not come back to nothing by themselves.
        cost[priority.Level] = count[priority.Level] == 0 ? 0 : cost[priority.Level] - costs;
        if (!told.IsMeasured)
        {
            // The time since the last answer belongs to what is still inside, if anything is: see Begin.
            return;
        }

        long now = clock.GetTimestamp();
        double kept = Math.Exp(-pieces / Memory);
        TimeSpan worked = clock.GetElapsedTime(since, now) - told.InVain;
        busySeconds = (busySeconds * kept) + Math.Max(0, worked.TotalSeconds);
        idleSeconds *= kept;
        foreach (ref double level in answered.AsSpan())
        {
            level *= kept;
        }

        answered[priority.Level] += costs;
        since = now;
    }

    /// <summary>How much longer work takes because higher priorities come in between.</summary>
    public double SlowedBy(Priority priority)
    {
        double all = answered.Sum();
        if (all <= 0)
        {
            return 1;
        }

        double higher = answered.Skip(priority.Level + 1).Sum() / all;
        double busy = busySeconds / Math.Max(busySeconds + idleSeconds, 1e-9);
        return 1 / Math.Max(1 - (higher * busy), 1.0 / SearchTurns.TurnsPerOldest);
    }

    /// <summary>
    /// Work begins again. A night without any is not remembered longer than a morning's work: idle time counts no more
    /// than busy time.
    /// </summary>
    private void Begin()
    {
        long now = clock.GetTimestamp();
        idleSeconds = Math.Min(idleSeconds + clock.GetElapsedTime(since, now).TotalSeconds, busySeconds);
        since = now;
    }
}
