using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Http.Failures;

namespace MatchCluster.Api.Searching;

/// <summary>
/// Refuses work at the door when what is before it would take longer than a caller should wait: a refusal costs
/// nothing, a search that is given up after ten seconds costs ten seconds.
/// </summary>
/// <remarks>
/// <para>A search waits for all requests inside that are not of lower priority (<see cref="SearchTurns"/>
/// lets it pass the others), so that low priorities are refused first. The time that they would take is their
/// expected cost (<see cref="SearchLoad"/>) times the time of a unit of cost (<see cref="Backlog"/>).
/// Searches of a higher priority that come later go first too. They make the wait longer by the factor 1 / (1
/// - the share of the time that higher priorities took lately), at most by
/// <see cref="SearchTurns.TurnsPerOldest"/>.</para>
/// <para>The first <see cref="Always"/> get in whatever they take, so that a large gallery is searched at all and there
/// is always something to measure.</para>
/// <para>Searches that are far dearer than usual (exhaustive, swapped hands) have a backlog of their own,
/// half of the patience and half of <see cref="Always"/>, whatever their priority. So a caller that asks for
/// nothing else does not keep out callers with cheap searches, which get the turn after each dear one.</para>
/// <para>Calls that take no turn (verifications, comparisons of two, explanations) wait for each other and not for
/// searches: they have a backlog of their own, and equal patience.</para>
/// </remarks>
internal sealed class AdmissionGate(Admission admission, TimeProvider clock)
{
    /// <summary>Searches that are let in however slow they are: what one pass over a partition serves well.</summary>
    internal const int Always = 8;

    /// <summary>
    /// The share of <see cref="Always"/> and of the patience that searches far dearer than usual have.
    /// </summary>
    private const double LargeShare = 0.5;

    private readonly Lock guard = new();
    private readonly Backlog searches = new(clock);
    private readonly Backlog large = new(clock);
    private readonly Backlog calls = new(clock);
    private int inside;

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
                return TimeSpan.FromSeconds(searches.Expected + large.Expected);
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
                return [.. searches.ByPriority.Zip(large.ByPriority, (a, b) => a + b)];
            }
        }
    }

    /// <summary>
    /// How much a long stream may bring at a time, in searches of usual cost, so that callers that come
    /// meanwhile need not be refused.
    /// </summary>
    public int PortionFor(Priority priority)
    {
        lock (guard)
        {
            double each = searches.PerUnit * searches.SlowedBy(priority);
            return (int)Math.Clamp(admission.Patience.TotalSeconds / 2 / Math.Max(each, 1e-6), Always, int.MaxValue);
        }
    }

    /// <summary>Takes a place; the failure says why there is none.</summary>
    /// <param name="load">What comes in by it.</param>
    /// <param name="priority">The priority of all of it.</param>
    public Failure? Enter(SearchLoad load, Priority priority)
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

            Backlog backlog = BacklogOf(load);
            double share = load.IsLarge ? LargeShare : 1;
            int ahead = backlog.AheadOf(priority);
            TimeSpan before = TimeSpan.FromSeconds(backlog.SecondsBefore(priority));
            TimeSpan patience = admission.Patience * share;
            if (ahead >= Always * share && before > patience)
            {
                double later = Math.Ceiling((before - patience).TotalSeconds);
                return new Failure(
                    FailureCode.Overloaded,
                    $"{ahead} {(load.Searches > 0 ? "searches" : "comparisons")} of priority {priority.Level} "
                        + $"and above are running or waiting, about {before.TotalSeconds:F1} s of work; ask again",
                    TimeSpan.FromSeconds(Math.Max(1, later)));
            }

            inside++;
            backlog.Enter(PiecesOf(load), load.Cost, priority);
            return null;
        }
    }

    /// <summary>Gives the place back.</summary>
    /// <param name="load">The load as it came in.</param>
    /// <param name="priority">The priority as it came in.</param>
    /// <param name="told">What its end tells of how long such work takes.</param>
    public void Leave(SearchLoad load, Priority priority, Told told)
    {
        lock (guard)
        {
            inside--;
            BacklogOf(load).Leave(PiecesOf(load), load.Cost, priority, told);
        }
    }

    private static int PiecesOf(SearchLoad load) => Math.Max(1, load.Searches);

    private Backlog BacklogOf(SearchLoad load) => load.Searches == 0 ? calls : load.IsLarge ? large : searches;
}
