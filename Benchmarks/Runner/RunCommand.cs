using System.CommandLine;
using System.Diagnostics;
using Spectre.Console;

namespace MatchCluster.Benchmarks.Runner;

/// <summary>
/// The root command: runs benchmarks by name (all, where <c>--smoke</c> names none) and lists them.
/// </summary>
internal static class RunCommand
{
    public const int Failed = 1;
    public const int Misused = 2;

    public static RootCommand Create(IReadOnlyList<IBenchmark> benchmarks, IAnsiConsole console)
    {
        var names = new Argument<string[]>("names")
        {
            Description = "Benchmarks to run; 'all' runs every one. See 'list'.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var smoke = new Option<bool>("--smoke") { Description = "A tiny run: every path, no time spent." };
        var json = new Option<FileInfo?>("--json") { Description = "Also write the rows to this file." };
        var seconds = new Option<double>("--seconds")
        {
            Description = "Wall time for each case.",
            DefaultValueFactory = _ => 2,
        };
        var people =
            new Option<int?>("--people") { Description = "Identities, where a benchmark takes them." };
        var data = new Option<DirectoryInfo?>("--data")
        {
            Description = "Existing folder on the disk to measure; temporary galleries are made in it.",
        };
        data.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<DirectoryInfo?>() is { Exists: false } missing)
            {
                result.AddError($"--data: found no folder {missing}");
            }
        });
        seconds.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (> 0 and <= 3600))
            {
                result.AddError("--seconds: wanted a number above 0 and at most 3600");
            }
        });
        people.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is not (null or (>= 10 and <= 10_000_000)))
            {
                result.AddError("--people: wanted 10 to 10000000");
            }
        });

        var list = new Command("list", "Lists the benchmarks.");
        list.SetAction(_ => List(benchmarks, console));
        var root = new RootCommand(
            "Measures the engine. Figures in the documents were written by this program.")
        {
            names, smoke, json, seconds, people, data, list,
        };
        root.SetAction((parsed, cancel) => RunAsync(
            benchmarks,
            parsed.GetValue(names) ?? [],
            new BenchmarkSettings(
                parsed.GetValue(smoke),
                TimeSpan.FromSeconds(parsed.GetValue(seconds)),
                parsed.GetValue(people),
                parsed.GetValue(data)),
            parsed.GetValue(json),
            console,
            cancel));
        return root;
    }

    private static int List(IReadOnlyList<IBenchmark> benchmarks, IAnsiConsole console)
    {
        int width = benchmarks.Max(b => b.Name.Length);
        foreach (IBenchmark benchmark in benchmarks)
        {
            console.WriteLine($"{benchmark.Name.PadRight(width)}  {benchmark.Description}");
        }

        return 0;
    }

    private static async Task<int> RunAsync(
        IReadOnlyList<IBenchmark> benchmarks, string[] names, BenchmarkSettings settings, FileInfo? json,
        IAnsiConsole console, CancellationToken cancel)
    {
        string known = string.Join(", ", benchmarks.Select(b => b.Name));
        bool all = names.Contains("all") || (names.Length == 0 && settings.Smoke);
        string[] unknown = [.. names.Where(n => n != "all" && benchmarks.All(b => b.Name != n))];
        if (unknown.Length > 0 || (names.Length == 0 && !all))
        {
            string what = unknown.Length == 0 ? "no benchmark named"
                : $"unknown benchmark: {string.Join(", ", unknown)}";
            await Console.Error.WriteLineAsync($"{what}; wanted some of: all, {known}, or a command of --help");
            return Misused;
        }

        Machine machine = Machine.Read();
        List<BenchmarkRow> rows = [];
        List<string> failures = [];
        foreach (IBenchmark benchmark in benchmarks.Where(b => all || names.Contains(b.Name)))
        {
            long start = Stopwatch.GetTimestamp();
            var context = new BenchmarkContext(benchmark.Name, settings, Progress, cancel);
            try
            {
                await benchmark.RunAsync(context);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                failures.Add($"{benchmark.Name}: cancelled");
            }

            rows.AddRange(context.Rows);
            failures.AddRange(context.Mismatches);
            Progress($"{benchmark.Name}: done in {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s");
            if (cancel.IsCancellationRequested)
            {
                break;
            }
        }

        var file = RowFile.Of(machine, settings.Smoke, rows);
        RowTable.Write(console, file);
        if (json is not null)
        {
            await RowJson.WriteAsync(json, file, CancellationToken.None);
        }

        foreach (string failure in failures)
        {
            await Console.Error.WriteLineAsync($"FAILED {failure}");
        }

        return failures.Count == 0 ? 0 : Failed;
    }

    /// <summary>Progress goes to the error stream, so that the output can be piped.</summary>
    private static void Progress(string text) => Console.Error.WriteLine(text);
}
