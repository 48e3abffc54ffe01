using System.Globalization;
using MatchCluster.Api.Hosting;
using MatchCluster.Api.Tests.Telemetry;
using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Tests;
using Xunit.Abstractions;

namespace MatchCluster.Api.Tests.Release;

/// <summary>
/// Searches that keep nothing, on a server of its own with an audit log, a collector of telemetry and a directory for
/// temporary files: afterwards the probes are in none of what it wrote. What is enrolled is found by the same scan.
/// <c>MATCHCLUSTER_NO_RETAIN_SEARCHES=1000</c> asks more than the 54 searches of every run.
/// </summary>
public sealed class NoRetainTests(ITestOutputHelper output)
{
    private const int Enrolled = 6;

    private static string? Asked { get; } = Environment.GetEnvironmentVariable("MATCHCLUSTER_NO_RETAIN_SEARCHES");

    private static int Searches { get; } = int.Parse(Asked ?? "54", CultureInfo.InvariantCulture);

    /// <param name="keepsPictures">Whether the gallery keeps pictures: of what is enrolled, and encrypted.</param>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_search_that_keeps_nothing_leaves_its_probe_in_no_file_log_or_telemetry(bool keepsPictures)
    {
        RetentionScan scan = new();
        using TemporaryDirectory folder = new();
        string[] more = keepsPictures
            ? ["--master-key", KeyIn(folder.Path), "--keep-pictures", ProbesToForget.Gallery] : [];
        Traces traces = await RunAsync(folder.Path, scan, isKept: false, more, async (probes, server) =>
        {
            if (keepsPictures)
            {
                await probes.EnrolPictureAsync(Searches);
            }

            for (int i = 0; i < Searches; i++)
            {
                await probes.SearchAsync(i);
            }

            output.WriteLine($"answers: {string.Join(", ", probes.Statuses)}");
            output.WriteLine(Asked is null ? "" : MemoryScan.Describe(scan, server));
        });

        output.WriteLine($"{Searches} searches, {scan.Windows} windows; {traces}");
        Assert.True(scan.Windows > 1000 * Searches);
        Assert.Empty(scan.InFiles(folder.Path));
        Assert.Equal((0, 0), (scan.InText(traces.Log), scan.Count(traces.Telemetry)));

        // There was something to look through.
        Assert.True(traces.Telemetry.Length > 10_000 && traces.Log.Length > 100);
        Assert.Contains(Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories), path =>
            Path.GetFileName(path).StartsWith("audit", StringComparison.Ordinal) && new FileInfo(path).Length > 0);
    }

    [Fact]
    public async Task The_same_scan_finds_what_is_enrolled_written_down_or_logged()
    {
        RetentionScan scan = new();
        using TemporaryDirectory folder = new();
        Traces traces = await RunAsync(folder.Path, scan, isKept: true, [], async (probes, _) =>
        {
            for (int i = 0; i < Enrolled; i++)
            {
                await probes.EnrolAsync(i);
            }
        });

        string[] found = [.. scan.InFiles(folder.Path)];
        output.WriteLine(string.Join("; ", found));
        Assert.Contains(found, file => file.StartsWith("data", StringComparison.Ordinal));
        Assert.Equal((0, 0), (scan.InText(traces.Log), scan.Count(traces.Telemetry)));

        byte[] print = [.. Enumerable.Range(1, 64).Select(i => (byte)(i * 37))];
        scan.Next();
        scan.Add(print);
        Assert.Equal(1, scan.InText($"unexpected: {Convert.ToBase64String([7, .. print])} is no template"));
        Assert.Equal(1, scan.Count([0, .. print[20..36], 0]));
        Assert.Equal(0, scan.Count([0, .. print[20..35], 0]));
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "dropped.tmp"), Convert.ToBase64String(print));
        Assert.Contains("dropped.tmp: 1 probes", scan.InFiles(folder.Path));
    }

    /// <remarks>
    /// Redis writes each change to its file before it answers, so that the file has all that ever reached it.
    /// </remarks>
    [SkippableFact]
    public async Task A_cluster_keeps_the_probe_neither_in_Redis_nor_in_the_files_and_logs_of_its_members()
    {
        Needs.OnPath("redis-server");
        RetentionScan scan = new();
        using TemporaryDirectory folder = new();
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        Dictionary<string, string> environment = EnvironmentOf(receiver, folder.Path);
        environment["DOTNET_gcServer"] = "0";
        int port = ProgramProcess.FreePort();
        string files = Directory.CreateDirectory(Path.Combine(folder.Path, "redis")).FullName;
        await using ProgramProcess redis = new(
            "redis", "redis-server",
            [
                "--port", $"{port}", "--bind", "127.0.0.1", "--dir", files, "--save", "", "--appendonly", "yes",
                "--appendfsync", "always",
            ]);
        await redis.LineAsync(line => line.Contains("Ready to accept", StringComparison.Ordinal));
        await using ProgramProcess silo = new(
            "silo", ProgramProcess.DotNet,
            [
                "exec", Path.Combine(AppContext.BaseDirectory, "MatchCluster.Silo.dll"), "--redis", $"127.0.0.1:{port}",
                "--name", "silo-1", "--port", "0", "--urls", "http://127.0.0.1:0", "--partitions", "2",
            ],
            environment);
        using ServerProcess server = ServerProcess.Start(
            environment, "--cluster", "true", "--redis", $"127.0.0.1:{port}", "--name", "api-1");
        using HttpClient http = await server.ReadyAsync();
        ProbesToForget probes = new(http, scan, isKept: false);
        await probes.EnrolOthersAsync();
        for (int i = 0; i < Searches; i++)
        {
            await probes.SearchAsync(i);
        }

        output.WriteLine($"answers: {string.Join(", ", probes.Statuses)}; {scan.Windows} windows");
        Assert.Empty(scan.InFiles(folder.Path));
        await probes.EnrolAsync(Searches);
        Assert.Equal(0, await server.StopAsync());
        await silo.SignalAsync("TERM");
        await silo.EndAsync();

        // What was enrolled is there.
        Assert.Contains(scan.InFiles(folder.Path), file => file.StartsWith("redis", StringComparison.Ordinal));
        Assert.Equal(
            (0, 0, 0), (scan.InText(server.Log), scan.InText(silo.Log), scan.Count(TelemetryOf(receiver))));
    }

    /// <summary>What a server said and sent.</summary>
    private sealed record Traces(string Log, byte[] Telemetry)
    {
        public override string ToString() => $"{Log.Length} characters of log, {Telemetry.Length} bytes of telemetry";
    }

    private static async Task<Traces> RunAsync(
        string folder, RetentionScan scan, bool isKept, string[] more, Func<ProbesToForget, ServerProcess, Task> use)
    {
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync();
        using ServerProcess server = ServerProcess.Start(
            EnvironmentOf(receiver, folder),
            [
                "--data", Path.Combine(folder, "data"), "--partitions", "2", "--audit", "true", "--audit-every", "10",
                .. more,
            ]);
        using (HttpClient http = await server.ReadyAsync())
        {
            ProbesToForget probes = new(http, scan, isKept);
            await probes.EnrolOthersAsync();
            await use(probes, server);
            await http.GetStringAsync("/metrics");
        }

        Assert.Equal(0, await server.StopAsync());
        return new Traces(server.Log, TelemetryOf(receiver));
    }

    private static string KeyIn(string folder)
    {
        string key = Path.Combine(folder, "master.key");
        File.WriteAllText(key, Convert.ToBase64String(new byte[MasterKey.Bytes]));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return key;
    }

    private static Dictionary<string, string> EnvironmentOf(OtlpReceiver receiver, string folder)
    {
        Dictionary<string, string> environment = receiver.Environment();
        environment["TMPDIR"] = Directory.CreateDirectory(Path.Combine(folder, "tmp")).FullName;
        return environment;
    }

    private static byte[] TelemetryOf(OtlpReceiver receiver) =>
        [.. receiver.Bodies.SelectMany(body => body.Concat("\n"u8.ToArray()))];
}
