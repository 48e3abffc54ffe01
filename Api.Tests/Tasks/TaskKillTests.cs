using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Xunit.Abstractions;

namespace MatchCluster.Api.Tests.Tasks;

/// <summary>
/// Accepted means kept: a server that is killed while it accepts, executes and delivers tasks loses none, and does
/// nothing of them twice.
/// </summary>
public sealed class TaskKillTests(ITestOutputHelper output) : IDisposable
{
    private const int Seed = 20261130;
    private const int Callers = 4;
    private const string Gallery = "A";

    private readonly string directory = Directory.CreateTempSubdirectory("matchcluster-test-").FullName;
    private readonly ConcurrentDictionary<string, string> made = new();
    private readonly ConcurrentDictionary<string, string> deleted = new();
    /// <summary>Persons whose deletion was sent; it may have been accepted without an answer.</summary>
    private readonly ConcurrentDictionary<string, bool> asked = new();
    private int people;

    /// <summary>More kills, for a run by hand.</summary>
    private static int Kills { get; } = int.TryParse(
        Environment.GetEnvironmentVariable("MATCHCLUSTER_TEST_KILLS"), out int kills) ? kills : 6;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task Kills_lose_no_task_and_do_nothing_twice()
    {
        Random random = new(Seed);
        output.WriteLine($"seed {Seed}, {Kills} kills");
        await using CallbackReceiver receiver = new();
        for (int round = 0; round < Kills; round++)
        {
            using ServerProcess server = Start(receiver);
            using HttpClient http = await server.ReadyAsync();
            using SemaphoreSlim acks = new(0);
            using CancellationTokenSource ending = new();
            Task[] callers = [.. Enumerable.Range(0, Callers).Select(
                _ => CallAsync(http, receiver, random.Next(), acks, ending.Token))];
            for (int wait = random.Next(1, 60); wait > 0; wait--)
            {
                Assert.True(await acks.WaitAsync(TimeSpan.FromSeconds(30)), "no task is accepted");
            }

            await server.KillAsync();
            await ending.CancelAsync();
            await Task.WhenAll(callers);
        }

        using ServerProcess last = Start(receiver);
        using HttpClient end = await last.ReadyAsync();
        output.WriteLine($"{made.Count} creations and {deleted.Count} deletions were accepted");
        foreach ((string task, string person) in made)
        {
            Received result = await receiver.OfAsync(task);
            Assert.True(result.ContentType.StartsWith("application/json", StringComparison.Ordinal), result.Body);
            Assert.Equal(person, (string)JsonNode.Parse(result.Body)!["personId"]!);
        }

        foreach ((string task, string person) in deleted)
        {
            Received result = await receiver.OfAsync(task);
            Assert.True(result.Body == "\"OK\"", $"{person}: {result.Body}");
        }

        // However often a result came, it was the same one.
        Assert.All(
            receiver.Accepted.GroupBy(result => result.TaskId),
            results => Assert.Single(results.Select(result => (result.ContentType, result.Body)).Distinct()));

        JsonNode members = await end.GetAsync(RunningServer.V1($"galleries/{Gallery}?limit=100000")).OkAsync();
        string[] there = [.. members.AsArray().Select(member => (string)member!["personId"]!)];
        Assert.Equal(there.Distinct().Count(), there.Length);
        Assert.Empty(deleted.Values.Intersect(there));
        Assert.Empty(made.Values.Except(there).Except(deleted.Values).Except(asked.Keys));
    }

    private ServerProcess Start(CallbackReceiver receiver) => ServerProcess.Start(
        "--data", directory, "--partitions", "2", "--callbacks", receiver.Origin);

    /// <summary>Hands over creations, and deletions of those of whom it heard that they were made.</summary>
    private async Task CallAsync(
        HttpClient http, CallbackReceiver receiver, int seed, SemaphoreSlim acks, CancellationToken cancel)
    {
        Random random = new(seed);
        Queue<string> own = new();
        try
        {
            while (!cancel.IsCancellationRequested)
            {
                string person = $"p{Interlocked.Increment(ref people)}";
                string query = $"?transactionId={person}&callback={receiver.Address}";
                if (own.Count > 3)
                {
                    string gone = own.Dequeue();
                    asked[gone] = true;
                    string task = await TaskAsync(http.DeleteAsync($"/v1/persons/{gone}{query}", cancel));
                    deleted[task] = gone;
                }
                else
                {
                    JsonObject body = Bodies.Encounter(Gallery, [Bodies.Item(
                        "FINGER", "RIGHT_INDEX", "ISO_19794_2", Bodies.TinyFinger(random))]);
                    string task = await TaskAsync(http.PostAsync(
                        $"/v1/persons/{person}/encounters/E{query}", JsonContent.Create(body), cancel));
                    made[task] = person;
                    if (random.Next(2) == 0)
                    {
                        await receiver.OfAsync(task).WaitAsync(cancel);
                        own.Enqueue(person);
                    }
                }

                acks.Release();
            }
        }
        catch (Exception cut) when (cut is HttpRequestException or OperationCanceledException or IOException)
        {
            // The server was killed.
        }
    }

    private static async Task<string> TaskAsync(Task<HttpResponseMessage> sent)
    {
        using HttpResponseMessage response = await sent;
        string text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == 202, $"{(int)response.StatusCode}: {text}");
        return (string)JsonNode.Parse(text)!["taskId"]!;
    }
}
