using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using System.Numerics;
using Spectre.Console;

namespace MatchCluster.LoadTest;

/// <summary>The command line of the load generator, its limits and what its exit codes mean.</summary>
internal static class LoadCommand
{
    /// <summary>The server cannot be reached or the options are wrong.</summary>
    public const int Misused = 2;

    public static RootCommand Create(IAnsiConsole console)
    {
        var url = new Option<string>("--url")
        {
            Description = "Server.",
            DefaultValueFactory = _ => "http://127.0.0.1:5080",
        };
        Option<double> rate = Number(
            "--rate", "Searches a second (mean of a Poisson process).", 50.0, 0.01, 100_000);
        Option<double> duration = Number("--duration", "Seconds.", 30.0, 1, 86_400);
        Option<int> people = Number(
            "--people", "Synthetic persons on the server: the number after --demo.", 2000, 1, 10_000_000);
        Option<int> seed = Number("--seed", "Seed of the population and of every draw.", 1, 0, int.MaxValue);
        var gallery = new Option<string>("--gallery")
        {
            Description = "Gallery to search.",
            DefaultValueFactory = _ => "demo",
        };
        var mix = new Option<string>("--mix")
        {
            Description = "Weights of the kinds of probe.",
            DefaultValueFactory = _ => "finger=60,iris=20,fused=20",
        };
        Option<double> mated = Number("--mated", "Share of probes whose person is enrolled.", 0.5, 0, 1);
        Option<double> enrol = Number(
            "--enrol-rate", "Enrolments a second beside the searches.", 5.0, 0, 100_000);
        Option<int> fingers = Number("--fingers", "Fingers of a finger probe.", 2, 1, 10);
        Option<int> deadline = Number(
            "--deadline-ms", "Deadline sent with every request.", 10_000, 1, 120_000);
        Option<int> inFlight = Number("--max-in-flight", "Most unanswered requests.", 4096, 1, 65_536);
        Option<int> pool = Number("--pool", "Most bodies prepared of each kind.", 1000, 1, 100_000);
        var json = new Option<FileInfo?>("--json") { Description = "Also write the report to this file." };
        var remote =
            new Option<bool>("--allow-remote") { Description = "Allow a server on another machine." };

        var root = new RootCommand("""
            Loads a running server: requests leave at a fixed mean rate whatever the server does (open model),
            and each latency counts from the time its request was meant to leave.
            """)
        {
            url, rate, duration, people, seed, gallery, mix, mated, enrol, fingers, deadline, inFlight, pool,
            json, remote,
        };
        root.Subcommands.Add(SeedCommand.Create(console));
        root.SetAction(async (parsed, cancel) =>
        {
            if (!TargetGuard.TryParse(
                parsed.GetValue(url)!, parsed.GetValue(remote), out Uri? target, out string? error))
            {
                return await RefuseAsync(error);
            }

            if (!ProbeMix.TryParse(parsed.GetValue(mix)!, out ProbeMix? weights, out error))
            {
                return await RefuseAsync($"--mix: {error}");
            }

            return await LoadAsync(
                new LoadOptions
                {
                    Url = target,
                    Rate = parsed.GetValue(rate),
                    Duration = TimeSpan.FromSeconds(parsed.GetValue(duration)),
                    People = parsed.GetValue(people),
                    Seed = parsed.GetValue(seed),
                    Gallery = parsed.GetValue(gallery)!,
                    Mix = weights,
                    Mated = parsed.GetValue(mated),
                    EnrolRate = parsed.GetValue(enrol),
                    Fingers = parsed.GetValue(fingers),
                    Deadline = TimeSpan.FromMilliseconds(parsed.GetValue(deadline)),
                    MaxInFlight = parsed.GetValue(inFlight),
                    Pool = parsed.GetValue(pool),
                    Json = parsed.GetValue(json),
                },
                console,
                cancel);
        });
        return root;
    }

    private static async Task<int> LoadAsync(
        LoadOptions options, IAnsiConsole console, CancellationToken stop)
    {
        using var client = new ServerClient(options);
        (HttpStatusCode? status, string text) = await client.HealthAsync(stop);
        if (status is null)
        {
            return await RefuseAsync($"cannot reach {options.Url}: {text}");
        }

        if (status != HttpStatusCode.OK)
        {
            console.WriteLine($"{options.Url}health says {(int)status}: {text}");
        }

        ProbePool pool;
        try
        {
            pool = ProbePool.Prepare(
                options, (done, of) => console.WriteLine($"prepared {done} of {of} requests"), stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return await RefuseAsync("stopped before anything was sent");
        }

        var run = new LoadRun(options, client, pool);
        var live = new LiveReport(run, options.Duration, console);
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

    internal static async Task<int> RefuseAsync(string reason)
    {
        await Console.Error.WriteLineAsync(reason);
        return Misused;
    }

    internal static Option<T> Number<T>(string name, string description, T otherwise, T least, T most)
        where T : INumber<T>
    {
        var option = new Option<T>(name)
        {
            Description = $"{description} {least} to {most}.",
            DefaultValueFactory = _ => otherwise,
        };
        option.Validators.Add((OptionResult result) =>
        {
            // A text that is no number has its own error already.
            if (!result.Errors.Any() && result.GetValueOrDefault<T>() is { } value
                && !(value >= least && value <= most))
            {
                result.AddError($"{name}: found {value}, wanted {least} to {most}");
            }
        });
        return option;
    }
}
