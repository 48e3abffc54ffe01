using System.CommandLine;
using System.Net;
using MatchCluster.LoadTest.Client;
using MatchCluster.LoadTest.Reports;
using MatchCluster.LoadTest.Runs;
using MatchCluster.LoadTest.Workload;
using Spectre.Console;

namespace MatchCluster.LoadTest.Commands;

/// <summary>The command line of the load generator, its limits and what its exit codes mean.</summary>
internal static class LoadCommand
{
    /// <summary>The server cannot be reached or the options are wrong.</summary>
    public const int Misused = 2;

    public static RootCommand Create(IAnsiConsole console)
    {
        Option<double> rate = LoadInputs.Number(
            "--rate", "Searches a second (mean of a Poisson process).", 50.0, 0.01, 100_000);
        Option<double> duration = LoadInputs.Number("--duration", "Seconds.", 30.0, 1, 86_400);
        LoadInputs inputs = new();
        var json = new Option<FileInfo?>("--json") { Description = "Also write the report to this file." };
        var root = new RootCommand("""
            Loads a running server: requests leave at a fixed mean rate whatever the server does (open model),
            and each latency counts from the time its request was meant to leave.
            """)
        {
            rate, duration, json,
        };
        inputs.AddTo(root);
        root.Subcommands.Add(SeedCommand.Create(console));
        root.Subcommands.Add(LadderCommand.Create(console));
        root.Subcommands.Add(FairnessCommand.Create(console));
        root.Subcommands.Add(SimulateCommand.Create(console));
        root.Subcommands.Add(UniqueCommand.Create(console));
        root.Subcommands.Add(BodiesCommand.Create(console));
        root.SetAction(async (parsed, cancel) =>
            inputs.TryRead(
                parsed, parsed.GetValue(rate), TimeSpan.FromSeconds(parsed.GetValue(duration)),
                out LoadOptions? options, out string? error)
                ? await LoadAsync(options with { Json = parsed.GetValue(json) }, console, cancel)
                : await RefuseAsync(error));
        return root;
    }

    private static async Task<int> LoadAsync(
        LoadOptions options, IAnsiConsole console, CancellationToken stop)
    {
        using var client = new ServerClient(options);
        if (await PrepareAsync(options, client, console, stop) is not { } pool)
        {
            return Misused;
        }

        var run = new LoadRun(options, client, pool);
        var live = new LiveReport(run, options.Duration, console, options.Partners);
        Task running = run.RunAsync(stop);
        await live.WatchAsync(running);
        await running;

        bool cutShort = stop.IsCancellationRequested;
        FinalReport.Write(console, options, run, cutShort);
        if (options.Json is not null)
        {
            await ReportJson.WriteAsync(options.Json, LoadReport.Of(options, run, live, cutShort));
        }

        return 0;
    }

    /// <summary>Asks the server how it is and makes the bodies; null, said why, where there is none.</summary>
    internal static async Task<ProbePool?> PrepareAsync(
        LoadOptions options, ServerClient client, IAnsiConsole console, CancellationToken stop)
    {
        (HttpStatusCode? status, string text) = await client.HealthAsync(stop);
        if (status is null)
        {
            await RefuseAsync($"cannot reach {options.Url}: {text}");
            return null;
        }

        if (status != HttpStatusCode.OK)
        {
            console.WriteLine($"{options.Url}health says {(int)status}: {text}");
        }

        try
        {
            return ProbePool.Prepare(
                options, (done, of) => console.WriteLine($"prepared {done} of {of} requests"), stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await RefuseAsync("stopped before anything was sent");
            return null;
        }
    }

    internal static async Task<int> RefuseAsync(string reason)
    {
        await Console.Error.WriteLineAsync(reason);
        return Misused;
    }
}
