using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MatchCluster.Api.Tests;
using MatchCluster.Api.Tests.Tasks;
using MatchCluster.Grains.Tests.Redis;

namespace MatchCluster.Grains.Tests.Processes;

/// <summary>Two front ends that share the tasks of a cluster.</summary>
public sealed class TasksOfClusterTests : IDisposable
{
    private const string Gallery = "A";
    private const int Tasks = 60;

    private readonly string directory = Directory.CreateTempSubdirectory("matchcluster-test-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [SkippableFact]
    public async Task What_a_killed_front_end_took_in_another_one_finishes()
    {
        await using CallbackReceiver receiver = new();
        await using RedisServer redis = await RedisServer.StartAsync();
        await using MemberProcess silo = MemberProcess.Start("silo-1", "Silo", redis.Port, "--partitions", "2");
        string[] said =
        [
            "--cluster", "--callbacks", receiver.Origin, "--callback-key", Path.Combine(directory, "callbacks.pem"),
        ];
        MemberProcess one = MemberProcess.Start("api-1", "Api", redis.Port, said);
        using HttpClient here = new() { BaseAddress = await one.AddressAsync() };
        await using MemberProcess other = MemberProcess.Start("api-2", "Api", redis.Port, said);
        using HttpClient there = new() { BaseAddress = await other.AddressAsync() };

        // Nobody takes results meanwhile, so that all of them have to be delivered after the kill.
        receiver.Status = 503;
        Dictionary<string, string> accepted = [];
        for (int i = 0; i < Tasks; i++)
        {
            string person = $"p{i}";
            JsonObject body = Bodies.Encounter(Gallery, [Bodies.Item(
                "FINGER", "RIGHT_INDEX", "ISO_19794_2", Bodies.TinyFinger(new Random(i)))]);
            string url = $"/v1/persons/{person}/encounters/E?transactionId=T{i}&callback={receiver.Address}";
            accepted[await TaskAsync(here, url, body)] = person;
        }

        await one.KillAsync();
        await one.DisposeAsync();
        receiver.Status = 204;
        string first = accepted.Keys.First();
        Assert.Equal(first, await TaskAsync(
            there, $"/v1/persons/p0/encounters/E?transactionId=T0&callback={receiver.Address}", Bodies.Encounter(
                Gallery, [Bodies.Item("FINGER", "RIGHT_INDEX", "ISO_19794_2", Bodies.TinyFinger(new Random(0)))])));
        foreach ((string task, string person) in accepted)
        {
            Received result = await receiver.OfAsync(task, TimeSpan.FromSeconds(60));
            Assert.Equal(person, (string)JsonNode.Parse(result.Body)!["personId"]!);
        }

        JsonNode members = JsonNode.Parse(await there.GetStringAsync(
            $"/v1/galleries/{Gallery}?transactionId=T"))!;
        Assert.Equal(Tasks, members.AsArray().Count);
    }

    private static async Task<string> TaskAsync(HttpClient http, string url, JsonNode body)
    {
        using HttpResponseMessage response = await http.PostAsync(url, JsonContent.Create(body));
        string text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == 202, $"{(int)response.StatusCode}: {text}");
        return (string)JsonNode.Parse(text)!["taskId"]!;
    }
}
