using System.Text.Json.Nodes;
using MatchCluster.Api.Tests.Jobs;
using MatchCluster.Grains.Tests.Redis;

namespace MatchCluster.Grains.Tests.Processes;

/// <summary>Two front ends that share the jobs of a cluster.</summary>
public sealed class JobsOfClusterTests
{
    private const int People = 6;
    private const int Lines = 600;

    [SkippableFact]
    public async Task What_a_killed_front_end_began_another_one_ends()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        await using MemberProcess silo = MemberProcess.Start("silo-1", "Silo", redis.Port, "--partitions", "2");
        MemberProcess one = MemberProcess.Start("api-1", "Api", redis.Port, "--cluster");
        using HttpClient here = new() { BaseAddress = await one.AddressAsync() };
        for (int person = 0; person < People; person++)
        {
            await here.EnrolAsync($"P{person}", person);
        }

        string[] persons = [.. Enumerable.Range(0, Lines).Select(line => $"P{line % People}")];
        string id = await here.BeginAsync(
            "batch-identify", "personId\n" + string.Join('\n', persons), "text/csv").IdAsync();
        long done = 0;
        while (done == 0)
        {
            JsonNode job = await here.GetAsync($"/mc/v1/jobs/{id}").AnswerAsync();
            done = (long)job["lines"]!["done"]!;
        }

        await one.KillAsync();
        await one.DisposeAsync();
        await using MemberProcess other = MemberProcess.Start("api-2", "Api", redis.Port, "--cluster");
        using HttpClient there = new() { BaseAddress = await other.AddressAsync() };
        JsonNode ended = await there.EndAsync(id);
        Assert.Equal("done", (string)ended["state"]!);
        JobCalls.AssertAddsUp(ended, Lines);
        JsonObject[] results = await there.ResultsAsync(id);
        Assert.Equal(persons, results.Select(line => (string)line["candidates"]![0]!["personId"]!));
        Assert.Equal(
            Enumerable.Range(2, Lines).Select(line => (long)line), results.Select(line => (long)line["line"]!));
    }
}
