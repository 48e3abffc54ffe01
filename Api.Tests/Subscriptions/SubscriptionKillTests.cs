using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MatchCluster.Api.Tests.Tasks;
using Xunit.Abstractions;

namespace MatchCluster.Api.Tests.Subscriptions;

/// <summary>A server that is killed while people come in loses no alert and raises none twice.</summary>
public sealed class SubscriptionKillTests(ITestOutputHelper output) : IDisposable
{
    private const int Seed = 20261201;
    private const int Subscriptions = 8;

    private readonly string directory = Directory.CreateTempSubdirectory("matchcluster-test-").FullName;
    private readonly List<string> enrolled = [];

    /// <summary>More kills, for a run by hand.</summary>
    private static int Kills { get; } = int.TryParse(
        Environment.GetEnvironmentVariable("MATCHCLUSTER_TEST_KILLS"), out int kills) ? kills : 5;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task Kills_lose_no_alert_and_raise_none_twice()
    {
        Random random = new(Seed);
        output.WriteLine($"seed {Seed}, {Kills} kills");
        await using CallbackReceiver receiver = new();
        string[] ids = [];
        int next = 0;
        for (int round = 0; round < Kills; round++)
        {
            using ServerProcess server = Start(receiver);
            using HttpClient http = await server.ReadyAsync();
            if (round == 0)
            {
                ids = await Task.WhenAll(Enumerable.Range(0, Subscriptions).Select(
                    person => SubscriptionCalls.SubscribeAsync(http, person, receiver.Origin + "/results?from=here")));
            }

            // Killed wherever the watcher is: the last enrolments were acked a moment ago.
            for (int more = random.Next(2, 12); more > 0; more--, next++)
            {
                string encounter = $"E-{next}";
                using HttpResponseMessage made = await http.PostAsJsonAsync(
                    $"/v1/persons/P-{next % Subscriptions}/encounters/{encounter}?transactionId=T",
                    Bodies.Encounter("demo", [Bodies.Finger(next % Subscriptions, 2)]));
                made.EnsureSuccessStatusCode();
                enrolled.Add($"{ids[next % Subscriptions]} {encounter}");
                await Task.Delay(random.Next(0, 60));
            }

            await server.KillAsync();
        }

        using ServerProcess last = Start(receiver);
        using HttpClient end = await last.ReadyAsync();
        JsonNode[] alerts = await SubscriptionCalls.AlertsAsync(end, enrolled.Count);
        Assert.Equal(
            enrolled.Order(), alerts.Select(one => $"{one["subscriptionId"]} {one["encounterId"]}").Order());
        Assert.Equal(
            Enumerable.Range(1, alerts.Length).Select(n => (long)n), alerts.Select(one => (long)one["number"]!));

        // Each was sent; one that was sent before a kill was written down came again as the same one.
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(60));
        string[] names = [.. alerts.Select(one => (string)one["alertId"]!)];
        while (names.Except(Sent()).Any())
        {
            await Task.Delay(50, patience.Token);
        }

        Assert.Empty(Sent().Except(names));
        Assert.All(
            receiver.Accepted.GroupBy(result => result.TaskId),
            same => Assert.Single(same.Select(result => result.Body).Distinct()));

        IEnumerable<string> Sent() =>
            receiver.Accepted.Select(result => (string)JsonNode.Parse(result.Body)!["alertId"]!).Distinct();
    }

    private ServerProcess Start(CallbackReceiver receiver) => ServerProcess.Start(
        "--data", directory, "--partitions", "2", "--callbacks", receiver.Origin, "--changes-kept", "10000");
}
