using System.Text.Json.Nodes;
using MatchCluster.Matching.Feeds;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Tests.Feeds;
using Xunit.Abstractions;

namespace MatchCluster.Api.Tests.Feeds;

/// <summary>
/// A peer follows a gallery whose server is killed again and again in the middle of writes: what it saw stays, nothing
/// is missed, and its state is the server's at every change that states one.
/// </summary>
public sealed class ChangesKillTests(ITestOutputHelper output) : IDisposable
{
    private const int Seed = 20261130;
    private const int Callers = 3;

    private static readonly int Kills =
        int.TryParse(Environment.GetEnvironmentVariable("MATCHCLUSTER_KILLS"), out int asked) ? asked : 4;

    private readonly string directory = Directory.CreateTempSubdirectory("feed-kill-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task Who_follows_a_server_that_is_killed_again_and_again_has_its_state()
    {
        Random random = new(Seed);
        FeedReplica? replica = null;
        for (int round = 0; round <= Kills; round++)
        {
            using ServerProcess server = ServerProcess.Start(
                "--data", directory, "--partitions", "3", "--changes-kept", "100000");
            using HttpClient http = await server.ReadyAsync();
            replica = await CatchUpAsync(http, replica);
            Assert.Equal(await ListAsync(http), replica.Held.Order());
            if (round == Kills)
            {
                break;
            }

            using CancellationTokenSource ending = new();
            using SemaphoreSlim acks = new(0);
            int seed = random.Next();
            Task[] callers = [.. Enumerable.Range(0, Callers).Select(
                caller => CallAsync(http, new Random(seed + caller), acks, ending.Token))];
            for (int wait = random.Next(5, 60); wait > 0; wait--)
            {
                Assert.True(await acks.WaitAsync(TimeSpan.FromSeconds(30)), "no ack comes");
                replica = wait % 4 == 0 ? await CatchUpAsync(http, replica) : replica;
            }

            await server.KillAsync();
            await ending.CancelAsync();
            await Task.WhenAll(callers);
        }

        output.WriteLine($"seed {Seed}: {Kills} kills, {replica!.Last} changes, {replica.Proved} of them proved");
        Assert.True(replica.Proved > 5 * Kills, $"{replica.Proved} of {replica.Last} changes were proved");
    }

    /// <summary>Enrols and deletes until the server is gone.</summary>
    private static async Task CallAsync(
        HttpClient http, Random random, SemaphoreSlim acks, CancellationToken cancel)
    {
        try
        {
            while (true)
            {
                string person = $"persons/P-{random.Next(12)}/encounters/E-{random.Next(2)}";
                using HttpResponseMessage answer = random.Next(3) == 0
                    ? await http.DeleteAsync(RunningServer.V1(person), cancel)
                    : await http.PostAsync(
                        RunningServer.V1(person),
                        new StringContent(
                            Bodies.Encounter("followed", [Bodies.Finger(random.Next(6), 2)]).ToJsonString(),
                            System.Text.Encoding.UTF8, "application/json"),
                        cancel);
                acks.Release();
            }
        }
        catch (Exception gone) when (gone is HttpRequestException or OperationCanceledException or IOException)
        {
            // Killed.
        }
    }

    private static async Task<FeedReplica> CatchUpAsync(HttpClient http, FeedReplica? replica)
    {
        while (true)
        {
            JsonNode page = JsonNode.Parse(await http.GetStringAsync(
                $"/mc/v1/galleries/followed/changes?limit=20&after={replica?.Last ?? 0}"))!;
            replica ??= new FeedReplica("followed", new FeedKey(Convert.FromBase64String((string)page["stateKey"]!)));
            replica.Follow(new ChangePage(
                new ChangePosition((long)page["first"]!, (long)page["last"]!, null),
                [.. page["changes"]!.AsArray().Select(one => ChangeOf(one!))]));
            if (replica.Last == (long)page["last"]!)
            {
                if ((string?)page["state"] is { } state)
                {
                    Assert.Equal(state, replica.State.Hash.ToString());
                }

                return replica;
            }
        }
    }

    private static Change ChangeOf(JsonNode one) => new(
        (long)one["sequence"]!, Enum.Parse<ChangeKind>((string)one["kind"]!, ignoreCase: true),
        (string)one["personId"]!, (string)one["encounterId"]!, (Guid)one["recordId"]!,
        (DateTimeOffset)one["at"]!)
    {
        State = (string?)one["state"] is { } state
            ? new GalleryState(new StateHash(Convert.FromHexString(state)), (long)one["encounters"]!) : null,
    };

    private static async Task<IEnumerable<(string, string)>> ListAsync(HttpClient http)
    {
        using HttpResponseMessage answer = await http.GetAsync(RunningServer.V1("galleries/followed?limit=1000"));
        return !answer.IsSuccessStatusCode ? []
            : JsonNode.Parse(await answer.Content.ReadAsStringAsync())!.AsArray()
                .Select(one => ((string)one!["personId"]!, (string)one["encounterId"]!)).Order();
    }
}
