using System.CommandLine;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching.Synthesis;
using Spectre.Console;

namespace MatchCluster.Benchmarks.Served;

/// <summary>
/// What a search costs the process that serves it over HTTP, beside what the kernels alone take for the same search of
/// the same gallery: CPU time of both, in turns, so that what neighbours on the machine take falls on both.
/// </summary>
internal static class ServedCommand
{
    private const string Bench = "served";
    private const int Asked = 16;
    private const double WarmSeconds = 4;
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(300);
    private static readonly bool[] FastOrNot = [false, true];
    private static readonly double[] Thresholds = [20, 30, 40, 50, 60, 80, 100, 120];

    /// <summary>The kinds of probe: their name, fingers and eyes.</summary>
    private static readonly (string Name, int Fingers, int Eyes)[] Kinds =
    [
        ("one finger", 1, 0), ("two fingers", 2, 0), ("four fingers", 4, 0), ("ten fingers", 10, 0), ("one eye", 0, 1),
        ("two eyes", 0, 2), ("two fingers, one eye", 2, 1), ("two fingers, two eyes", 2, 2),
    ];

    public static Command Create(IAnsiConsole console)
    {
        Option<FileInfo> program = new("--program")
        {
            Description = "The compiled server, MatchCluster.Api.dll.",
            DefaultValueFactory = _ => new FileInfo(BuiltServer()),
        };
        Option<int> people = new("--people") { Description = "Identities.", DefaultValueFactory = _ => 2000 };
        Option<int> fingers = new("--fingers")
        {
            Description = "Fingers that everybody has, 1 to 10; a probe of more is left out.",
            DefaultValueFactory = _ => 10,
        };
        Option<double> seconds = new("--seconds")
        {
            Description = "Wall time for each case.",
            DefaultValueFactory = _ => 3,
        };
        Option<FileInfo?> json = new("--json") { Description = "Also write the rows to this file." };
        Option<DirectoryInfo?> data = new("--data") { Description = "Where the temporary gallery is made." };
        Command command = new(Bench, "CPU of a search over HTTP beside the kernels' own, by kind of probe.")
        {
            program, people, fingers, seconds, json, data,
        };
        command.SetAction(async (said, cancel) =>
        {
            FileInfo server = said.GetValue(program)!;
            if (!server.Exists)
            {
                await Console.Error.WriteLineAsync($"--program: found no file {server}; build the project Api first");
                return RunCommand.Misused;
            }

            Machine machine = Machine.Read();
            using TemporaryFolder folder = new(said.GetValue(data));
            BenchmarkContext context = new(
                Bench,
                new BenchmarkSettings(false, TimeSpan.FromSeconds(said.GetValue(seconds)), said.GetValue(people), null),
                Console.Error.WriteLine, cancel);
            await RunAsync(
                context, server.FullName, folder.Folder.FullName, said.GetValue(people),
                Math.Clamp(said.GetValue(fingers), 1, 10));
            RowFile file = RowFile.Of(machine, false, context.Rows);
            RowTable.Write(console, file);
            if (said.GetValue(json) is { } to)
            {
                await RowJson.WriteAsync(to, file, CancellationToken.None);
            }

            foreach (string mismatch in context.Mismatches)
            {
                await Console.Error.WriteLineAsync($"FAILED {mismatch}");
            }

            return context.Mismatches.Count == 0 ? 0 : RunCommand.Failed;
        });
        return command;
    }

    private static async Task RunAsync(
        BenchmarkContext context, string program, string folder, int people, int fingers)
    {
        SyntheticPopulation population = new(1);
        ServedGallery gallery = await ServedGallery.MakeAsync(
            population, people, fingers, folder, context.Progress, context.Cancel);
        await using ProgramProcess server = new(
            "server", ProgramProcess.DotNet,
            ["exec", program, "--data", folder, "--urls", "http://127.0.0.1:0"]);
        using HttpClient http = new() { BaseAddress = await server.AddressAsync() };
        while (!(await http.GetAsync("/health", context.Cancel)).IsSuccessStatusCode)
        {
            await Task.Delay(100, context.Cancel);
        }

        ServedCase[] cases =
        [
            .. Kinds.Where(kind => kind.Fingers <= fingers).SelectMany(kind =>
            {
                ServedQuestion[] questions = ServedQuestion.Of(population, people, Asked, kind.Fingers, kind.Eyes);
                string name = $"{people:#,0} people, {kind.Name}";
                return kind.Fingers > 0
                    ? (ServedCase[])[new ServedCase($"{name}, FPIR 1 %", questions, new ServedAsked(null, false))]
                    :
                    [
                        .. Thresholds.Select(threshold => (double?)threshold).Append(null).SelectMany(threshold =>
                            FastOrNot.Select(fast => new ServedCase(
                                $"{name}, {(threshold is { } score ? $"threshold {score}" : "FPIR 1 %")}"
                                + (fast ? ", fast" : ""),
                                questions, new ServedAsked(threshold, fast)))),
                    ];
            }),
        ];
        await WarmUpAsync(context, http, gallery, cases);
        foreach (ServedCase one in cases)
        {
            await MeasureAsync(context, server, http, gallery, one);
        }
    }

    /// <summary>Every case until the runtimes of both processes have compiled their code for good.</summary>
    private static async Task WarmUpAsync(
        BenchmarkContext context, HttpClient http, ServedGallery gallery, ServedCase[] cases)
    {
        context.Progress("served: warms up");
        long start = Stopwatch.GetTimestamp();
        do
        {
            foreach (ServedCase one in cases)
            {
                await AskAsync(context, http, one);
                gallery.Seconds(one.Questions, one.Asked);
            }
        }
        while (Stopwatch.GetElapsedTime(start) < context.Budget * WarmSeconds);
    }

    private static async Task MeasureAsync(
        BenchmarkContext context, ProgramProcess server, HttpClient http, ServedGallery gallery, ServedCase one)
    {
        context.Progress($"served: {one.Name}");
        IReadOnlyList<string?> kernel = gallery.Found(one.Questions, one.Asked);
        IReadOnlyList<string?> found = await AskAsync(context, http, one);
        context.MustHold($"{one.Name}: the server finds whom the kernels find", kernel.SequenceEqual(found));
        List<double> served = [];
        List<double> alone = [];
        long start = Stopwatch.GetTimestamp();
        do
        {
            int passes = 0;
            TimeSpan before = server.Cpu;
            long turn = Stopwatch.GetTimestamp();
            do
            {
                await AskAsync(context, http, one);
                passes++;
            }
            while (Stopwatch.GetElapsedTime(turn) < Turn);
            served.Add((server.Cpu - before).TotalMilliseconds / passes / Asked);

            passes = 0;
            double seconds = 0;
            turn = Stopwatch.GetTimestamp();
            do
            {
                seconds += gallery.Seconds(one.Questions, one.Asked);
                passes++;
            }
            while (Stopwatch.GetElapsedTime(turn) < Turn);
            alone.Add(seconds * 1e3 / passes / Asked);
        }
        while (Stopwatch.GetElapsedTime(start) < context.Budget);

        served.Sort();
        alone.Sort();
        int turns = served.Count;
        double servedMedian = served[turns / 2];
        double aloneMedian = alone[turns / 2];
        context.Add(one.Name, "served_ms", served[0], "ms", "process-cpu", null, servedMedian, turns);
        context.Add(one.Name, "kernel_ms", alone[0], "ms", ThreadClock.Name, null, aloneMedian, turns);
        context.Add(
            one.Name, "beside_kernel_ms", served[0] - alone[0], "ms", "process-cpu", null, servedMedian - aloneMedian,
            turns);
    }

    /// <summary>Asks all of them, one after another; the best candidate of each answer.</summary>
    private static async Task<IReadOnlyList<string?>> AskAsync(
        BenchmarkContext context, HttpClient http, ServedCase one)
    {
        string path = ServedQuestion.PathOf(one.Asked);
        List<string?> found = [];
        foreach (ServedQuestion question in one.Questions)
        {
            using ByteArrayContent body = new(question.Body);
            body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using HttpResponseMessage answer = await http.PostAsync(path, body, context.Cancel);
            byte[] text = await answer.Content.ReadAsByteArrayAsync(context.Cancel);
            answer.EnsureSuccessStatusCode();
            using JsonDocument candidates = JsonDocument.Parse(text);
            found.Add(candidates.RootElement.GetArrayLength() == 0
                ? null : candidates.RootElement[0].GetProperty("personId").GetString());
        }

        return found;
    }

    /// <summary>The server's program of the same configuration, where the repository was built.</summary>
    private static string BuiltServer()
    {
        DirectoryInfo framework = new(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        return Path.GetFullPath(Path.Combine(
            framework.FullName, "..", "..", "..", "..", "Api", "bin", framework.Parent!.Name, framework.Name,
            "MatchCluster.Api.dll"));
    }

    private sealed record ServedCase(string Name, ServedQuestion[] Questions, ServedAsked Asked);
}
