using MatchCluster.Api.Searching;

namespace MatchCluster.Api.Http;

/// <summary>
/// Refuses a search at the door when those before it would take longer than a caller should wait: a refusal costs
/// nothing, a search that is given up after ten seconds costs ten seconds.
/// </summary>
/// <remarks>
/// <para>Before a search are those inside that are not of lower priority (<see cref="SearchTurns"/> lets it pass the
/// others), so that low priorities are refused first. How long they would take is their number times the time between
/// two answers while there was work (Little's law), over the last <see cref="Memory"/> or so answers; where searches
/// become dearer or cheaper, the estimate follows within as many answers. Who still comes with a higher priority goes
/// first too, which makes it longer by 1 / (1 - the share of the time that higher priorities took lately), at most by
/// <see cref="SearchTurns.TurnsPerOldest"/>.</para>
/// <para>The first <see cref="Always"/> get in whatever they take, so that a large gallery is searched at all and there
/// is always something to measure.</para>
/// </remarks>
internal sealed class AdmissionGate(Admission admission, TimeProvider clock)
{
    /// <summary>Searches that are let in however slow they are: what one pass over a partition serves well.</summary>
    internal const int Always = 8;

    /// <summary>Answers after which an earlier one counts by 1/e.</summary>
    private const double Memory = 64;

    private readonly Lock guard = new();
    private readonly int[] searches = new int[Priority.Levels];
    private readonly double[] answered = new double[Priority.Levels];
    private int inside;
    private long since;
    private double busySeconds;
    private double idleSeconds;

    /// <summary>Requests inside, running or waiting.</summary>
    public int Inside
    {
        get
        {
            lock (guard)
            {
                return inside;
            }
        }
    }

    public int Places => admission.Places;

    /// <summary>How long the searches inside will probably take.</summary>
    public TimeSpan Expected
    {
        get
        {
            lock (guard)
            {
                return TimeSpan.FromSeconds(searches.Sum() * PerSearch);
            }
        }
    }

    /// <summary>Searches inside, running or waiting, by priority.</summary>
    public int[] ByPriority
    {
        get
        {
            lock (guard)
            {
                return [.. searches];
            }
        }
    }

    private double PerSearch => answered.Sum() is > 0 and var all ? busySeconds / all : 0;

    /// <summary>
    /// Searches that a long stream may bring at a time so that whoever comes meanwhile need not be refused.
    /// </summary>
    public int PortionFor(Priority priority)
    {
        lock (guard)
        {
            double each = PerSearch * SlowedBy(priority);
            return (int)Math.Clamp(admission.Patience.TotalSeconds / 2 / Math.Max(each, 1e-6), Always, int.MaxValue);
        }
    }

    /// <summary>Takes a place; the failure says why there is none.</summary>
    /// <param name="count">Searches that come in by it; 0 for work that no search waits for.</param>
    /// <param name="priority">Of all of them.</param>
    public Failure? Enter(int count, Priority priority)
    {
        lock (guard)
        {
            int places = admission.PlacesFor(priority);
            if (inside >= places)
            {
                return new Failure(
                    FailureCode.Overloaded,
                    $"{inside} searches are running or waiting, priority {priority.Level} has places among the first "
                        + $"{places}; ask again",
                    TimeSpan.FromSeconds(1));
            }

            int ahead = searches.Skip(priority.Level).Sum();
            TimeSpan before = TimeSpan.FromSeconds(ahead * PerSearch * SlowedBy(priority));
            if (count > 0 && ahead >= Always && before > admission.Patience)
            {
                double later = Math.Ceiling((before - admission.Patience).TotalSeconds);
                return new Failure(
                    FailureCode.Overloaded,
                    $"{ahead} searches of priority {priority.Level} and above are running or waiting, about "
                        + $"{before.TotalSeconds:F1} s of work; ask again",
                    TimeSpan.FromSeconds(Math.Max(1, later)));
            }

            if (count > 0 && searches.Sum() == 0)
            {
                Begin();
            }

            inside++;
            searches[priority.Level] += count;
            return null;
        }
    }

    /// <summary>Gives the place back, both as it came in.</summary>
    public void Leave(int count, Priority priority)
    {
        lock (guard)
        {
            inside--;
            searches[priority.Level] -= count;
            if (count == 0)
            {
                return;
            }

            long now = clock.GetTimestamp();
            double kept = Math.Exp(-count / Memory);
            busySeconds = (busySeconds * kept) + clock.GetElapsedTime(since, now).TotalSeconds;
            idleSeconds *= kept;
            foreach (ref double level in answered.AsSpan())
            {
                level *= kept;
            }

            answered[priority.Level] += count;
            since = now;
        }
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

    /// <summary>How much longer work takes because higher priorities come in between.</summary>
    private double SlowedBy(Priority priority)
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
}
