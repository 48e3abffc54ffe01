using System.Collections.Concurrent;
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using MatchCluster.Benchmarks.Runner;
using Spectre.Console;

namespace MatchCluster.Benchmarks.Tasks;

/// <summary>
/// How many tasks a running server takes in, and how long after its acceptance the result of a task is received. The
/// calls are readGalleries: what they cost beside being tasks is little.
/// </summary>
internal static class TasksCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static Command Create(IAnsiConsole console)
    {
        Option<string> server = new("--server") { Description = "The running server.", Required = true };
        Option<int> port = new("--port")
        {
            Description = "Port of 127.0.0.1 that receives results; the server has it in --callbacks.",
            DefaultValueFactory = _ => 5999,
        };
        Option<int> count = new("--count") { Description = "Tasks.", DefaultValueFactory = _ => 5000 };
        Option<int> callers = new("--callers")
        {
            Description = "Connections that hand tasks over.",
            DefaultValueFactory = _ => 16,
        };
        Option<double?> rate = new("--rate")
        {
            Description = "Tasks in a second; as fast as they are taken where it is left out.",
        };
        Command command = new("tasks", "Tasks taken in durably and results delivered, at a running server.")
        {
            server, port, count, callers, rate,
        };
        command.SetAction(async (said, cancel) =>
        {
            await RunAsync(
                console, new Uri(said.GetValue(server)!), said.GetValue(port), said.GetValue(count),
                said.GetValue(callers), said.GetValue(rate), cancel);
            return 0;
        });
        return command;
    }

    private static async Task RunAsync(
        IAnsiConsole console, Uri server, int port, int count, int callers, double? rate, CancellationToken cancel)
    {
        using HttpListener listener = new();
        listener.Prefixes.Add($"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}/");
        listener.Start();
        ConcurrentDictionary<string, long> received = new();
        int again = 0;
        _ = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => ReceiveAsync()));

        using HttpClient http = new() { BaseAddress = server };
        string callback = Uri.EscapeDataString($"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}/");
        string run = Guid.NewGuid().ToString("N");
        ConcurrentDictionary<string, long> accepted = new();
        ConcurrentBag<double> answers = [];
        int next = 0;
        int refused = 0;
        long started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(async _ =>
        {
            while (Interlocked.Increment(ref next) is var number && number <= count)
            {
                if (rate is { } perSecond
                    && TimeSpan.FromSeconds(number / perSecond) - Stopwatch.GetElapsedTime(started) is
                    { Ticks: > 0 } early)
                {
                    await Task.Delay(early, cancel);
                }

                long asked = Stopwatch.GetTimestamp();
                using HttpResponseMessage answer = await http.GetAsync(
                    $"/v1/galleries?transactionId={run}-{number}&callback={callback}", cancel);
                string text = await answer.Content.ReadAsStringAsync(cancel);
                if (answer.StatusCode != HttpStatusCode.Accepted)
                {
                    Interlocked.Increment(ref refused);
                    continue;
                }

                answers.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
                accepted[text.Split('"')[3]] = asked;
            }
        }));
        TimeSpan took = Stopwatch.GetElapsedTime(started);
        while (received.Count < accepted.Count && Stopwatch.GetElapsedTime(started) < took + Patience)
        {
            await Task.Delay(20, cancel);
        }

        TimeSpan all = Stopwatch.GetElapsedTime(started);
        double[] delays =
        [
            .. accepted.Where(task => received.ContainsKey(task.Key))
                .Select(task => Stopwatch.GetElapsedTime(task.Value, received[task.Key]).TotalMilliseconds),
        ];
        Machine machine = Machine.Read();
        console.WriteLine($"{machine.Cpu}, {machine.Cores} cores, commit {machine.Commit}");
        console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"accepted {accepted.Count} in {took.TotalSeconds:0.00} s: {accepted.Count / took.TotalSeconds:0} /s, "
            + $"{refused} refused; answer {Percentiles([.. answers])}"));
        console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"received {received.Count} in {all.TotalSeconds:0.00} s: {received.Count / all.TotalSeconds:0} /s, "
            + $"{again} more than once; from call to result {Percentiles(delays)}"));

        async Task ReceiveAsync()
        {
            while (listener.IsListening)
            {
                HttpListenerContext context;
                try
                {
                    context = await listener.GetContextAsync();
                }
                catch (Exception ended) when (ended is HttpListenerException or ObjectDisposedException)
                {
                    return;
                }

                if (!received.TryAdd(context.Request.QueryString["taskId"] ?? "", Stopwatch.GetTimestamp()))
                {
                    Interlocked.Increment(ref again);
                }

                context.Response.StatusCode = (int)HttpStatusCode.NoContent;
                context.Response.Close();
            }
        }
    }

    private static string Percentiles(double[] values)
    {
        Array.Sort(values);
        return values.Length == 0 ? "none" : string.Create(CultureInfo.InvariantCulture,
            $"p50 {values[values.Length / 2]:0.0} ms, p99 {values[values.Length * 99 / 100]:0.0} ms");
    }
}
