using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace MatchCluster.Benchmarks.Runner;

/// <summary>
/// A program as its users run it: a process of its own whose lines are read all the time, and that is killed at the
/// end. The benchmarks and both projects of tests with processes start their servers with it.
/// </summary>
internal partial class ProgramProcess : IDisposable, IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string name;
    private readonly Process process;
    private readonly List<string> lines = [];
    private readonly TaskCompletionSource<Uri> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="name">What its lines are called in the report of a failure.</param>
    /// <param name="program">A program on the PATH.</param>
    /// <param name="arguments">Its command line.</param>
    /// <param name="environment">More of its environment.</param>
    public ProgramProcess(
        string name, string program, IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        this.name = name;
        process = new Process
        {
            StartInfo = new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
            EnableRaisingEvents = true,
        };
        foreach ((string variable, string value) in environment ?? new Dictionary<string, string>())
        {
            process.StartInfo.Environment[variable] = value;
        }

        process.OutputDataReceived += (_, line) => Read(line.Data);
        process.ErrorDataReceived += (_, line) => Read(line.Data);
        process.Exited += (_, _) => listening.TrySetException(new InvalidOperationException($"it ended: {Log}"));
        process.Start();

        // Somebody has to go on reading, or the process stops at a full pipe.
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>All it said so far, for a test that fails.</summary>
    public string Log => $"{name}:\n{string.Join('\n', Lines())}";

    /// <summary>Its process id.</summary>
    public int Id => process.Id;

    /// <summary>Processor time that it has used.</summary>
    public TimeSpan Cpu
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <summary>The runtime that runs the caller; <c>exec X.dll</c> starts a compiled program with it.</summary>
    public static string DotNet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>Whether a program is on the PATH.</summary>
    public static bool Finds(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <summary>A loopback port that nobody listened on a moment ago.</summary>
    public static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Where it answers HTTP, once it says so.</summary>
    /// <exception cref="InvalidOperationException">It ended first; the message holds its lines.</exception>
    /// <exception cref="TimeoutException">It said nothing of the kind within a minute.</exception>
    public Task<Uri> AddressAsync() => listening.Task.WaitAsync(Patience);

    /// <summary>The first line that fits, as soon as it is printed.</summary>
    /// <exception cref="InvalidOperationException">It ended, or a minute passed, without such a line.</exception>
    public async Task<string> LineAsync(Predicate<string> fits)
    {
        long started = Stopwatch.GetTimestamp();
        while (true)
        {
            if (Array.Find(Lines(), fits) is { } line)
            {
                return line;
            }

            if (process.HasExited || Stopwatch.GetElapsedTime(started) > Patience)
            {
                throw new InvalidOperationException($"the line did not come: {Log}");
            }

            await Task.Delay(20);
        }
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed or handed over.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Sends a signal by its name without "SIG".</summary>
    public async Task SignalAsync(string signal)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        await kill.WaitForExitAsync();
    }

    /// <summary>SIGTERM, as an orchestrator stops it.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync()
    {
        await SignalAsync("TERM");
        return await EndAsync();
    }

    /// <summary>Waits until it ends by itself.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="TimeoutException">It still runs after a minute.</exception>
    public async Task<int> EndAsync()
    {
        await process.WaitForExitAsync().WaitAsync(Patience);
        return process.ExitCode;
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
            process.WaitForExit();
        }

        process.Dispose();
        GC.SuppressFinalize(this);
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await KillAsync();
        }

        Dispose();
    }

    private string[] Lines()
    {
        lock (lines)
        {
            return [.. lines];
        }
    }

    private void Read(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (lines)
        {
            lines.Add(line);
        }

        if (Address().Match(line) is { Success: true } match)
        {
            listening.TrySetResult(new Uri(match.Groups[1].Value));
        }
    }

    [GeneratedRegex(@" on (http://[0-9.:]+)")]
    private static partial Regex Address();
}
