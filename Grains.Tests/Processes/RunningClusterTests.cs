using System.Diagnostics;
using System.Net;
using MatchCluster.Grains.Tests.Redis;
using Xunit.Abstractions;

namespace MatchCluster.Grains.Tests.Processes;

/// <summary>Redis, three silos and an api as processes of their own, under load.</summary>
public sealed class RunningClusterTests(ITestOutputHelper output)
{
    private const string Partitions = "12";

    [SkippableFact]
    public async Task A_silo_is_killed_comes_back_and_another_is_stopped_and_nothing_that_was_acked_is_lost()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        MemberProcess Silo(string name) => MemberProcess.Start(name, "Silo", redis.Port, "--partitions", Partitions);
        await using MemberProcess first = Silo("silo-1");
        await using MemberProcess victim = Silo("silo-2");
        await using MemberProcess third = Silo("silo-3");
        await using MemberProcess api = MemberProcess.Start("api-1", "Api", redis.Port, "--cluster");
        await using ApiTraffic traffic = new(await api.AddressAsync());
        await traffic.UntilAsync(
            "every silo has its share", async () => await traffic.LoadsAsync() == "silo-1:4 silo-2:4 silo-3:4");
        await traffic.UntilAsync("people", () => Task.FromResult(traffic is { Acked: > 30, CompleteInARow: > 10 }));
        int partialBefore = traffic.Partial;

        // SIGKILL: partial for as long as it takes to notice and to load, then complete again.
        await victim.KillAsync();
        Stopwatch since = Stopwatch.StartNew();
        traffic.CompleteInARow = 0;
        await traffic.UntilAsync(
            "the others serve", async () => await traffic.LoadsAsync() == "silo-1:6 silo-3:6");
        await traffic.UntilAsync("complete again", () => Task.FromResult(traffic.CompleteInARow > 5));
        int partialByKill = traffic.Partial - partialBefore;
        TimeSpan untilComplete = since.Elapsed;

        // The same name again: it gets its share, warm, and no answer suffers.
        int partial = traffic.Partial;
        await using MemberProcess again = Silo("silo-2");
        await traffic.UntilAsync(
            "its share again", async () => await traffic.LoadsAsync() == "silo-1:4 silo-2:4 silo-3:4");
        int partialByJoin = traffic.Partial - partial;

        // SIGTERM: what it has is handed on before it goes.
        partial = traffic.Partial;
        Assert.Equal(0, await third.StopAsync());
        await traffic.UntilAsync("handed on", async () => await traffic.LoadsAsync() == "silo-1:6 silo-2:6");
        int complete = traffic.Complete;
        await traffic.UntilAsync("some more", () => Task.FromResult(traffic.Complete > complete + 5));
        int partialByStop = traffic.Partial - partial;
        await traffic.StopAsync();

        output.WriteLine(
            $"{traffic.Acked} enrolled, {traffic.Complete} complete answers; after kill -9 {partialByKill} partial and"
            + $" complete again in {untilComplete.TotalSeconds:0.0} s; {partialByJoin} partial while it joined again,"
            + $" {partialByStop} while another stopped; longest search {traffic.Longest.TotalSeconds:0.00} s");
        Assert.True(
            (partialByJoin, partialByStop) == (0, 0),
            $"{partialByJoin} partial while it joined, {partialByStop} while one stopped: {traffic.LastPartial}\n"
            + $"{first.Log}\n{again.Log}\n{third.Log}");
        for (int person = 0; person < traffic.Acked; person++)
        {
            Assert.Equal(
                HttpStatusCode.OK, await traffic.StatusOfAsync($"/v1/persons/P-{person}/encounters?transactionId=T"));
        }

        // Nobody twice: the last enrolment may have been applied without an ack.
        Assert.InRange(
            (long)(await traffic.GetAsync("/mc/v1/stats"))["identities"]!, traffic.Acked, traffic.Acked + 1);
        Assert.Equal(0, await api.StopAsync());
        Assert.Equal(0, await first.StopAsync());
    }

    [SkippableFact]
    public async Task A_silo_whose_name_is_taken_or_that_wants_other_partitions_ends_with_one_line()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        await using MemberProcess first = MemberProcess.Start("silo-1", "Silo", redis.Port, "--partitions", "4");
        await first.AddressAsync();
        using HttpClient http = new() { BaseAddress = await first.AddressAsync() };
        Stopwatch waited = Stopwatch.StartNew();
        while ((await http.GetAsync("/health")).StatusCode != HttpStatusCode.OK)
        {
            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(60), first.Log);
            await Task.Delay(50);
        }

        await using MemberProcess other = MemberProcess.Start("silo-2", "Silo", redis.Port, "--partitions", "8");
        Assert.Equal(2, await other.EndAsync());
        Assert.Contains("4 partitions and 8 are asked for", other.Log);

        await using MemberProcess namesake = MemberProcess.Start("silo-1", "Silo", redis.Port);
        Assert.Equal(2, await namesake.EndAsync());
        Assert.Contains("a silo named silo-1 is active at 127.0.0.1:", namesake.Log);
        Assert.DoesNotContain("   at ", namesake.Log);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/health")).StatusCode);
    }
}
