namespace MatchCluster.Api.Http;

/// <summary>
/// Refuses a search at the door when those before it would take longer than a caller should wait: a refusal costs
/// nothing, a search that is given up after ten seconds costs ten seconds.
/// </summary>
/// <remarks>
/// How long they would take is their number times the time between two answers while there was work (Little's law),
/// over the last <see cref="Memory"/> or so answers; where searches become dearer or cheaper, the estimate follows
/// within as many answers. The first <see cref="Always"/> get in whatever they take, so that a large
/// gallery is searched at all and there is always something to measure.
/// </remarks>
internal sealed class AdmissionGate(Admission admission, TimeProvider clock)
{
    /// <summary>Searches that are let in however slow they are: what one pass over a partition serves well.</summary>
    internal const int Always = 8;

    /// <summary>Answers after which an earlier one counts by 1/e.</summary>
    private const double Memory = 64;

    private readonly Lock guard = new();
    private int inside;
    private int searches;
    private long since;
    private double busySeconds;
    private double answered;

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
                return TimeSpan.FromSeconds(searches * PerSearch);
            }
        }
    }

    /// <summary>
    /// Searches that a long stream may bring at a time so that whoever comes meanwhile need not be refused.
    /// </summary>
    public int Portion
    {
        get
        {
            lock (guard)
            {
                double half = admission.Patience.TotalSeconds / 2 / Math.Max(PerSearch, 1e-6);
                return (int)Math.Clamp(half, Always, int.MaxValue);
            }
        }
    }

    private double PerSearch => answered == 0 ? 0 : busySeconds / answered;

    /// <summary>Takes a place; the failure says why there is none.</summary>
    /// <param name="count">Searches that come in by it; 0 for work that no search waits for.</param>
    public Failure? Enter(int count)
    {
        lock (guard)
        {
            if (inside >= admission.Places)
            {
                return new Failure(
                    ErrorCode.Overloaded, $"{admission.Places} searches are running or waiting; ask again",
                    TimeSpan.FromSeconds(1));
            }

            TimeSpan before = TimeSpan.FromSeconds(searches * PerSearch);
            if (count > 0 && searches >= Always && before > admission.Patience)
            {
                double later = Math.Ceiling((before - admission.Patience).TotalSeconds);
                return new Failure(
                    ErrorCode.Overloaded,
                    $"{searches} searches are running or waiting, about {before.TotalSeconds:F1} s of work; ask again",
                    TimeSpan.FromSeconds(Math.Max(1, later)));
            }

            if (searches == 0)
            {
                since = clock.GetTimestamp();
            }

            inside++;
            searches += count;
            return null;
        }
    }

    /// <summary>Gives the place back; <paramref name="count"/> as it came in.</summary>
    public void Leave(int count)
    {
        lock (guard)
        {
            inside--;
            searches -= count;
            if (count == 0)
            {
                return;
            }

            long now = clock.GetTimestamp();
            double kept = Math.Exp(-count / Memory);
            busySeconds = (busySeconds * kept) + clock.GetElapsedTime(since, now).TotalSeconds;
            answered = (answered * kept) + count;
            since = now;
        }
    }
}

/// <param name="Places">Requests inside at most, whatever they take.</param>
/// <param name="Patience">Work before a search beyond which it is refused.</param>
internal sealed record Admission(int Places, TimeSpan Patience)
{
    public static Admission Default { get; } = new(ApiLimits.ConcurrentSearches, ApiLimits.Patience);
}
