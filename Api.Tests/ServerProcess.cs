using System.Diagnostics;
using MatchCluster.Api.Hosting;
using MatchCluster.Benchmarks.Runner;

namespace MatchCluster.Api.Tests;

/// <summary>The server as its users run it: a process of its own that can be killed.</summary>
internal sealed class ServerProcess : ProgramProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private ServerProcess(IReadOnlyDictionary<string, string> environment, string[] args)
        : base(
            "server", DotNet, ["exec", typeof(Server).Assembly.Location, .. args, "--urls", "http://127.0.0.1:0"],
            environment)
    {
    }

    /// <summary>Starts a server that will listen on a free port.</summary>
    public static ServerProcess Start(params string[] args) => Start(new Dictionary<string, string>(), args);

    /// <inheritdoc cref="Start(string[])"/>
    /// <param name="environment">More of its environment.</param>
    public static ServerProcess Start(IReadOnlyDictionary<string, string> environment, params string[] args) =>
        new(environment, args);

    /// <summary>A client of the server once every partition is loaded.</summary>
    public async Task<HttpClient> ReadyAsync()
    {
        HttpClient http = new() { BaseAddress = await AddressAsync() };
        long started = Stopwatch.GetTimestamp();
        while (await http.GetAsync("/health").StatusAsync() != 200)
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Patience, "the server does not become ready");
            await Task.Delay(5);
        }

        return http;
    }
}
