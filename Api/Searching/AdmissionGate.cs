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
/// <para>Of its own priority a partner waits for its own requests, and for as much of the others' as the fair order
/// lets go meanwhile. So a partner that asks for more than its share is refused for its own backlog, and one that asks
/// for less is let in however much the others ask. No partner takes all places either: it may have at most
/// <see cref="PlacesPerFree"/> times as many as are left.</para>
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

    /// <summary>
    /// Places that a partner may have for each that is still free: alone it gets four fifths of all, and n partners
    /// that ask for all they can get n equal parts, beside which a quarter of one part stays free for the next.
    /// </summary>
    private const int PlacesPerFree = 4;

    /// <summary>
    /// Work of a stream that goes at once where other partners ask too: it is not interrupted, and they wait for it.
    /// </summary>
    private static readonly TimeSpan PortionBesideOthers = TimeSpan.FromMilliseconds(50);

    private readonly Lock guard = new();
    private readonly Dictionary<ulong, int> insideOf = [];
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

    /// <summary>Partners that are told apart now, once for each priority and kind of work.</summary>
    public int Partners
    {
        get
        {
            lock (guard)
            {
                return searches.Partners + large.Partners + calls.Partners + insideOf.Count;
            }
        }
    }

    /// <summary>
    /// How much a long stream may bring at a time, so that callers that come meanwhile need not be refused; and where
    /// other partners ask too, so that they need not wait for it long.
    /// </summary>
    public Portion PortionFor(Asker asker)
    {
        lock (guard)
        {
            double each = Math.Max(searches.PerUnit * searches.SlowedBy(asker.Priority.Level), 1e-6);
            (TimeSpan work, int lines) = searches.HasOthers(asker.Standing.Partner)
                ? (PortionBesideOthers, 1) : (admission.Patience / 2, Always);
            return new Portion((int)Math.Clamp(work.TotalSeconds / each, lines, int.MaxValue), lines);
        }
    }

    /// <summary>Takes a place; the failure says why there is none.</summary>
    /// <param name="load">What comes in by it.</param>
    /// <param name="asker">Whose it is, and the priority of all of it.</param>
    public Failure? Enter(SearchLoad load, Asker asker)
    {
        lock (guard)
        {
            Priority priority = asker.Priority;
            ulong partner = asker.Standing.Partner;
            int places = admission.PlacesFor(priority);
            int own = insideOf.GetValueOrDefault(partner);
            if (inside >= places)
            {
                return new Failure(
                    FailureCode.Overloaded,
                    $"{inside} searches are running or waiting, priority {priority.Level} has places among the first "
                        + $"{places}; ask again",
                    TimeSpan.FromSeconds(1));
            }

            // Where callers are not told apart there is nobody to leave places to.
            if (partner != 0 && own > PlacesPerFree * (places - inside))
            {
                return new Failure(
                    FailureCode.Overloaded,
                    $"{own} searches of this partner are running or waiting, and the {places - inside} places left of "
                        + $"{places} are for others; ask again",
                    TimeSpan.FromSeconds(1));
            }

            Backlog backlog = BacklogOf(load);
            double share = load.IsLarge ? LargeShare : 1;
            int ahead = backlog.AheadOf(priority);
            TimeSpan before = TimeSpan.FromSeconds(backlog.SecondsBefore(asker.Standing));
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
            insideOf[partner] = own + 1;
            backlog.Enter(PiecesOf(load), load.Cost, asker.Standing);
            return null;
        }
    }

    /// <summary>Gives the place back.</summary>
    /// <param name="load">The load as it came in.</param>
    /// <param name="asker">Whose it was as it came in.</param>
    /// <param name="told">What its end tells of how long such work takes.</param>
    public void Leave(SearchLoad load, Asker asker, Told told)
    {
        lock (guard)
        {
            inside--;
            ulong partner = asker.Standing.Partner;
            if (--insideOf[partner] is var left && left == 0)
            {
                insideOf.Remove(partner);
            }

            BacklogOf(load).Leave(PiecesOf(load), load.Cost, asker.Standing, told);
        }
    }

    private static int PiecesOf(SearchLoad load) => Math.Max(1, load.Searches);

    private Backlog BacklogOf(SearchLoad load) => load.Searches == 0 ? calls : load.IsLarge ? large : searches;
}

/// <summary>What goes of a stream at a time.</summary>
/// <param name="Cost">Their cost, in searches of usual cost.</param>
/// <param name="Lines">Lines of usual cost that go together in any case.</param>
internal readonly record struct Portion(int Cost, int Lines);
