using System.Diagnostics;
using MatchCluster.LoadTest.Client;
using MatchCluster.LoadTest.Ladders;
using MatchCluster.LoadTest.Reports;
using MatchCluster.LoadTest.Runs;
using MatchCluster.LoadTest.Workload;
using Spectre.Console;

namespace MatchCluster.LoadTest.Fairness;

/// <summary>Makes every situation in turn, as often as there are rounds, and adds up what each partner got.</summary>
internal sealed class FairnessRun(
    FairnessOptions options, ServerClient client, ProbePool pool, IAnsiConsole console)
{
    private static readonly TimeSpan SettleWithin = TimeSpan.FromSeconds(20);

    private readonly Dictionary<(string Situation, string Partner), Tally> tallies = [];
    private readonly Dictionary<string, double> busySeconds = [];
    private readonly Dictionary<string, double> seconds = [];
    private readonly List<FairnessSecond> timeline = [];

    public async Task<FairnessReport> RunAsync(CancellationToken stop)
    {
        await new LoneSearches(client, pool, options.Load).SettleAsync(SettleWithin, stop);
        for (int round = 0; round < options.Rounds && !stop.IsCancellationRequested; round++)
        {
            foreach ((int number, Situation situation) in options.Situations.Index())
            {
                console.WriteLine($"round {round + 1} of {options.Rounds}: {situation.Name}");
                await MakeAsync(situation, (round * 10) + number, stop);
            }
        }

        FairnessRow[] rows =
        [
            .. options.Situations.SelectMany(situation => options.Load.Partners
                .Where(partner => tallies.ContainsKey((situation.Name, partner.Name)))
                .Select(partner => RowOf(situation.Name, partner.Name))),
        ];
        (string alone, string shares, string loud) = (NameOf(0), NameOf(2), NameOf(3));
        Tally beside = TallyOf(loud);
        double p95 = beside.Latency.Quantile(0.95).TotalMilliseconds;
        return new FairnessReport
        {
            Url = options.Load.Url.ToString(),
            Gallery = options.Load.Gallery,
            People = options.Load.People,
            SecondsOfEach = options.Load.Duration.TotalSeconds,
            WarmUpSeconds = options.Load.WarmUp.TotalSeconds,
            Rounds = options.Rounds,
            Factor = options.Factor,
            Quiet = options.Quiet.Name,
            Noisy = options.Noisy.Name,
            Rows = rows,
            BusyCores = busySeconds.ToDictionary(one => one.Key, one => one.Value / seconds[one.Key]),
            Timeline = timeline,
            RatioToShares = p95 / Math.Max(1e-9, TallyOf(shares).Latency.Quantile(0.95).TotalMilliseconds),
            RatioToAlone = p95 / Math.Max(1e-9, TallyOf(alone).Latency.Quantile(0.95).TotalMilliseconds),
            MostRatio = options.MostRatio,
            QuietLost = (beside.Due - beside.Answered) / (double)Math.Max(1, beside.Due),
            CutShort = stop.IsCancellationRequested,
        };
    }

    private async Task MakeAsync(Situation situation, int number, CancellationToken stop)
    {
        LoadOptions load = situation.Of(options, options.Load.Seed + (number * 100));
        LoadRun run = new(load, client, pool.For(load));
        LiveReport live = new(run, load.Duration, console, load.Partners);
        long start = Stopwatch.GetTimestamp();
        double? busy = MachineLoad.BusySeconds(load.Url);
        Task running = run.RunAsync(stop);
        await live.WatchAsync(running);
        await running;
        double took = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double begun = seconds.GetValueOrDefault(situation.Name);
        seconds[situation.Name] = begun + took;
        if (MachineLoad.BusySeconds(load.Url) - busy is { } used)
        {
            busySeconds[situation.Name] = busySeconds.GetValueOrDefault(situation.Name) + used;
        }

        foreach ((int caller, Partner partner) in load.Partners.Index())
        {
            (string, string) key = (situation.Name, partner.Name);
            tallies.TryAdd(key, new Tally());
            tallies[key].Add(run.OfPartner(caller));
            timeline.AddRange(partner.Name != options.Quiet.Name ? [] : live.Seconds
                .Where(second => second.Time > load.WarmUp.TotalSeconds).Select(second => new FairnessSecond(
                    situation.Name, begun + second.Time, second.Partners[caller].P95Ms)));
        }
    }

    private FairnessRow RowOf(string situation, string partner)
    {
        Tally tally = tallies[(situation, partner)];
        double counted = options.Rounds * (options.Load.Duration - options.Load.WarmUp).TotalSeconds;
        return new FairnessRow(
            situation, partner, tally.Due / counted, tally.Answered / counted, KindReport.Of(tally));
    }

    private string NameOf(int situation) => options.Situations[situation].Name;

    private Tally TallyOf(string situation) =>
        tallies.GetValueOrDefault((situation, options.Quiet.Name)) ?? new Tally();
}
