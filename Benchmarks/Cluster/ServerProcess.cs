using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace MatchCluster.Benchmarks.Cluster;

/// <summary>A redis-server or a silo as its users run it: a process of its own, killed at the end.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process process;

    private ServerProcess(string program, IEnumerable<string> arguments)
    {
        process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

        // Somebody has to go on reading, or the process stops at a full pipe.
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Processor time that it has used.</summary>
    public TimeSpan Cpu
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <summary>Whether a program can be started at all.</summary>
    public static bool Finds(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <summary>Redis as docs/cluster.md starts it.</summary>
    public static ServerProcess Redis(string folder, int port) => new(
        "redis-server",
        [
            "--port", $"{port}", "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--appendonly", "yes",
            "--appendfsync", "always",
        ]);

    public static ServerProcess Silo(string name, int redis, int partitions, int threads) => new(
        Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
        [
            "exec", Path.Combine(AppContext.BaseDirectory, "MatchCluster.Silo.dll"), "--redis", $"127.0.0.1:{redis}",
            "--name", name, "--port", "0", "--urls", "http://127.0.0.1:0", "--partitions", $"{partitions}",
            "--threads", $"{threads}",
        ]);

    public static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>SIGKILL: nothing is handed over.</summary>
    public void Kill()
    {
        process.Kill();
        process.WaitForExit();
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            Kill();
        }

        process.Dispose();
    }
}
