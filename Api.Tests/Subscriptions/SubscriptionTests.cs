using System.Text.Json.Nodes;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Api.Tests.Subscriptions;

/// <summary>Subscriptions over HTTP: whoever comes in later raises alerts, and nothing else shows them.</summary>
public sealed class SubscriptionTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("subscriptions-").FullName;

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public async Task Whoever_comes_in_later_raises_one_alert_and_a_deleted_subscription_none()
    {
        await using RunningServer server = await StartAsync();
        await EnrolAsync(server, 1, "E-1");
        string one = await SubscribeAsync(server, 1);
        string two = await SubscribeAsync(server, 2);
        await EnrolAsync(server, 2, "E-1");
        JsonNode alert = Assert.Single(await AlertsAsync(server, 1));
        Assert.Equal(
            (1, "hit", two, "demo", "P-2", "E-1", "mine"),
            ((long)alert["number"]!, (string)alert["kind"]!, (string)alert["subscriptionId"]!,
                (string)alert["galleryId"]!, (string)alert["personId"]!, (string)alert["encounterId"]!,
                (string)alert["reference"]!));
        Assert.True((double)alert["score"]! >= 60);

        // Who was there before raises none; who comes again with another encounter does, and a change of one does not.
        await server.PutAsync("persons/P-2/encounters/E-1/status?status=INACTIVE", null).StatusAsync();
        await server.PutAsync("persons/P-2/encounters/E-1/status?status=ACTIVE", null).StatusAsync();
        await EnrolAsync(server, 1, "E-2");
        await EnrolAsync(server, 3, "E-1");
        JsonNode[] two2 = await AlertsAsync(server, 2);
        Assert.Equal((one, "E-2"), ((string)two2[1]["subscriptionId"]!, (string)two2[1]["encounterId"]!));

        Assert.Equal(204, await server.Http.DeleteAsync($"/mc/v1/subscriptions/{one}").StatusAsync());
        Assert.Equal(404, await server.Http.DeleteAsync($"/mc/v1/subscriptions/{one}").StatusAsync());
        Assert.Equal(404, await server.Http.GetAsync($"/mc/v1/subscriptions/{one}").StatusAsync());
        await EnrolAsync(server, 1, "E-3");
        await EnrolAsync(server, 2, "E-3");
        JsonNode[] three = await AlertsAsync(server, 3);
        Assert.Equal(["E-1", "E-2", "E-3"], three.Select(one => (string)one["encounterId"]!));
        Assert.Equal(two, (string)three[2]["subscriptionId"]!);

        string id = (string)three[0]["alertId"]!;
        Assert.Null(three[0]["seen"]);
        Assert.Equal(204, await server.Http.PostAsync($"/mc/v1/alerts/{id}/seen", null).StatusAsync());
        Assert.Equal(404, await server.Http.PostAsync("/mc/v1/alerts/a-0/seen", null).StatusAsync());
        Assert.NotNull((await AlertsAsync(server, 3))[0]["seen"]);
    }

    [Fact]
    public async Task A_stream_goes_on_after_the_last_event_that_its_caller_has()
    {
        await using RunningServer server = await StartAsync();
        _ = await SubscribeAsync(server, 1);
        await EnrolAsync(server, 1, "E-1");
        await EnrolAsync(server, 1, "E-2");
        Assert.Equal([1L, 2], await EventsAsync(server, null, 2));
        Assert.Equal([2L], await EventsAsync(server, 1, 1));
        Task<List<long>> waiting = EventsAsync(server, 2, 1);
        await EnrolAsync(server, 1, "E-3");
        Assert.Equal([3L], await waiting);
    }

    [Fact]
    public async Task Nothing_but_its_own_routes_shows_a_subscription()
    {
        await using RunningServer server = await StartAsync();
        await EnrolAsync(server, 5, "E-1");
        string before = await server.Http.GetStringAsync("/mc/v1/galleries/ALL");
        string id = await SubscribeAsync(server, 1);

        Assert.Equal(before, await server.Http.GetStringAsync("/mc/v1/galleries/ALL"));
        foreach (string gallery in (string[])["ALL", "demo"])
        {
            JsonNode found = await server.PostAsync(
                $"identify/{gallery}?threshold=0",
                new JsonObject
                {
                    ["biometricData"] = new JsonArray(Bodies.Finger(1, 2)),
                    ["filter"] = new JsonObject(),
                }).OkAsync();
            Assert.DoesNotContain(id, found.ToJsonString());
        }

        Assert.Equal(["demo"], (await server.GetAsync("galleries").OkAsync()).AsArray().Select(one => (string)one!));
        Assert.Equal(404, await server.GetAsync($"persons/{id}/encounters").StatusAsync());
        string[] doors =
        [
            "/mc/v1/stats", "/mc/v1/tasks", "/metrics", "/mc/v1/galleries/demo/changes?content=record",
            "/v1/galleries/demo?transactionId=T",
        ];
        foreach (string door in doors)
        {
            Assert.DoesNotContain(id, await server.Http.GetStringAsync(door));
        }
    }

    private async Task<RunningServer> StartAsync() => await RunningServer.StartAsync(
        await SqliteGalleryStore.OpenAsync(directory, 2, 2, default, changesKept: 1000), data: directory);

    private static Task<string> SubscribeAsync(RunningServer server, int person) =>
        SubscriptionCalls.SubscribeAsync(server.Http, person);

    private static async Task EnrolAsync(RunningServer server, int person, string encounter)
    {
        using HttpResponseMessage answer = await server.PostAsync(
            $"persons/P-{person}/encounters/{encounter}", Bodies.Encounter("demo", [Bodies.Finger(person, 2)]));
        answer.EnsureSuccessStatusCode();
    }

    private static Task<JsonNode[]> AlertsAsync(RunningServer server, int count) =>
        SubscriptionCalls.AlertsAsync(server.Http, count);

    private static async Task<List<long>> EventsAsync(RunningServer server, long? last, int count)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(60));
        using HttpRequestMessage request = new(HttpMethod.Get, "/mc/v1/alerts/stream");
        if (last is { } number)
        {
            request.Headers.Add("Last-Event-ID", $"{number}");
        }

        using HttpResponseMessage answer = await server.Http.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        using StreamReader reader = new(await answer.Content.ReadAsStreamAsync(patience.Token));
        List<long> numbers = [];
        while (numbers.Count < count && await reader.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.StartsWith("id: ", StringComparison.Ordinal))
            {
                numbers.Add(long.Parse(line[4..], System.Globalization.CultureInfo.InvariantCulture));
            }
        }

        return numbers;
    }
}
