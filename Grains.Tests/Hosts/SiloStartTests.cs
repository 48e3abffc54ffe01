using MatchCluster.Grains.Tests.Redis;
using MatchCluster.Matching.Starting;
using MatchCluster.Silo.Hosting;
using MatchCluster.Silo.Options;
using StackExchange.Redis;

namespace MatchCluster.Grains.Tests.Hosts;

/// <summary>A silo that cannot start as asked: one line, exit code 2, no stack trace.</summary>
public sealed class SiloStartTests
{
    private const string Nobody = "127.0.0.1:1";

    [Theory]
    [InlineData("--colour red", "--colour")]
    [InlineData("--name s", "no Redis")]
    [InlineData("--name a/b --redis " + Nobody, "--name")]
    [InlineData("--name s --redis ,ssl=true", "--redis")]
    [InlineData("--name s --redis " + Nobody + ",colour=red", "--redis")]
    [InlineData("--name s --redis " + Nobody + " --port 70000", "--port (Orleans:Endpoints:SiloPort): found '70000'")]
    [InlineData("--name s --redis " + Nobody + " --port x", "wanted 0..65535")]
    [InlineData("--name s --redis " + Nobody + " --address 0.0.0.0", "--address")]
    [InlineData("--name s --redis " + Nobody + " --partitions 0", "--partitions")]
    [InlineData("--name s --redis " + Nobody + " --partitions 5000", "wanted 1..4096")]
    [InlineData("--name s --redis " + Nobody + " --threads -1", "--threads")]
    [InlineData("--name s --redis " + Nobody + " --store sp/ace", "--store")]
    [InlineData("--name s --redis " + Nobody + " --urls http://0.0.0.0:0", "not a loopback address")]
    [InlineData("--name s --redis " + Nobody + " --drain-seconds 0", "DrainSeconds")]
    [InlineData("--name s --redis " + Nobody + " --require-durable perhaps", "true or false")]
    public async Task Wrong_options_are_named(string arguments, string expected)
    {
        string error = await RefusedAsync(arguments.Split(' '));
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Redis_that_is_not_there_is_named_within_seconds()
    {
        string error = await RefusedAsync("--name", "s", "--redis", Nobody, "--urls", "http://127.0.0.1:0");
        Assert.Contains($"Redis at {Nobody} cannot be reached", error, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Keys_of_others_another_partition_count_and_a_Redis_that_forgets_are_refused()
    {
        await using RedisServer redis = await RedisServer.StartAsync("--appendfsync", "everysec");
        await (await redis.ConnectAsync()).GetDatabase().StringSetAsync("mc:{taken}:gallery", "somebody else's");
        string foreign = await RefusedAsync([.. ArgumentsFor(redis), "--store", "taken"]);
        Assert.Contains("another application", foreign, StringComparison.Ordinal);

        string forgets = await RefusedAsync([.. ArgumentsFor(redis), "--require-durable", "true"]);
        Assert.Contains("appendfsync always", forgets, StringComparison.Ordinal);

        // Refused after the store was opened, which was made with the default count.
        string away = await RefusedAsync([.. ArgumentsFor(redis), "--address", "192.0.2.1"]);
        Assert.Contains("none of this machine", away, StringComparison.Ordinal);
        string count = await RefusedAsync([.. ArgumentsFor(redis), "--partitions", "7"]);
        Assert.Contains("64 partitions and 7 are asked for", count, StringComparison.Ordinal);

        string busy = await RefusedAsync([.. ArgumentsFor(redis), "--port", $"{redis.Port}"]);
        Assert.Contains("--port", busy, StringComparison.Ordinal);
    }

    private static string[] ArgumentsFor(RedisServer redis) =>
        ["--name", "s", "--redis", $"127.0.0.1:{redis.Port}", "--urls", "http://127.0.0.1:0", "--port", "0"];

    [SkippableFact]
    public async Task A_silo_that_answers_wrongly_does_not_join()
    {
        await using RedisServer redis = await RedisServer.StartAsync("--appendfsync", "everysec");
        string wrong = await RefusedAsync(
            _ => Task.FromException<SelfSearchReport>(new SelfSearchException("one eye: found nobody")),
            ArgumentsFor(redis));
        Assert.Equal("matchcluster-silo: one eye: found nobody", wrong);

        // No member was ever noted.
        RedisKey[] keys = [.. (await redis.ConnectAsync()).GetServers()[0].Keys(pattern: "*")];
        Assert.DoesNotContain(keys, key => ((string)key!).Contains("members", StringComparison.Ordinal));
    }

    private static Task<string> RefusedAsync(params string[] arguments) =>
        RefusedAsync(_ => Task.FromResult(new SelfSearchReport(0, TimeSpan.Zero)), arguments);

    private static async Task<string> RefusedAsync(
        Func<CancellationToken, Task<SelfSearchReport>> selfSearch, string[] arguments)
    {
        using StringWriter errors = new();
        int code = await CommandLine.RunAsync(
            arguments, errors, (settings, cancel) => SiloServer.RunAsync(settings, selfSearch, errors, cancel));
        Assert.Equal(CommandLine.CannotStart, code);
        return Assert.Single(errors.ToString().TrimEnd().Split('\n'));
    }
}
