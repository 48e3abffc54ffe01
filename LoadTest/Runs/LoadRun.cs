using System.Diagnostics;
using MatchCluster.LoadTest.Client;
using MatchCluster.LoadTest.Workload;

namespace MatchCluster.LoadTest.Runs;

/// <summary>
/// One run of the open model: requests leave when the arrival process says so, however many are still
/// unanswered, and each latency counts from the time its request was meant to leave. A slow server therefore
/// cannot slow its callers down and hide the wait (coordinated omission).
/// </summary>
internal sealed class LoadRun(LoadOptions options, ServerClient client, ProbePool pool)
{
    private const int DrainPollMilliseconds = 10;
    private static readonly TimeSpan DrainAfterStop = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DrainBeyondDeadline = TimeSpan.FromSeconds(5);

    private readonly Tally[] tallies = [.. Enum.GetValues<RequestKind>().Select(_ => new Tally())];
    private readonly IReadOnlyList<Partner> callers = options.Callers;
    private readonly Tally[] partners = [.. options.Partners.Select(_ => new Tally())];
    private readonly Tally[] partnerIntervals = [.. options.Partners.Select(_ => new Tally())];
    private readonly string session = Guid.NewGuid().ToString("n")[..8];
    private readonly TaskCompletionSource allSent = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Tally interval = new();
    private long start;
    private int inFlight;
    private long transactions;
    private long enrolled;

    /// <summary>Requests sent and not yet ended.</summary>
    public int InFlight => Volatile.Read(ref inFlight);

    /// <summary>
    /// Time between a request's intended and its real departure: the generator's own lateness.
    /// </summary>
    public LatencyHistogram Lateness { get; } = new();

    /// <summary>Completes when the last request has left.</summary>
    public Task AllSent => allSent.Task;

    /// <summary>Time from the start until the last request had left.</summary>
    public TimeSpan Sending { get; private set; }

    /// <summary>
    /// Time from the start until the last answer; what is answered later than it was due takes longer.
    /// </summary>
    public TimeSpan Answering { get; private set; }

    public TimeSpan Elapsed => start == 0 ? TimeSpan.Zero : Stopwatch.GetElapsedTime(start);

    /// <summary>Requests due a second, over the time in which they were due.</summary>
    public double PerSecondDue(Tally tally) =>
        tally.Due / Math.Max((Sending - options.WarmUp).TotalSeconds, 1e-3);

    /// <summary>Requests answered a second, over the time that took.</summary>
    public double PerSecondAnswered(Tally tally) =>
        tally.Answered / Math.Max((Answering - options.WarmUp).TotalSeconds, 1e-3);

    public Tally Of(RequestKind kind) => tallies[(int)kind];

    /// <summary>Searches of a partner, by its place in the options.</summary>
    public Tally OfPartner(int number) => partners[number];

    /// <summary>Every search of the run together.</summary>
    public Tally Searches()
    {
        var sum = new Tally();
        foreach (RequestKind kind in options.Kinds)
        {
            sum.Add(Of(kind));
        }

        return sum;
    }

    /// <summary>What ended since this was last called, searches only.</summary>
    public Tally TakeInterval() => Interlocked.Exchange(ref interval, new Tally());

    /// <summary>What ended of a partner's searches since this was last called.</summary>
    public Tally TakeInterval(int partner) => Interlocked.Exchange(ref partnerIntervals[partner], new Tally());

    /// <summary>
    /// Sends until the duration is over or <paramref name="stop"/> is raised, then waits for what is in
    /// flight, at most until every deadline has passed.
    /// </summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var abandon = new CancellationTokenSource();
        start = Stopwatch.GetTimestamp();
        await Task.WhenAll(
            SendAsync("searches", options.Rate, options.Seed + 1, NextSearch, stop, abandon.Token),
            SendAsync("enrolments", options.EnrolRate, options.Seed + 2, NextEnrolment, stop, abandon.Token));
        Sending = Elapsed;
        allSent.SetResult();

        // The client's own time-out ends every request; this bound only guards against that failing. Who
        // stops a run does not want to wait for the slowest.
        long drain = Stopwatch.GetTimestamp();
        while (InFlight > 0 && Stopwatch.GetElapsedTime(drain)
            < (stop.IsCancellationRequested ? DrainAfterStop : options.LongestDeadline + DrainBeyondDeadline))
        {
            await Task.Delay(DrainPollMilliseconds, CancellationToken.None);
        }

        Answering = Elapsed;
        await abandon.CancelAsync();
        while (InFlight > 0)
        {
            await Task.Delay(DrainPollMilliseconds, CancellationToken.None);
        }
    }

    private Task SendAsync(
        string name, double rate, int seed, Func<Random, Departure> next, CancellationToken stop,
        CancellationToken abandon)
    {
        if (rate <= 0)
        {
            return Task.CompletedTask;
        }

        // A thread of its own: the thread pool's queue must not delay a departure.
        var ended = new TaskCompletionSource();
        var thread = new Thread(() =>
        {
            var random = new Random(seed);
            var arrivals = new PoissonArrivals(rate, random);
            for (TimeSpan due = arrivals.Next(); due < options.Duration; due = arrivals.Next())
            {
                Departure departure = next(random);
                if (!WaitUntil(due, stop))
                {
                    break;
                }

                Depart(departure, due, abandon);
            }

            ended.SetResult();
        })
        {
            Name = name,
            IsBackground = true,
        };
        thread.Start();
        return ended.Task;
    }

    /// <summary>False where the run was stopped first.</summary>
    private bool WaitUntil(TimeSpan due, CancellationToken stop)
    {
        while (true)
        {
            TimeSpan left = due - Elapsed;
            if (stop.IsCancellationRequested)
            {
                return false;
            }

            if (left <= TimeSpan.Zero)
            {
                return true;
            }

            // Sleeps are whole milliseconds; the rest is yielded away so that a departure is microseconds
            // late.
            if (left.TotalMilliseconds >= 1)
            {
                stop.WaitHandle.WaitOne((int)Math.Min(left.TotalMilliseconds, 250));
            }
            else
            {
                Thread.Yield();
            }
        }
    }

    private void Depart(Departure departure, TimeSpan due, CancellationToken abandon)
    {
        RequestKind kind = departure.Kind;
        if (due >= options.WarmUp)
        {
            Of(kind).CountDue();
            PartnerOf(departure, partners)?.CountDue();
            Lateness.Record(Elapsed - due);
        }

        if (Interlocked.Increment(ref inFlight) > options.MaxInFlight)
        {
            Interlocked.Decrement(ref inFlight);
            Count(departure, Outcome.Failed(Outcome.Unsent), due);
            return;
        }

        _ = Task.Run(
            async () =>
            {
                Outcome outcome = await departure.Send(abandon);
                Count(departure, outcome, due);
                Interlocked.Decrement(ref inFlight);
            },
            CancellationToken.None);
    }

    private void Count(Departure departure, Outcome outcome, TimeSpan due)
    {
        TimeSpan latency = Elapsed - due;
        if (due >= options.WarmUp)
        {
            Of(departure.Kind).Count(outcome, latency);
            PartnerOf(departure, partners)?.Count(outcome, latency);
        }

        if (departure.Kind != RequestKind.Enrol)
        {
            Volatile.Read(ref interval).Count(outcome, latency);
            PartnerOf(departure, partnerIntervals)?.Count(outcome, latency);
        }
    }

    private static Tally? PartnerOf(Departure departure, Tally[] of) =>
        departure.Caller is { } caller && caller < of.Length ? Volatile.Read(ref of[caller]) : null;

    private Departure NextSearch(Random random)
    {
        int caller = pool.DrawCaller(random);
        PreparedRequest probe = pool.Draw(caller, random);
        return new(
            probe.Kind, caller, abandon => client.IdentifyAsync(probe, callers[caller], Transaction(), abandon));
    }

    private Departure NextEnrolment(Random random)
    {
        PreparedRequest encounter = pool.DrawEnrolment(random);
        string person = $"load-{session}-{Interlocked.Increment(ref enrolled)}";
        return new(
            RequestKind.Enrol, Caller: null, abandon => client.EnrolAsync(encounter, person, Transaction(), abandon));
    }

    private string Transaction() => $"load-{session}-{Interlocked.Increment(ref transactions):x}";

    /// <summary>One request about to leave; an enrolment is nobody's among the callers.</summary>
    private readonly record struct Departure(
        RequestKind Kind, int? Caller, Func<CancellationToken, Task<Outcome>> Send);
}
