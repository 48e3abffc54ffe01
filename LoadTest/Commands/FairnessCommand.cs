using System.CommandLine;
using MatchCluster.LoadTest.Client;
using MatchCluster.LoadTest.Fairness;
using MatchCluster.LoadTest.Workload;
using Spectre.Console;

namespace MatchCluster.LoadTest.Commands;

/// <summary><c>fairness</c>: whether one partner's haste is another's wait.</summary>
internal static class FairnessCommand
{
    private const int Unfair = 1;

    public static Command Create(IAnsiConsole console)
    {
        Option<double> rate = LoadInputs.Number(
            "--rate", "Searches a second that are the first partner's share.", 10.0, 0.01, 1e5);
        Option<double> factor = LoadInputs.Number(
            "--factor", "How many times its share the second partner asks.", 10.0, 1, 1000);
        Option<double> duration = LoadInputs.Number(
            "--duration", "Seconds of a situation, warm-up and all.", 30.0, 1, 3600);
        Option<int> rounds = LoadInputs.Number("--rounds", "How often each situation is made, in turn.", 2, 1, 100);
        Option<double> most = LoadInputs.Number(
            "--most-ratio", "The first partner's p95 beside the noisy one, over that of both at their share.", 1.2, 1,
            100);
        ReportFiles files = new();
        LoadInputs inputs = new();
        Command command = new("fairness", """
            Two partners (--partner twice, or two of a scenario): each alone, both at their share, and the second one
            at many times its share. Says whether that moves the first one's p95. Shares are the partners' in the
            searches; the server's own shares are its agreements', and equal without any.
            """)
        {
            rate, factor, duration, rounds, most,
        };
        files.AddTo(command);
        inputs.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            TimeSpan each = TimeSpan.FromSeconds(parsed.GetValue(duration));
            if (!inputs.TryRead(parsed, parsed.GetValue(rate), each, out LoadOptions? load, out string? error))
            {
                return await LoadCommand.RefuseAsync(error);
            }

            if (load.Partners.Count != 2)
            {
                return await LoadCommand.RefuseAsync(
                    $"fairness: found {load.Partners.Count} partners, wanted two: the quiet one first");
            }

            if (load.WarmUp >= each)
            {
                return await LoadCommand.RefuseAsync(
                    $"--warm-up: found {load.WarmUp.TotalSeconds} s, wanted less than {each.TotalSeconds} s");
            }

            FairnessOptions options = new()
            {
                // Enrolments would change what searches cost from one situation to the next.
                Load = load with { EnrolRate = 0 },
                Rate = parsed.GetValue(rate),
                Factor = parsed.GetValue(factor),
                Rounds = parsed.GetValue(rounds),
                MostRatio = parsed.GetValue(most),
            };
            return await CompareAsync(options, files, parsed, console, cancel);
        });
        return command;
    }

    private static async Task<int> CompareAsync(
        FairnessOptions options, ReportFiles files, ParseResult parsed, IAnsiConsole console, CancellationToken stop)
    {
        LoadOptions largest = options.Load with { Rate = options.MostRate };
        using ServerClient client = new(largest);
        if (await LoadCommand.PrepareAsync(largest, client, console, stop) is not { } pool)
        {
            return LoadCommand.Misused;
        }

        FairnessReport report = await new FairnessRun(options, client, pool, console).RunAsync(stop);
        FairnessTable.Write(console, report);
        await files.WriteAsync(
            parsed, console, file => ReportJson.WriteAsync(file, report), () => FairnessPage.Of(report));

        return report.Held ? 0 : Unfair;
    }
}
