using MatchCluster.Api.Http.Callers;
using MatchCluster.Matching.Seam;

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

    private readonly PartnerWork[] levels = [.. Enumerable.Range(0, Priority.Levels).Select(_ => new PartnerWork())];
    private long since;
    private double busySeconds;
    private double idleSeconds;

    /// <summary>What is inside, by priority.</summary>
    public int[] ByPriority => [.. levels.Select(level => level.Count)];

    /// <summary>Seconds that a unit of cost takes.</summary>
    public double PerUnit => Answered is > 0 and var all ? busySeconds / all : 0;

    /// <summary>Seconds that everything inside will take.</summary>
    public double Expected => levels.Sum(level => level.Cost) * PerUnit;

    /// <summary>Partners that are told apart now, once for each priority.</summary>
    public int Partners => levels.Sum(level => level.Partners);

    private double Answered => levels.Sum(level => level.Answered);

    private double Busy => busySeconds / Math.Max(busySeconds + idleSeconds, 1e-9);

    /// <summary>How many are inside that are not of lower priority.</summary>
    public int AheadOf(Priority priority) => levels.Skip(priority.Level).Sum(level => level.Count);

    /// <summary>
    /// Seconds until somebody who comes in now would have its turn: what is of higher priority, and of its own what the
    /// fair order lets go before it.
    /// </summary>
    public double SecondsBefore(Standing standing)
    {
        PartnerWork level = levels[standing.Priority];
        double others = Answered is > 0 and var all ? level.AnsweredToOthers(standing.Partner) / all * Busy : 0;
        double before = level.CostBefore(standing, others)
            + levels.Skip(standing.Priority + 1).Sum(higher => higher.Cost);
        return before * PerUnit * SlowedBy(standing.Priority);
    }

    /// <summary>Whether another partner has asked anything lately.</summary>
    public bool HasOthers(ulong partner)
    {
        long now = clock.GetTimestamp();
        return levels.Any(level => level.HasOthers(partner, seen => clock.GetElapsedTime(seen, now)));
    }

    public void Enter(int pieces, double costs, Standing standing)
    {
        if (levels.All(level => level.Count == 0))
        {
            Begin();
        }

        levels[standing.Priority].Enter(pieces, costs, standing, clock.GetTimestamp());
    }

    public void Leave(int pieces, double costs, Standing standing, Told told)
    {
        PartnerWork level = levels[standing.Priority];
        level.Leave(pieces, costs, standing.Partner);
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
        foreach (PartnerWork any in levels)
        {
            any.Fade(kept, seen => clock.GetElapsedTime(seen, now));
        }

        level.Answer(costs, standing, now);
        since = now;
    }

    /// <summary>How much longer work takes because higher priorities come in between.</summary>
    public double SlowedBy(int priority)
    {
        double all = Answered;
        if (all <= 0)
        {
            return 1;
        }

        double higher = levels.Skip(priority + 1).Sum(level => level.Answered) / all;
        return 1 / Math.Max(1 - (higher * Busy), 1.0 / SearchTurns.TurnsPerOldest);
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
