using System.Collections.Concurrent;
using MatchCluster.LoadTest.Client;

namespace MatchCluster.LoadTest.Runs;

/// <summary>
/// What happened to the requests of one kind. Latencies are those of answered requests (2xx) and count from
/// the intended send time; refusals and errors are counted apart, so that a fast refusal does not make the
/// server look fast. Safe from any number of threads.
/// </summary>
internal sealed class Tally
{
    private readonly ConcurrentDictionary<string, long> statuses = new(StringComparer.Ordinal);
    private long sent;
    private long answered;
    private long partial;
    private long right;
    private long missed;
    private long falseCandidates;

    public LatencyHistogram Latency { get; } = new();

    /// <summary>Requests that were due, whether or not they could be sent.</summary>
    public long Due => Volatile.Read(ref sent);

    /// <summary>Requests answered with 2xx.</summary>
    public long Answered => Volatile.Read(ref answered);

    public long Partial => Volatile.Read(ref partial);

    public long Right => Volatile.Read(ref right);

    public long Missed => Volatile.Read(ref missed);

    public long FalseCandidates => Volatile.Read(ref falseCandidates);

    public long Refused => statuses.GetValueOrDefault(Outcome.Refused);

    /// <summary>
    /// Neither answered nor refused: other statuses, time-outs, broken connections, unsent.
    /// </summary>
    public long Errors => Ended - Answered - Refused;

    public long Ended => statuses.Values.Sum();

    /// <summary>Requests by how they ended.</summary>
    public IReadOnlyDictionary<string, long> Statuses =>
        new SortedDictionary<string, long>(statuses, StringComparer.Ordinal);

    public void CountDue() => Interlocked.Increment(ref sent);

    public void Count(Outcome outcome, TimeSpan latency)
    {
        statuses.AddOrUpdate(outcome.Status, 1, (_, n) => n + 1);
        if (outcome.IsPartial)
        {
            Interlocked.Increment(ref partial);
        }

        if (!outcome.IsSuccess)
        {
            return;
        }

        Interlocked.Increment(ref answered);
        Latency.Record(latency);
        switch (outcome.Verdict)
        {
            case Verdict.Right:
                Interlocked.Increment(ref right);
                break;
            case Verdict.Missed:
                Interlocked.Increment(ref missed);
                break;
            case Verdict.FalseCandidate:
                Interlocked.Increment(ref falseCandidates);
                break;
            default:
                break;
        }
    }

    public void Add(Tally other)
    {
        foreach ((string status, long n) in other.statuses)
        {
            statuses.AddOrUpdate(status, n, (_, before) => before + n);
        }

        Interlocked.Add(ref sent, other.Due);
        Interlocked.Add(ref answered, other.Answered);
        Interlocked.Add(ref partial, other.Partial);
        Interlocked.Add(ref right, other.Right);
        Interlocked.Add(ref missed, other.Missed);
        Interlocked.Add(ref falseCandidates, other.FalseCandidates);
        Latency.Add(other.Latency);
    }
}
