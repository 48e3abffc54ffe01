using System.Text;
using System.Text.Json.Nodes;
using MatchCluster.Api.Http.Failures;

namespace MatchCluster.Api.Tests;

/// <summary>
/// JSON that is well formed may hold texts that are none: half of a pair of UTF-16, or bytes that are no UTF-8.
/// Wherever such a text stands it is refused as a malformed body, and a stream goes on after it.
/// </summary>
public sealed class BrokenTextTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Mark = "BROKEN";

    /// <summary>Escaped halves as text, broken bytes in Latin-1, where a char is a byte.</summary>
    private static readonly string[] Broken =
        ["\\ud800", "\\udc00", "a\\ud83dz", "\u00ed\u00a0\u0080", "\u00ff", "\u00c0\u0080"];

    /// <summary>The name of a filter's key is refused as any unknown one is.</summary>
    private static readonly FailureCode[] Refusals = [FailureCode.MalformedBody, FailureCode.InvalidFilter];

    [Fact]
    public async Task Broken_text_anywhere_in_a_body_is_a_malformed_body()
    {
        await server.PostAsync(
            "persons/broken/encounters/E", Bodies.Encounter("broken", [Bodies.Finger(1, 2)])).OkAsync();
        int tried = 0;
        foreach ((string path, JsonObject body) in Doors())
        {
            foreach (string spoilt in Spoilt(body))
            {
                foreach (string broken in Broken)
                {
                    string text = spoilt.Replace(Mark, broken, StringComparison.Ordinal);
                    using HttpResponseMessage answer = await PostAsync(path, text, "application/json");
                    string found = await answer.Content.ReadAsStringAsync();
                    Assert.True(
                        (int)answer.StatusCode == 400 && Refusals.Any(code => found.Contains($":{(int)code}")),
                        $"{path} {text}: {(int)answer.StatusCode} {found}");
                    tried++;
                }
            }
        }

        Assert.True(tried > 500, $"{tried} bodies");
    }

    [Fact]
    public async Task Broken_text_in_a_line_refuses_that_line_and_the_stream_goes_on()
    {
        foreach ((string path, JsonObject line) in Streams())
        {
            string whole = line.ToJsonString();
            foreach (string spoilt in Spoilt(line))
            {
                foreach (string broken in Broken)
                {
                    string text = $"{whole}\n{spoilt.Replace(Mark, broken, StringComparison.Ordinal)}\n{whole}\n";
                    using HttpResponseMessage answer = await PostAsync(path, text, "application/x-ndjson");
                    JsonNode[] lines = [.. (await answer.Content.ReadAsStringAsync())
                        .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(one => JsonNode.Parse(one)!)];
                    JsonNode? second = lines.FirstOrDefault(one => (int?)one["line"] == 2);
                    Assert.True(
                        Refusals.Any(code => (int?)second?["error"]?["code"] == (int)code),
                        $"{path} {spoilt}: {second}");
                    Assert.True(
                        lines.Any(one => (int?)one["line"] == 3 || (int?)one["done"]?["read"] == 3),
                        $"{path} {spoilt}: the stream ended early");
                }
            }
        }
    }

    /// <summary>A body with the mark in place of each text and name, and as a value and a name beside each.</summary>
    private static IEnumerable<string> Spoilt(JsonObject body)
    {
        string text = body.ToJsonString();
        for (int i = 0; ; i++)
        {
            JsonObject copy = JsonNode.Parse(text)!.AsObject();
            int next = i;
            if (!Spoil(copy, ref next))
            {
                yield break;
            }

            yield return copy.ToJsonString();
        }
    }

    /// <summary>Counts the places down to 0 and spoils that one; false where there are fewer.</summary>
    private static bool Spoil(JsonNode? node, ref int place)
    {
        if (node is JsonArray array)
        {
            for (int i = 0; i < array.Count; i++)
            {
                if (IsText(array[i]) && place-- == 0)
                {
                    array[i] = Mark;
                    return true;
                }

                if (Spoil(array[i], ref place))
                {
                    return true;
                }
            }
        }
        else if (node is JsonObject members)
        {
            foreach ((string name, JsonNode? value) in members.ToArray())
            {
                if (IsText(value) && place-- == 0)
                {
                    members[name] = Mark;
                    return true;
                }

                if (Spoil(value, ref place))
                {
                    return true;
                }
            }

            if (place-- == 0)
            {
                members[Mark] = 1;
                return true;
            }
        }

        return false;
    }

    private static bool IsText(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? _);

    private static JsonObject Encounter()
    {
        JsonObject item = Bodies.Finger(1, 2);
        item["comment"] = "c";
        item["captureDate"] = "2020-01-01T00:00:00Z";
        item["encryption"] = new JsonObject { ["algorithm"] = "a" };
        JsonObject encounter = Bodies.Encounter("broken", [item]);
        encounter["clientData"] = "AAAA";
        encounter["createdDate"] = "2020-01-01T00:00:00Z";
        encounter["contextualData"] = new JsonObject { ["a"] = "b", ["deep"] = new JsonArray("c", new JsonObject()) };
        encounter["biographicData"] = new JsonObject { ["gender"] = "M", ["dateOfBirth"] = "1980-01-01", ["x"] = "y" };
        encounter["integrity"] = new JsonArray("a");
        return encounter;
    }

    private static JsonObject Filter() => new()
    {
        ["gender"] = "F",
        ["dateOfBirthMin"] = "1980-01-01",
        ["other"] = new JsonObject { ["a"] = "b" },
        ["biometricType"] = new JsonArray("FINGER"),
    };

    private static IEnumerable<(string Path, JsonObject Body)> Doors()
    {
        yield return (RunningServer.V1("persons"), Encounter());
        yield return (RunningServer.V1("persons/broken/encounters/E"), Encounter());
        yield return (RunningServer.V1("identify/ALL"), Bodies.Identify([Bodies.Finger(1, 2)], Filter()));
        yield return (RunningServer.V1("identify/ALL/broken"), Filter());
        yield return (RunningServer.V1("identify/ALL/broken/encounters/E"), Filter());
        yield return (RunningServer.V1("verify/ALL/broken"),
            new() { ["biometricData"] = new JsonArray(Bodies.Finger(1, 2)), ["encryption"] = "x" });
        yield return (RunningServer.V1("verify"), new()
        {
            ["biometricData1"] = new JsonArray(Bodies.Finger(1, 2)),
            ["biometricData2"] = new JsonArray(Bodies.Finger(1, 2)),
        });
        yield return ("/mc/v1/explain/ALL/broken/E", new() { ["biometricData"] = new JsonArray(Bodies.Finger(1, 2)) });
    }

    private static IEnumerable<(string Path, JsonObject Line)> Streams()
    {
        JsonObject encounter = Encounter();
        encounter["encounterId"] = "E";
        yield return ("/mc/v1/enrol", new() { ["personId"] = "broken", ["encounter"] = encounter });
        yield return ("/mc/v1/identify/ALL", new()
        {
            ["id"] = "1",
            ["filter"] = Filter(),
            ["biometricData"] = new JsonArray(Bodies.Finger(1, 2)),
        });
    }

    private async Task<HttpResponseMessage> PostAsync(string path, string latin, string type)
    {
        using ByteArrayContent content = new(Encoding.Latin1.GetBytes(latin));
        content.Headers.ContentType = new(type);
        return await server.Http.PostAsync(path, content);
    }
}
