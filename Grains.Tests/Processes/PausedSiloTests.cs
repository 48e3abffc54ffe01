using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using MatchCluster.Api.Tests;
using MatchCluster.Grains.Tests.Redis;
using Xunit.Abstractions;

namespace MatchCluster.Grains.Tests.Processes;

/// <summary>SIGSTOP: a process that keeps its connections and says nothing, as a paused machine does.</summary>
public sealed class PausedSiloTests(ITestOutputHelper output)
{
    private const int People = 24;
    private const int AtOnce = 12;

    [SkippableFact]
    public async Task No_search_is_refused_while_a_silo_is_paused_and_answers_are_complete_again_without_it()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        await using MemberProcess first = MemberProcess.Start("silo-1", "Silo", redis.Port, "--partitions", "8");
        await using MemberProcess second = MemberProcess.Start("silo-2", "Silo", redis.Port, "--partitions", "8");
        await using MemberProcess api = MemberProcess.Start("api-1", "Api", redis.Port, "--cluster");
        using HttpClient http = new() { BaseAddress = await api.AddressAsync(), Timeout = TimeSpan.FromSeconds(60) };
        await using (ApiTraffic traffic = new(http.BaseAddress))
        {
            await traffic.UntilAsync("a share each", async () => await traffic.LoadsAsync() == "silo-1:4 silo-2:4");
            await traffic.UntilAsync(
                "people", () => Task.FromResult(traffic is { Acked: > People, CompleteInARow: > 5 }));
            await traffic.StopAsync();
        }

        // More at a time than the gate lets in whatever they take: it has to know that this machine serves them.
        Stopwatch served = Stopwatch.StartNew();
        for (int inARow = 0; inARow < 3;)
        {
            Assert.True(served.Elapsed < TimeSpan.FromSeconds(60), $"refused without a pause:\n{api.Log}");
            (HttpStatusCode, bool IsComplete, TimeSpan)[] some = await SearchAtOnceAsync(http, inARow);
            inARow = some.All(answer => answer.IsComplete) ? inARow + 1 : 0;
        }

        // Every search has half a minute, and those who wait for the paused silo would fill the gate.
        await second.SignalAsync("STOP");
        List<(HttpStatusCode Code, bool IsComplete, TimeSpan Took)> answers = [];
        Stopwatch paused = Stopwatch.StartNew();
        int completeInARow = 0;
        for (int round = 0; completeInARow < 3; round++)
        {
            Assert.True(paused.Elapsed < TimeSpan.FromSeconds(90), $"not complete again:\n{first.Log}\n{api.Log}");
            (HttpStatusCode Code, bool IsComplete, TimeSpan Took)[] some = await SearchAtOnceAsync(http, round);
            answers.AddRange(some);
            completeInARow = some.All(answer => answer.IsComplete) ? completeInARow + 1 : 0;
        }

        output.WriteLine(
            $"{answers.Count} searches, {answers.Count(a => !a.IsComplete)} partial, complete after"
            + $" {paused.Elapsed.TotalSeconds:0.0} s; longest {answers.Max(a => a.Took).TotalSeconds:0.00} s");
        Assert.Contains(answers, answer => !answer.IsComplete);
        Assert.All(answers, answer => Assert.True(
            answer.Code is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable, $"{answer.Code}"));
        await second.SignalAsync("CONT");
    }

    private static Task<(HttpStatusCode Code, bool IsComplete, TimeSpan Took)[]> SearchAtOnceAsync(
        HttpClient http, int round) =>
        Task.WhenAll(Enumerable.Range(0, AtOnce).Select(i => SearchAsync(http, (i + round) % People)));

    private static async Task<(HttpStatusCode Code, bool IsComplete, TimeSpan Took)> SearchAsync(
        HttpClient http, int person)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/v1/identify/CIVIL?transactionId=T")
        {
            Content = JsonContent.Create(Bodies.Identify(Bodies.Samples(person, impression: 1))),
        };
        request.Headers.Add("MatchCluster-Deadline-Ms", 30_000.ToString(CultureInfo.InvariantCulture));
        long asked = Stopwatch.GetTimestamp();
        using HttpResponseMessage answer = await http.SendAsync(request);
        bool isComplete = answer.StatusCode == HttpStatusCode.OK
            && bool.Parse(answer.Headers.GetValues("MatchCluster-Complete").Single());
        return (answer.StatusCode, isComplete, Stopwatch.GetElapsedTime(asked));
    }
}
