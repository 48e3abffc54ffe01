using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Api.Tests;

/// <summary>
/// What a search was about: the threshold counts its own gallery, and where nothing was compared no door says
/// "no candidate".
/// </summary>
public sealed class ComparedTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task The_threshold_of_a_gallery_of_one_stays_when_others_join_another_gallery()
    {
        await EnrolAsync("W1", "WATCH", [Bodies.Finger(1, 2)]);
        HttpResponseMessage before = await SearchAsync("WATCH", [Bodies.Finger(1, 2)]);
        for (int i = 0; i < 20; i++)
        {
            await EnrolAsync($"A{i}", "ARCHIVE", [Bodies.Finger(20 + i, 2)]);
        }

        await EnrolAsync("W2", "WATCH", []);
        HttpResponseMessage after = await SearchAsync("WATCH", [Bodies.Finger(1, 2)]);

        Assert.Equal(("20", "1", "1/1"), Said(before));
        Assert.Equal(("20", "1", "2/2"), Said(after));
    }

    [Fact]
    public async Task Where_nobody_can_be_compared_no_door_says_no_candidate()
    {
        await EnrolAsync("N1", "NOBODY", [Bodies.Finger(1, 2)]);

        string message = await SearchAsync("NOBODY", [Bodies.Finger(1, 5)])
            .ErrorAsync(400, FailureCode.NothingComparable);
        Assert.Contains("no comparison was made", message, StringComparison.Ordinal);

        using StringContent lines = new(
            new JsonObject { ["id"] = "1", ["biometricData"] = new JsonArray(Bodies.Finger(1, 5)) }.ToJsonString(),
            Encoding.UTF8, "application/x-ndjson");
        HttpResponseMessage answer = await server.Http.PostAsync("/mc/v1/identify/NOBODY", lines);
        JsonNode line = JsonNode.Parse((await answer.Content.ReadAsStringAsync()).Split('\n')[0])!;
        Assert.Equal((true, false), ((bool)line["complete"]!, (bool)line["compared"]!));
        Assert.Equal(0, (long)line["coverage"]!["identitiesComparable"]!);
        Assert.Null(line["candidates"]);
    }

    [Fact]
    public async Task A_verification_decides_only_what_it_compared()
    {
        await EnrolAsync("V1", "HERE", [Bodies.Finger(1, 2)]);
        await EnrolAsync("V2", "THERE", [Bodies.Finger(2, 2)]);
        await EnrolAsync("V3", "HERE", []);

        Assert.True((bool)(await VerifyAsync("HERE/V1", 1, 2).OkAsync())["decision"]!);
        Assert.False((bool)(await VerifyAsync("HERE/V1", 3, 2).OkAsync())["decision"]!);
        Assert.True((bool)(await VerifyAsync("ALL/V2", 2, 2).OkAsync())["decision"]!);
        Assert.Equal(404, await VerifyAsync("HERE/V2", 2, 2).StatusAsync());
        string other = await VerifyAsync("HERE/V1", 1, 5).ErrorAsync(400, FailureCode.NothingComparable);
        Assert.Contains("no comparison was made", other, StringComparison.Ordinal);
        await VerifyAsync("HERE/V3", 1, 2).ErrorAsync(400, FailureCode.NothingComparable);

        Assert.Equal(204, await server.PutAsync("persons/V1/encounters/E/status?status=INACTIVE", null).StatusAsync());
        Assert.Equal(404, await VerifyAsync("HERE/V1", 1, 2).StatusAsync());
        Assert.Equal(404, await VerifyAsync("ALL/V1", 1, 2).StatusAsync());
    }

    [Fact]
    public async Task Two_sides_without_a_finger_in_common_have_no_decision()
    {
        JsonObject Pair(int reference) => new()
        {
            ["biometricData1"] = new JsonArray(Bodies.Finger(1, 2)),
            ["biometricData2"] = new JsonArray(Bodies.Finger(3, reference)),
        };

        Assert.False((bool)(await server.PostAsync("verify", Pair(2)).OkAsync())["decision"]!);
        await server.PostAsync("verify", Pair(5)).ErrorAsync(400, FailureCode.NothingComparable);
    }

    private Task<HttpResponseMessage> VerifyAsync(string path, int seed, int position) => server.PostAsync(
        "verify/" + path, new JsonObject { ["biometricData"] = new JsonArray(Bodies.Finger(seed, position)) });

    [Fact]
    public async Task A_finger_without_minutiae_is_refused_as_a_probe_and_named_when_enrolled()
    {
        FingerView nothing = new()
        {
            Position = BiometricPosition.OfFinger(2),
            Width = 300,
            Height = 400,
            ResolutionX = 197,
            ResolutionY = 197,
            Minutiae = [],
        };
        JsonObject Empty() => Bodies.Item(
            "FINGER", "RIGHT_INDEX", "ISO_19794_2", FingerRecords.Encode(TemplateFormat.Iso19794v2005, [nothing]));

        string others = await EnrolAsync("E1", "EMPTY", [Bodies.Finger(1, 3), Empty()]);
        Assert.Contains("sample 1, RIGHT_INDEX", others, StringComparison.Ordinal);
        Assert.Contains("insufficient finger, 0 minutiae", others, StringComparison.Ordinal);

        string message = await SearchAsync("EMPTY", [Empty()]).ErrorAsync(400, FailureCode.RejectedTemplate);
        Assert.Contains("insufficient finger, 0 minutiae", message, StringComparison.Ordinal);
    }

    private static (string, string, string) Said(HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (Header("Threshold"), Header("Comparable"), Header("Identities"));

        string Header(string name) => answer.Headers.GetValues($"MatchCluster-{name}").Single();
    }

    private Task<HttpResponseMessage> SearchAsync(string gallery, JsonArray items) =>
        server.PostAsync($"identify/{gallery}", Bodies.Identify(items));

    private async Task<string> EnrolAsync(string person, string gallery, JsonArray items)
    {
        HttpResponseMessage answer = await server.PostAsync(
            $"persons/{person}/encounters/E", Bodies.Encounter(gallery, items));
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return text;
    }
}
