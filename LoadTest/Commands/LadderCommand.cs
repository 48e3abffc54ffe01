using System.CommandLine;
using MatchCluster.LoadTest.Client;
using MatchCluster.LoadTest.Ladders;
using MatchCluster.LoadTest.Workload;
using Spectre.Console;

namespace MatchCluster.LoadTest.Commands;

/// <summary><c>ladder</c>: finds the rate that a server holds.</summary>
internal static class LadderCommand
{
    private const int NoKnee = 1;

    public static Command Create(IAnsiConsole console)
    {
        Option<double> first = LoadInputs.Number(
            "--first-rate", "Searches a second of the first step.", 5.0, 0.01, 1e5);
        Option<double> factor = LoadInputs.Number("--factor", "Each step's rate over the one before.", 1.5, 1.01, 10);
        Option<double> most = LoadInputs.Number("--most-rate", "No step is faster.", 10_000.0, 0.01, 1e5);
        Option<double> least = LoadInputs.Number(
            "--least-rate", "No step is slower, where the first one breaks.", 0.5, 0.01, 1e5);
        Option<double> settle = LoadInputs.Number(
            "--settle", "Most seconds of lone searches before the first step, until they become no faster.",
            20.0, 0, 3600);
        Option<double> step = LoadInputs.Number("--step", "Seconds of a step, warm-up and all.", 20.0, 1, 3600);
        Option<double> limit = LoadInputs.Number(
            "--limit-ms", "Milliseconds that 95 % of the answers must stay below.", 1000.0, 0.1, 120_000);
        Option<int> refine = LoadInputs.Number(
            "--refine", "Steps between the last that held and the first that broke.", 2, 0, 10);
        ReportFiles files = new();
        LoadInputs inputs = new();
        Command command = new("ladder", """
            Raises the rate step by step until p95 breaks its limit (or more than 1 % are refused,
            fail or are partial, or more than 5 % and what chance adds are wrong), then narrows down the fastest
            rate that holds: the knee. Where the first step breaks it goes down. --warm-up of each step is left out.
            """)
        {
            first, factor, most, least, settle, step, limit, refine,
        };
        files.AddTo(command);
        inputs.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            TimeSpan duration = TimeSpan.FromSeconds(parsed.GetValue(step));
            if (!inputs.TryRead(parsed, parsed.GetValue(first), duration, out LoadOptions? load, out string? error))
            {
                return await LoadCommand.RefuseAsync(error);
            }

            if (load.WarmUp >= duration)
            {
                return await LoadCommand.RefuseAsync(
                    $"--warm-up: found {load.WarmUp.TotalSeconds} s, wanted less than a step's "
                        + $"{duration.TotalSeconds} s");
            }

            LadderOptions options = new()
            {
                Load = load,
                FirstRate = parsed.GetValue(first),
                Factor = parsed.GetValue(factor),
                MostRate = Math.Max(parsed.GetValue(most), parsed.GetValue(first)),
                LeastRate = Math.Min(parsed.GetValue(least), parsed.GetValue(first)),
                SettleWithin = TimeSpan.FromSeconds(parsed.GetValue(settle)),
                LimitP95Ms = parsed.GetValue(limit),
                Refinements = parsed.GetValue(refine),
            };
            return await ClimbAsync(options, files, parsed, console, cancel);
        });
        return command;
    }

    private static async Task<int> ClimbAsync(
        LadderOptions options, ReportFiles files, ParseResult parsed, IAnsiConsole console, CancellationToken stop)
    {
        // Bodies enough for the fastest step; the pool's limit bounds them.
        LoadOptions largest = options.Load with { Rate = options.MostRate };
        using ServerClient client = new(largest);
        if (await LoadCommand.PrepareAsync(largest, client, console, stop) is not { } pool)
        {
            return LoadCommand.Misused;
        }

        LadderReport report = await new Ladder(options, client, pool, console).ClimbAsync(stop);
        LadderTable.Write(console, report);
        await files.WriteAsync(
            parsed, console, file => ReportJson.WriteAsync(file, report), () => LadderPage.Of(report));

        return report.KneePerSecond is null ? NoKnee : 0;
    }
}
