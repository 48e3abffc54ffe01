using System.Diagnostics;

namespace MatchCluster.Benchmarks.Runner;

/// <summary>Operations per second over several rounds.</summary>
internal readonly record struct Timing(double Best, double Median, int Rounds, string Clock)
{
    private const int LeastRounds = 7;
    private const int MostRounds = 101;

    /// <summary>
    /// Length of a round where the budget holds enough of them: neighbours on shared cores come and go in tenths of a
    /// second, and the best round should lie between them.
    /// </summary>
    private static readonly TimeSpan ShortRound = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// Share of the budget spent before the first round, so that the JIT has reached its last tier.
    /// </summary>
    private const double WarmUpShare = 0.25;

    /// <summary>
    /// Repeats <paramref name="work"/> on the calling thread for about <paramref name="budget"/>, in rounds
    /// of equal length, and gives the rate of the best and of the median round in CPU time of the thread.
    /// </summary>
    /// <param name="budget">Wall time to spend; zero runs the work twice and measures the second run.</param>
    /// <param name="operations">Operations one call of the work does.</param>
    public static Timing OfThread(TimeSpan budget, long operations, Action work)
    {
        long start = Stopwatch.GetTimestamp();
        long calls = 0;
        do
        {
            work();
            calls++;
        }
        while (Stopwatch.GetElapsedTime(start) < budget * WarmUpShare);

        TimeSpan each = Stopwatch.GetElapsedTime(start) / calls;
        int wanted = Math.Clamp((int)(budget * (1 - WarmUpShare) / ShortRound), LeastRounds, MostRounds);
        TimeSpan round = budget * (1 - WarmUpShare) / wanted;
        long repeats = Math.Max(1, (long)(round / (each > TimeSpan.Zero ? each : TimeSpan.FromTicks(1))));

        var rates = new List<double>(wanted);
        start = Stopwatch.GetTimestamp();
        while (rates.Count == 0
            || (rates.Count < wanted && Stopwatch.GetElapsedTime(start) < budget * (1 - WarmUpShare)))
        {
            double before = ThreadClock.Seconds();
            for (long i = 0; i < repeats; i++)
            {
                work();
            }

            // A round shorter than the clock's tick would divide by zero.
            rates.Add(repeats * operations / Math.Max(ThreadClock.Seconds() - before, 1e-9));
        }

        rates.Sort();
        return new Timing(rates[^1], rates[rates.Count / 2], rates.Count, ThreadClock.Name);
    }
}
