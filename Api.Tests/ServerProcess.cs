using System.Diagnostics;
using System.Text.RegularExpressions;
using MatchCluster.Api.Hosting;

namespace MatchCluster.Api.Tests;

/// <summary>The server as its users run it: a process of its own that can be killed.</summary>
internal sealed partial class ServerProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly List<string> lines = [];
    private readonly TaskCompletionSource<Uri> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, line) => Read(line.Data);
        process.ErrorDataReceived += (_, line) => Read(line.Data);
        process.Exited += (_, _) => listening.TrySetException(
            new InvalidOperationException($"the server ended: {string.Join('\n', Lines())}"));
        process.EnableRaisingEvents = true;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Starts a server and waits until it listens on a free port.</summary>
    public static ServerProcess Start(params string[] args) => Start(new Dictionary<string, string>(), args);

    /// <inheritdoc cref="Start(string[])"/>
    /// <param name="environment">More of its environment.</param>
    public static ServerProcess Start(IReadOnlyDictionary<string, string> environment, params string[] args)
    {
        ProcessStartInfo start = new(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        foreach (string arg in (string[])["exec", typeof(Server).Assembly.Location, .. args,
            "--urls", "http://127.0.0.1:0"])
        {
            start.ArgumentList.Add(arg);
        }

        return new ServerProcess(new Process { StartInfo = start });
    }

    /// <summary>The address, once it listens.</summary>
    public Task<Uri> ListeningAsync() => listening.Task.WaitAsync(Patience);

    /// <summary>A client of the server once every partition is loaded.</summary>
    public async Task<HttpClient> ReadyAsync()
    {
        HttpClient http = new() { BaseAddress = await ListeningAsync() };
        long started = Stopwatch.GetTimestamp();
        while (await http.GetAsync("/health").StatusAsync() != 200)
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Patience, "the server does not become ready");
            await Task.Delay(5);
        }

        return http;
    }

    /// <summary>The first line that fits, as soon as it is printed.</summary>
    public async Task<string> LineAsync(Predicate<string> fits)
    {
        long started = Stopwatch.GetTimestamp();
        while (true)
        {
            if (Array.Find(Lines(), fits) is { } line)
            {
                return line;
            }

            Assert.False(process.HasExited || Stopwatch.GetElapsedTime(started) > Patience,
                $"the line did not come:\n{string.Join('\n', Lines())}");
            await Task.Delay(20);
        }
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>SIGTERM, as an orchestrator stops it.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync()
    {
        using Process kill = Process.Start("kill", ["-TERM", process.Id.ToString()]);
        await kill.WaitForExitAsync();
        await process.WaitForExitAsync().WaitAsync(Patience);
        return process.ExitCode;
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        process.Dispose();
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

    [GeneratedRegex(@"listening on (http://[0-9.:]+)")]
    private static partial Regex Address();
}
