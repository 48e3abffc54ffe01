using System.Diagnostics;
using MatchCluster.LoadTest.Client;
using MatchCluster.LoadTest.Reports;
using MatchCluster.LoadTest.Runs;
using MatchCluster.LoadTest.Workload;
using Spectre.Console;

namespace MatchCluster.LoadTest.Ladders;

/// <summary>Raises the rate until the answers no longer come in time, and says where that is.</summary>
internal sealed class Ladder(LadderOptions options, ServerClient client, ProbePool pool, IAnsiConsole console)
{
    public async Task<LadderReport> ClimbAsync(CancellationToken stop)
    {
        LadderPlan plan = new(options);
        List<LadderStep> steps = [];
        double? alone = await new LoneSearches(client, pool, options.Load).SettleAsync(options.SettleWithin, stop);
        if (alone is { } ms)
        {
            console.WriteLine($"a search alone takes {ms:0} ms");
        }

        while (plan.Next is { } rate && !stop.IsCancellationRequested)
        {
            console.WriteLine($"step {steps.Count + 1}: {rate:0.0} searches/s");
            LadderStep step = await StepAsync(rate, steps.Count, stop);
            if (stop.IsCancellationRequested)
            {
                break;
            }

            steps.Add(step);
            console.WriteLine(step.Held
                ? $"holds: p95 {step.Searches.P95:0} ms, {step.AnsweredPerSecond:0.0} answered/s"
                : $"breaks: {step.Broke}");
            plan.Take(step.Held);
        }

        return new LadderReport
        {
            Url = options.Load.Url.ToString(),
            Gallery = options.Load.Gallery,
            People = options.Load.People,
            LimitP95Ms = options.LimitP95Ms,
            StepSeconds = options.Load.Duration.TotalSeconds,
            WarmUpSeconds = options.Load.WarmUp.TotalSeconds,
            AloneMs = alone,
            KneePerSecond = plan.Knee,
            CutShort = stop.IsCancellationRequested,
            Unbroken = steps.Count > 0 && steps.All(step => step.Held),
            Steps = steps,
        };
    }

    private async Task<LadderStep> StepAsync(double rate, int number, CancellationToken stop)
    {
        // Each step has draws of its own: a server that remembers answers gains nothing from the step before.
        LoadOptions load = options.Load with { Rate = rate, Seed = options.Load.Seed + (number * 100) };
        LoadRun run = new(load, client, pool);
        LiveReport live = new(run, load.Duration, console, load.Partners);
        long start = Stopwatch.GetTimestamp();
        double? busy = MachineLoad.BusySeconds(load.Url);
        Task running = run.RunAsync(stop);
        await live.WatchAsync(running);
        await running;
        double? busyCores = (MachineLoad.BusySeconds(load.Url) - busy) / Stopwatch.GetElapsedTime(start).TotalSeconds;
        return LadderStep.Of(options, rate, run, live, busyCores);
    }
}
