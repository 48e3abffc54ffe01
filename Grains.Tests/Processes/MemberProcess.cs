using System.Diagnostics;
using System.Text.RegularExpressions;

namespace MatchCluster.Grains.Tests.Processes;

/// <summary>A silo or an api as its users run it: a process of its own that can be killed.</summary>
internal sealed partial class MemberProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string name;
    private readonly Process process;
    private readonly List<string> lines = [];
    private readonly TaskCompletionSource<Uri> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private MemberProcess(string name, ProcessStartInfo start)
    {
        this.name = name;
        process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) => Read(line.Data);
        process.ErrorDataReceived += (_, line) => Read(line.Data);
        process.Exited += (_, _) => listening.TrySetException(new InvalidOperationException($"it ended: {Log}"));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>All it said, for a test that fails.</summary>
    public string Log
    {
        get
        {
            lock (lines)
            {
                return $"{name}:\n{string.Join('\n', lines)}";
            }
        }
    }

    /// <param name="name">Its name in the cluster.</param>
    /// <param name="program">"Silo" or "Api".</param>
    /// <param name="redis">Port of Redis.</param>
    /// <param name="more">More of its command line.</param>
    public static MemberProcess Start(string name, string program, int redis, params string[] more) =>
        Start(new Dictionary<string, string>(), name, program, redis, more);

    /// <summary>The same with more in its environment.</summary>
    public static MemberProcess Start(
        IReadOnlyDictionary<string, string> environment, string name, string program, int redis, params string[] more)
    {
        ProcessStartInfo start = new(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            [
                "exec", Path.Combine(AppContext.BaseDirectory, $"MatchCluster.{program}.dll"),
                "--redis", $"127.0.0.1:{redis}", "--name", name, "--port", "0", "--urls", "http://127.0.0.1:0", .. more,
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // Several members on few cores: a heap of its own per core only makes them slower to start.
        start.Environment["DOTNET_gcServer"] = "0";
        foreach ((string variable, string value) in environment)
        {
            start.Environment[variable] = value;
        }

        return new MemberProcess(name, start);
    }

    /// <summary>Where it answers HTTP, once it does.</summary>
    public Task<Uri> AddressAsync() => listening.Task.WaitAsync(Patience);

    /// <summary>SIGKILL: no handler runs, nothing is handed over.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, as an orchestrator stops it.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync()
    {
        await SignalAsync("TERM");
        await process.WaitForExitAsync().WaitAsync(Patience);
        return process.ExitCode;
    }

    /// <summary>Sends a signal by its name without "SIG".</summary>
    public async Task SignalAsync(string signal)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", $"{process.Id}"]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Waits until it ends by itself.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> EndAsync()
    {
        await process.WaitForExitAsync().WaitAsync(Patience);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await KillAsync();
        }

        process.Dispose();
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
