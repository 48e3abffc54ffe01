using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;
using System.Text.Json.Nodes;
using MatchCluster.Api.Http.Failures;

namespace MatchCluster.Api.Tests.Osia;

/// <summary>
/// An item of a type that is not compared here is never dropped without a word: it is named or the call is refused, and
/// it is counted, at every door that takes items.
/// </summary>
public sealed class NotComparedTests : IAsyncLifetime
{
    private readonly RunningServer server = new();
    private readonly ConcurrentDictionary<string, long> counted = new();
    private readonly MeterListener listener = new();

    public async Task InitializeAsync()
    {
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "matchcluster.items.notcompared")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) => counted.AddOrUpdate(
            $"{tags[0].Value} {tags[1].Value}", value, (_, sum) => sum + value));
        listener.Start();
        await server.InitializeAsync();
        await server.PostAsync("persons/P/encounters/E", Bodies.Encounter("G", [Bodies.Finger(1, 2)])).OkAsync();
    }

    public async Task DisposeAsync()
    {
        listener.Dispose();
        await server.DisposeAsync();
    }

    [Theory]
    [InlineData("FACE")]
    [InlineData("SIGNATURE")]
    [InlineData("UNKNOWN")]
    public async Task It_is_named_beside_others_refused_alone_and_counted(string type)
    {
        JsonNode stored = await server.PostAsync(
            "persons/Q/encounters/E", Bodies.Encounter("H", [Bodies.Finger(2, 2), Item(type), Item(type)])).OkAsync();
        Assert.Equal(
            [$"biometricData[1]: {type}", $"biometricData[2]: {type}"],
            stored["others"]!["notStored"]!.AsArray().Select(name => (string)name!));
        await AssertRefusedAsync("persons/R/encounters/E", Bodies.Encounter("H", [Item(type)]), type);
        JsonObject encounter = Bodies.Encounter("H", [Item(type)]);
        encounter["encounterId"] = "E";
        JsonNode line = await LineAsync(
            "/mc/v1/enrol", new JsonObject { ["personId"] = "S", ["encounter"] = encounter });
        Assert.Equal((int)FailureCode.UnsupportedBiometricData, (int)line["error"]!["code"]!);
        Assert.True(counted[$"{type} enrolment"] >= 4, $"{counted[$"{type} enrolment"]}");

        using HttpResponseMessage found = await server.PostAsync(
            "identify/G", Bodies.Identify([Bodies.Finger(1, 2, 1), Item(type)]));
        Assert.Equal(
            (200, $"biometricData[1]: {type}"),
            ((int)found.StatusCode, found.Headers.GetValues("MatchCluster-Not-Used").Single()));
        await AssertRefusedAsync("identify/G", Bodies.Identify([Item(type)]), type);
        JsonObject alone = new() { ["biometricData"] = new JsonArray(Item(type)) };
        await AssertRefusedAsync("verify/G/P", alone, type);
        await AssertRefusedAsync("verify", new JsonObject
        {
            ["biometricData1"] = new JsonArray(Bodies.Finger(1, 2)),
            ["biometricData2"] = new JsonArray(Item(type)),
        }, type);
        line = await LineAsync("/mc/v1/identify/G", new JsonObject
        {
            ["id"] = "1",
            ["biometricData"] = new JsonArray(Item(type)),
        });
        Assert.Equal((int)FailureCode.UnsupportedBiometricData, (int)line["error"]!["code"]!);
        foreach (string path in (string[])["/mc/v1/explain/G/P/E", "/mc/v1/risc/G"])
        {
            using StringContent body = new(alone.ToJsonString(), Encoding.UTF8, "application/json");
            using HttpResponseMessage answer = await server.Http.PostAsync(path, body);
            JsonNode problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
            Assert.Equal(
                (400, (int)FailureCode.UnsupportedBiometricData), ((int)answer.StatusCode, (int)problem["code"]!));
        }

        Assert.True(counted[$"{type} search"] >= 7, $"{counted[$"{type} search"]}");
        await server.PostAsync("identify/G", Bodies.Identify(
            [Bodies.Finger(1, 2)], new JsonObject { ["biometricType"] = new JsonArray(type) }))
            .ErrorAsync(400, FailureCode.InvalidFilter);
    }

    [Theory]
    [InlineData("PALM")]
    [InlineData("VOICE")]
    public async Task A_type_that_OSIA_does_not_have_is_refused_with_the_place_of_it(string type)
    {
        string message = await server.PostAsync(
            "persons/Q/encounters/E", Bodies.Encounter("H", [Bodies.Finger(2, 2), Item(type)]))
            .ErrorAsync(400, FailureCode.MalformedBody);
        Assert.Contains("biometricData[1].biometricType", message, StringComparison.Ordinal);
    }

    private async Task AssertRefusedAsync(string url, JsonObject body, string type)
    {
        string message = await server.PostAsync(url, body).ErrorAsync(400, FailureCode.UnsupportedBiometricData);
        Assert.Contains($"{type} is not supported, wanted FINGER or IRIS", message, StringComparison.Ordinal);
    }

    private async Task<JsonNode> LineAsync(string url, JsonObject line)
    {
        using StringContent body = new(line.ToJsonString() + "\n", Encoding.UTF8, "application/x-ndjson");
        using HttpResponseMessage answer = await server.Http.PostAsync(url, body);
        return JsonNode.Parse((await answer.Content.ReadAsStringAsync()).Split('\n')[0])!;
    }

    private static JsonObject Item(string type) => new()
    {
        ["biometricType"] = type,
        ["image"] = Convert.ToBase64String(Encoding.ASCII.GetBytes("not a picture")),
    };
}
