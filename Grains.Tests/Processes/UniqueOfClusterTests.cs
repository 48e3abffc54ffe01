using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MatchCluster.Api.Tests;
using MatchCluster.Grains.Tests.Redis;
using Xunit.Abstractions;

namespace MatchCluster.Grains.Tests.Processes;

/// <summary>
/// Two front ends that are asked to enrol the same people at once, and a silo that is killed meanwhile.
/// </summary>
public sealed class UniqueOfClusterTests(ITestOutputHelper output)
{
    private const string Gallery = "CIVIL";
    private const int People = 60;
    private const int Captures = 3;
    private const int AtOnce = 48;

    [SkippableFact]
    public async Task Each_person_is_enrolled_once_whoever_asks_where_and_whatever_is_killed()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        await using MemberProcess first = MemberProcess.Start("silo-1", "Silo", redis.Port, "--partitions", "6");
        await using MemberProcess victim = MemberProcess.Start("silo-2", "Silo", redis.Port, "--partitions", "6");
        await using MemberProcess one = MemberProcess.Start("api-1", "Api", redis.Port, "--cluster");
        await using MemberProcess other = MemberProcess.Start("api-2", "Api", redis.Port, "--cluster");
        using HttpClient here = new() { BaseAddress = await one.AddressAsync() };
        using HttpClient there = new() { BaseAddress = await other.AddressAsync() };

        // Every capture is sent by one transaction to both front ends.
        (int Person, int Capture, HttpClient Front)[] calls =
        [
            .. Enumerable.Range(0, People).SelectMany(person => Enumerable.Range(0, Captures).SelectMany(
                capture => (HttpClient[])[here, there], (capture, front) => (person, capture, front))),
        ];
        new Random(5).Shuffle(calls);
        int begun = 0;
        int again = 0;
        TaskCompletionSource middle = new();
        Task killed = middle.Task.ContinueWith(_ => victim.KillAsync(), TaskScheduler.Default).Unwrap();
        JsonNode?[] answers = new JsonNode?[calls.Length];
        await Parallel.ForAsync(
            0, calls.Length, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, _) =>
            {
                if (Interlocked.Increment(ref begun) == calls.Length / 2)
                {
                    middle.TrySetResult();
                }

                while ((answers[i] = await AskAsync(calls[i])) is null)
                {
                    Interlocked.Increment(ref again);
                    await Task.Delay(100, CancellationToken.None);
                }
            });
        await killed;

        string[] outcomes = [.. answers.Select(answer => (string)answer!["outcome"]!)];
        output.WriteLine(
            $"{calls.Length} calls, {outcomes.Count(word => word == "enrolled")} enrolled, "
            + $"{outcomes.Count(word => word == "duplicate")} duplicates, {again} asked again");
        for (int person = 0; person < People; person++)
        {
            int[] own = [.. Enumerable.Range(0, calls.Length).Where(i => calls[i].Person == person)];
            string id = Assert.Single(own.Where(i => outcomes[i] == "enrolled")
                .Select(i => (string)answers[i]!["personId"]!).Distinct());
            Assert.All(
                own.Where(i => outcomes[i] == "duplicate"),
                i => Assert.Equal(id, (string)answers[i]!["candidates"]![0]!["personId"]!));
            Assert.Equal(
                HttpStatusCode.OK,
                (await here.GetAsync($"/v1/persons/{id}/encounters?transactionId=T")).StatusCode);
        }

        JsonNode stats = (await there.GetFromJsonAsync<JsonNode>("/mc/v1/stats"))!;
        Assert.Equal(People, (long)stats["identities"]!);
    }

    /// <summary>The answer, or null where it says to ask again.</summary>
    private static async Task<JsonNode?> AskAsync((int Person, int Capture, HttpClient Front) call)
    {
        using HttpRequestMessage request = new(
            HttpMethod.Post,
            $"/mc/v1/enrol-if-unique?transactionId=p{call.Person}-{call.Capture}&threshold=60")
        {
            Content = JsonContent.Create(Bodies.Encounter(Gallery, Bodies.Samples(call.Person, call.Capture))),
        };
        request.Headers.Add("MatchCluster-Deadline-Ms", "10000");
        using HttpResponseMessage answer = await call.Front.SendAsync(request);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(
            answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable
                or HttpStatusCode.TooManyRequests or HttpStatusCode.GatewayTimeout,
            $"{answer.StatusCode}: {text}");
        return answer.StatusCode == HttpStatusCode.OK ? JsonNode.Parse(text) : null;
    }
}
