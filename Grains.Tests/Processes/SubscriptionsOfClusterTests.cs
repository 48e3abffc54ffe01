using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MatchCluster.Api.Tests;
using MatchCluster.Api.Tests.Subscriptions;
using MatchCluster.Grains.Tests.Redis;

namespace MatchCluster.Grains.Tests.Processes;

/// <summary>Two front ends: one follows a watched gallery, and the other goes on when it is killed.</summary>
public sealed class SubscriptionsOfClusterTests
{
    private const int People = 6;

    [SkippableFact]
    public async Task What_a_killed_front_end_did_not_look_at_another_one_does_and_no_alert_is_double()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        await using MemberProcess silo = MemberProcess.Start(
            "silo-1", "Silo", redis.Port, "--partitions", "2", "--changes-kept", "1000");
        string[] said = ["--cluster", "--changes-kept", "1000"];
        MemberProcess one = MemberProcess.Start("api-1", "Api", redis.Port, said);
        using HttpClient here = new() { BaseAddress = await one.AddressAsync() };
        string first = await SubscriptionCalls.SubscribeAsync(here, 0);
        await EnrolAsync(here, 0);
        Assert.Single(await SubscriptionCalls.AlertsAsync(here, 1));

        await using MemberProcess other = MemberProcess.Start("api-2", "Api", redis.Port, said);
        using HttpClient there = new() { BaseAddress = await other.AddressAsync() };

        // Made at the other front end while the first one has the watch: it finds them before it looks further.
        List<string> ids = [first];
        for (int person = 1; person < People; person++)
        {
            ids.Add(await SubscriptionCalls.SubscribeAsync(there, person));
            await EnrolAsync(there, person);
        }

        await one.KillAsync();
        await one.DisposeAsync();
        await EnrolAsync(there, People);
        await EnrolAsync(there, 0, "E-2");
        JsonNode[] alerts = await SubscriptionCalls.AlertsAsync(there, People + 1);
        Assert.Equal(
            ids.Select((id, person) => $"{id} P-{person} E-1").Append($"{first} P-0 E-2").Order(),
            alerts.Select(alert => $"{alert["subscriptionId"]} {alert["personId"]} {alert["encounterId"]}").Order());
    }

    private static async Task EnrolAsync(HttpClient http, int person, string encounter = "E-1")
    {
        using HttpResponseMessage made = await http.PostAsJsonAsync(
            $"/v1/persons/P-{person}/encounters/{encounter}?transactionId=T",
            Bodies.Encounter("demo", [Bodies.Finger(person, 2)]));
        made.EnsureSuccessStatusCode();
    }
}
