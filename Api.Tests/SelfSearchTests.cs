using System.Net.Sockets;
using MatchCluster.Api.Hosting;
using MatchCluster.Api.Options;
using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching.Starting;
using Microsoft.Extensions.Logging;

namespace MatchCluster.Api.Tests;

/// <summary>
/// A server answers nobody before its searches with known answers are over, and never where one of them is wrong.
/// </summary>
public sealed class SelfSearchTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("matchcluster-test-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task Nobody_is_answered_before_it_has_ended()
    {
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource<SelfSearchReport> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int port = ProgramProcess.FreePort();
        Task<Server> starting = Server.StartAsync(
            Options($"http://127.0.0.1:{port}") with
            {
                SelfSearch = _ =>
                {
                    begun.SetResult();
                    return ended.Task;
                },
            },
            LogLevel.Warning, CancellationToken.None);
        await begun.Task;
        using (TcpClient client = new())
        {
            SocketException refused = await Assert.ThrowsAsync<SocketException>(
                () => client.ConnectAsync("127.0.0.1", port));
            Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
        }

        Assert.False(starting.IsCompleted);
        ended.SetResult(new SelfSearchReport(1, TimeSpan.Zero));
        await using Server server = await starting;
        await server.Loaded;
        using HttpClient http = new() { BaseAddress = new Uri(server.Urls.First()) };
        Assert.Equal(200, await http.GetAsync("/health").StatusAsync());
    }

    [Fact]
    public async Task A_wrong_answer_refuses_the_start_and_leaves_the_data_as_it_was()
    {
        using StringWriter errors = new();
        int code = await Server.RunAsync(
            Options("http://127.0.0.1:0") with
            {
                SelfSearch = _ => Task.FromException<SelfSearchReport>(
                    new SelfSearchException("one finger: found nobody")),
            },
            errors, CancellationToken.None);
        Assert.Equal(CommandLine.CannotStart, code);
        Assert.Equal("matchcluster: one finger: found nobody", errors.ToString().TrimEnd());

        // The directory is free again.
        await using Server server = await Server.StartAsync(
            Options("http://127.0.0.1:0"), LogLevel.Warning, CancellationToken.None);
    }

    [Fact]
    public async Task Every_server_that_is_started_from_a_command_line_makes_it()
    {
        foreach (string[] arguments in (string[][])[["--data", directory], ["--demo", "20"]])
        {
            ServerOptions? read = null;
            await CommandLine.RunAsync(arguments, TextWriter.Null, (options, _) =>
            {
                read = options;
                return Task.FromResult(0);
            });
            SelfSearchReport report = await read!.SelfSearch!(CancellationToken.None);
            Assert.True(report.Searches > 0);
        }
    }

    private ServerOptions Options(string urls) => new() { Data = directory, Urls = urls, Partitions = 1, Threads = 1 };
}
