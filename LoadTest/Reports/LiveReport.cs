using MatchCluster.LoadTest.Runs;
using MatchCluster.LoadTest.Workload;
using Spectre.Console;

namespace MatchCluster.LoadTest.Reports;

/// <summary>
/// What a person watches while the run goes on: one line a second, of the searches that ended in that second.
/// It writes lines and does not redraw a screen, so that a terminal keeps the history and a redirected run
/// reads equally.
/// </summary>
internal sealed class LiveReport(
    LoadRun run, TimeSpan duration, IAnsiConsole console, IReadOnlyList<Partner> partners)
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    /// <summary>One value per second of the run.</summary>
    public List<Second> Seconds { get; } = [];

    /// <summary>Writes until the run has ended.</summary>
    public async Task WatchAsync(Task ended)
    {
        console.WriteLine(
            "   time  answered/s  in flight   p50 ms   p99 ms   max ms  refused  errors  partial  wrong");
        TimeSpan last = TimeSpan.Zero;
        using var beat = new PeriodicTimer(Beat);
        while (!ended.IsCompleted)
        {
            await Task.WhenAny(ended, beat.WaitForNextTickAsync().AsTask());
            TimeSpan now = run.Elapsed;

            // The rest of a second at the end says nothing about rates.
            if (now - last < Beat / 2)
            {
                continue;
            }

            Tally tally = run.TakeInterval();
            double seconds = (now - last).TotalSeconds;
            double rate = tally.Answered / seconds;
            last = now;
            var second = new Second(
                now.TotalSeconds, rate, run.InFlight, Milliseconds(tally, 0.5), Milliseconds(tally, 0.99),
                tally.Latency.Max.TotalMilliseconds, tally.Refused, tally.Errors, tally.Partial,
                tally.Missed + tally.FalseCandidates)
            {
                Partners = [.. partners.Select((partner, number) => Of(partner, run.TakeInterval(number), seconds))],
            };
            Seconds.Add(second);
            console.WriteLine(second.ToString(duration));
            if (second.Partners.Count > 0)
            {
                console.WriteLine("          " + string.Join("; ", second.Partners));
            }
        }
    }

    private static PartnerSecond Of(Partner partner, Tally tally, double seconds) => new(
        partner.Name, tally.Answered / seconds, Milliseconds(tally, 0.5), Milliseconds(tally, 0.95), tally.Refused,
        tally.Errors, tally.Partial, tally.Missed + tally.FalseCandidates);

    private static double Milliseconds(Tally tally, double quantile) =>
        tally.Latency.Quantile(quantile).TotalMilliseconds;

    /// <summary>The searches of one second.</summary>
    internal sealed record Second(
        double Time, double AnsweredPerSecond, int InFlight, double P50Ms, double P99Ms, double MaxMs,
        long Refused, long Errors, long Partial, long Wrong)
    {
        public IReadOnlyList<PartnerSecond> Partners { get; init; } = [];

        public string ToString(TimeSpan of) =>
            $"{Time,4:0}/{of.TotalSeconds,-4:0}{AnsweredPerSecond,10:0.0}{InFlight,11}"
            + $"{P50Ms,9:0.0}{P99Ms,9:0.0}{MaxMs,9:0.0}{Refused,9}{Errors,8}{Partial,9}{Wrong,7}";
    }

    /// <summary>One partner's searches of one second.</summary>
    internal sealed record PartnerSecond(
        string Name, double AnsweredPerSecond, double P50Ms, double P95Ms, long Refused, long Errors, long Partial,
        long Wrong)
    {
        public override string ToString() =>
            $"{Name} {AnsweredPerSecond:0.0}/s, p95 {P95Ms:0.0} ms, {Refused} refused"
            + (Errors + Partial + Wrong > 0 ? $", {Errors} errors, {Partial} partial, {Wrong} wrong" : "");
    }
}
