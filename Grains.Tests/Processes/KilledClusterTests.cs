using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MatchCluster.Api.Tests;
using MatchCluster.Api.Tests.Subscriptions;
using MatchCluster.Api.Tests.Tasks;
using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching.Packs;
using MatchCluster.Matching.Storage;
using Xunit.Abstractions;

namespace MatchCluster.Grains.Tests.Processes;

/// <summary>
/// Silos and front ends are killed at seeded random moments while people are enrolled, alerts are raised, the change
/// log is followed and a copy of a pack follows it too: nothing is lost, and nothing happens twice.
/// </summary>
public sealed class KilledClusterTests(ITestOutputHelper output) : IDisposable
{
    private const int Seed = 20261201;

    /// <summary>Every third of the first persons is waited for.</summary>
    private const int Watched = 60;

    private const int Last = 5_000;

    private readonly string directory = Directory.CreateTempSubdirectory("killed-").FullName;
    private readonly Random random = new(Seed);

    /// <summary>More kills, for a run by hand.</summary>
    private static int Kills { get; } = int.TryParse(
        Environment.GetEnvironmentVariable("MATCHCLUSTER_KILLS"), out int kills) ? kills : 4;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [SkippableFact]
    public async Task Whoever_is_killed_nobody_is_enrolled_twice_no_alert_is_lost_and_whoever_follows_has_everything()
    {
        await using CallbackReceiver receiver = new();
        string packs = Path.Combine(directory, "packs.pem");
        await using KilledCluster cluster = await KilledCluster.StartAsync(
            3, 2, ["--partitions", "4", "--changes-kept", "100000"],
            [
                "--changes-kept", "100000", "--pack-key", packs, "--callbacks", receiver.Origin,
                "--callback-key", Path.Combine(directory, "callbacks.pem"),
            ]);
        using KilledTraffic traffic = new(cluster);
        await traffic.EnrolTwinsAsync(Last + 1);
        await ImportAsync(cluster.Front, packs);
        Dictionary<int, string> subscriptions = [];
        foreach (int person in Enumerable.Range(0, Watched).Where(person => person % 3 == 0).Append(Last))
        {
            subscriptions[person] = await SubscribeAsync(cluster, person, receiver);
        }

        traffic.Start();
        List<string> killed = [];
        int cutOff = 0;
        while (killed.Count < Kills)
        {
            for (int wait = random.Next(2, 12); wait > 0; wait--)
            {
                await traffic.AckAsync();
            }

            // Whoever brings the copy forward is killed too, or loses whom it reads from.
            await using ProgramProcess follower = Follow(cluster);
            await Task.Delay(random.Next(200, 2000));
            if (random.Next(2) == 0)
            {
                await follower.KillAsync();
            }

            killed.Add(await cluster.KillOneAsync(random));
            cutOff += await follower.EndAsync() == 0 ? 0 : 1;
        }

        await traffic.StopAsync();
        output.WriteLine(
            $"seed {Seed}: killed {string.Join(", ", killed)}; {cutOff} followers were killed or lost whom they read; "
            + $"{traffic.Enrolled.Count} enrolled of {2 * traffic.Enrolled.Count} calls, "
            + $"{traffic.Replica!.Last} changes, {traffic.Replica.Proved} of them proved, "
            + $"asked again {cluster.AskedAgain} times");

        await traffic.EnrolTwinsAsync(Last);
        await AssertAlertsAsync(cluster, traffic, subscriptions, receiver);
        JsonNode members = (await cluster.AskAsync(
            HttpMethod.Get, $"/v1/galleries/{KilledTraffic.Gallery}?transactionId=T&limit=1000"))!;
        Assert.Equal(
            traffic.Members.Order(),
            members.AsArray().Select(one => ((string)one!["personId"]!, (string)one["encounterId"]!)).Order());

        JsonNode position = (await cluster.AskAsync(
            HttpMethod.Get, $"/mc/v1/galleries/{KilledTraffic.Gallery}/changes?after=0&limit=0"))!;
        await using ProgramProcess last = Follow(cluster);
        Assert.True(await last.EndAsync() == 0, last.Log);
        PackNote copy = PackNote.Read(Path.Combine(directory, "copy"))!;
        Assert.Equal(
            ((long)position["last"]!, (string)position["state"]!),
            (copy.Manifest.Position!.Value, copy.State.Hash.ToString()));
        Assert.True(traffic.Replica.Proved > Kills, $"{traffic.Replica.Proved} changes were proved");
    }

    /// <summary>One alert for each enrolment of somebody who is waited for, and each of them was sent.</summary>
    private static async Task AssertAlertsAsync(
        KilledCluster cluster, KilledTraffic traffic, Dictionary<int, string> subscriptions, CallbackReceiver receiver)
    {
        // Changes are looked at in their order: after the last one's alert, all alerts are there.
        string[] wanted =
        [
            .. subscriptions.Where(one => traffic.Enrolled.ContainsKey(one.Key)).Select(
                one => $"{one.Value} {traffic.Enrolled[one.Key].Encounter}").Order(),
        ];
        using CancellationTokenSource patience = new(TimeSpan.FromMinutes(3));
        JsonNode[] alerts = [];
        while (!alerts.Any(one => (string)one["subscriptionId"]! == subscriptions[Last]))
        {
            await Task.Delay(50, patience.Token);
            alerts =
            [
                .. (await cluster.AskAsync(HttpMethod.Get, "/mc/v1/alerts?limit=500"))!["alerts"]!.AsArray()
                    .Select(alert => alert!),
            ];
        }

        Assert.True(wanted.Length > 1);
        Assert.Equal(wanted, alerts.Select(one => $"{one["subscriptionId"]} {one["encounterId"]}").Order());
        Assert.Equal(
            Enumerable.Range(1, alerts.Length).Select(n => (long)n), alerts.Select(one => (long)one["number"]!));

        string[] names = [.. alerts.Select(one => (string)one["alertId"]!)];
        while (names.Except(Sent()).Any())
        {
            await Task.Delay(50, patience.Token);
        }

        Assert.Empty(Sent().Except(names));

        IEnumerable<string> Sent() =>
            receiver.Accepted.Select(result => (string)JsonNode.Parse(result.Body)!["alertId"]!);
    }

    private static async Task<string> SubscribeAsync(KilledCluster cluster, int person, CallbackReceiver receiver)
    {
        JsonObject body = SubscriptionCalls.Body(person, receiver.Origin + "/results?from=here");
        body["biometricData"] = Bodies.Samples(person);
        return (string)(await cluster.AskAsync(HttpMethod.Post, "/mc/v1/subscriptions", body))!["subscriptionId"]!;
    }

    private async Task ImportAsync(HttpClient front, string packs)
    {
        using PackIdentity node = PackIdentity.Make();
        using StringContent asked = new(
            new JsonObject { ["recipient"] = node.PublicPem, ["days"] = 1 }.ToJsonString(),
            System.Text.Encoding.UTF8, "application/json");
        using HttpResponseMessage answer =
            await front.PostAsync($"/mc/v1/galleries/{KilledTraffic.Gallery}/pack", asked);
        answer.EnsureSuccessStatusCode();
        string pack = Path.Combine(directory, "pack");
        await File.WriteAllBytesAsync(pack, await answer.Content.ReadAsByteArrayAsync());
        using ECDsa signer = SigningKeyFile.ReadPublic(SigningKeyFile.PublicOf(packs));
        await PackImport.RunAsync(
            pack, Path.Combine(directory, "copy"), node, signer, null, TimeProvider.System, 0, default);
    }

    private ProgramProcess Follow(KilledCluster cluster) => new(
        "follow", ProgramProcess.DotNet,
        [
            "exec", Path.Combine(AppContext.BaseDirectory, "MatchCluster.Api.dll"), "follow",
            "--data", Path.Combine(directory, "copy"), "--from", $"{cluster.Front.BaseAddress}",
        ]);
}
