using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching.Tests;
using MatchCluster.Matching.Tests.Storage;
using StackExchange.Redis;

namespace MatchCluster.Grains.Tests.Redis;

/// <summary>A real redis-server of a test's own, in a directory that ends with it.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private const int Attempts = 10;
    private static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(20);

    private readonly TempDirectory directory = new();
    private readonly string[] settings;
    private readonly List<ConnectionMultiplexer> connections = [];
    private Channel<string> lines = Channel.CreateUnbounded<string>();
    private Process? process;

    private RedisServer(string[] settings) => this.settings = settings;

    public int Port { get; private set; }

    /// <summary>Where its files are.</summary>
    public string Files => directory.Path;

    /// <summary>
    /// Durable as the store wants it, unless the settings say otherwise: the last one counts.
    /// </summary>
    /// <param name="settings">As on redis-server's command line: "--maxmemory", "8mb".</param>
    /// <remarks>The test is skipped where there is no redis-server on the PATH.</remarks>
    public static async Task<RedisServer> StartAsync(params string[] settings)
    {
        Needs.OnPath("redis-server");
        RedisServer server = new(settings);
        try
        {
            for (int attempt = 1; ; attempt++)
            {
                server.Port = ProgramProcess.FreePort();
                try
                {
                    await server.StartAgainAsync();
                    return server;
                }
                catch (InvalidOperationException) when (attempt < Attempts)
                {
                    // Somebody took the port in between.
                    await server.KillAsync();
                }
            }
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the process on what the directory holds; returns once it answers PING.</summary>
    /// <param name="more">Settings of this start alone.</param>
    public async Task StartAgainAsync(params string[] more)
    {
        string[] basic =
        [
            "--port", $"{Port}", "--bind", "127.0.0.1", "--dir", directory.Path, "--logfile", "",
            "--save", "", "--appendonly", "yes", "--appendfsync", "always",
            "--maxmemory-policy", "noeviction",
        ];
        process = Process.Start(
            new ProcessStartInfo("redis-server", [.. basic, .. settings, .. more]) { RedirectStandardOutput = true })!;
        using CancellationTokenSource late = new(StartWithin);
        lines = Channel.CreateUnbounded<string>();
        _ = ReadLogAsync(process.StandardOutput, lines.Writer);
        await WaitForLineAsync("Ready to accept connections");
        await PingAsync(late.Token);
    }

    /// <summary>Waits for a line that the server logs after the last one waited for.</summary>
    public async Task WaitForLineAsync(string text)
    {
        using CancellationTokenSource late = new(StartWithin);
        StringBuilder log = new();
        await foreach (string line in lines.Reader.ReadAllAsync(late.Token))
        {
            log.AppendLine(line);
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return;
            }
        }

        throw new InvalidOperationException($"redis-server ended: {log}");
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        process!.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        process = null;
    }

    /// <summary>A connection that notices and mends faults within a test's time.</summary>
    /// <param name="port">Port of something in between; null for the server itself.</param>
    public async Task<ConnectionMultiplexer> ConnectAsync(int? port = null)
    {
        ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(OptionsFor(port ?? Port));
        connections.Add(connection);
        return connection;
    }

    public static ConfigurationOptions OptionsFor(int port) => new()
    {
        EndPoints = { { IPAddress.Loopback, port } },
        AbortOnConnectFail = false,
        AllowAdmin = true,
        ConnectTimeout = 2000,
        AsyncTimeout = 3000,
        HeartbeatInterval = TimeSpan.FromMilliseconds(100),
        ReconnectRetryPolicy = new LinearRetry(50),
    };

    public async ValueTask DisposeAsync()
    {
        try
        {
            foreach (ConnectionMultiplexer connection in connections)
            {
                await connection.CloseAsync(allowCommandsToComplete: false);
            }
        }
        finally
        {
            if (process is not null)
            {
                await KillAsync();
            }

            directory.Dispose();
        }
    }

    private async Task PingAsync(CancellationToken cancel)
    {
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, Port, cancel);
        await client.GetStream().WriteAsync("PING\r\n"u8.ToArray(), cancel);
        byte[] answer = new byte[7];
        await client.GetStream().ReadExactlyAsync(answer, cancel);
        Assert.Equal("+PONG\r\n", Encoding.ASCII.GetString(answer));
    }

    /// <summary>Somebody has to go on reading, or the server stops at a full pipe.</summary>
    private static async Task ReadLogAsync(StreamReader output, ChannelWriter<string> lines)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            lines.TryWrite(line);
        }

        lines.Complete();
    }
}
