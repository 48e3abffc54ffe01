using System.Text.Json.Nodes;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Operator;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Api.Tests.Searching;

/// <summary>Red, yellow, green: by two thresholds, from two fingers on, and green of whole searches alone.</summary>
public sealed class RapidSearchTests : IAsyncLifetime
{
    private RunningServer server = new();

    public async Task InitializeAsync()
    {
        server = await RunningServer.StartAsync(new MemoryGalleryStore(2));
        for (int person = 1; person <= 20; person++)
        {
            await server.PostAsync(
                $"persons/P-{person}/encounters/E", Bodies.Encounter("W", Fingers(person, 0, 2, 7))).OkAsync();
        }
    }

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task Somebody_of_the_list_is_red_and_a_stranger_is_green()
    {
        JsonNode red = await AskAsync(Fingers(3, 1, 2, 7)).OkAsync();
        Assert.Equal(("red", 2, true), ((string)red["flag"]!, (int)red["fingers"]!, (bool)red["complete"]!));
        Assert.Equal("P-3", (string)red["candidates"]![0]!["personId"]!);
        Assert.Equal(
            (20, 20, 20),
            ((int)red["identitiesHeld"]!, (int)red["identitiesSearched"]!, (int)red["identitiesComparable"]!));
        Assert.Equal(Fpir.ThresholdFor(0.0001, 20), (double)red["red"]!["score"]!);
        Assert.Equal(Fpir.ThresholdFor(0.01, 20), (double)red["yellow"]!["score"]!);
        Assert.InRange((double)red["red"]!["fpir"]!, 0.00009, 0.0001);
        Assert.InRange((double)red["yellow"]!["fpir"]!, 0.009, 0.01);

        JsonNode green = await AskAsync(Fingers(500, 1, 2, 7)).OkAsync();
        Assert.Equal(("green", true), ((string)green["flag"]!, (bool)green["complete"]!));
        Assert.Empty(green["candidates"]!.AsArray());
    }

    [Theory]
    [InlineData(-0.01, "yellow")]
    [InlineData(0, "red")]
    public void The_colour_changes_at_the_red_threshold(double beside, string flag)
    {
        IdentifyAnswer answer = new()
        {
            Coverage = new Coverage
            {
                PartitionsAsked = 1,
                PartitionsAnswered = 1,
                IdentitiesHeld = 1000,
                IdentitiesSearched = 1000,
                IdentitiesComparable = 1000,
            },
            Threshold = Fpir.ThresholdFor(0.01, 1000),
            FpirAtThreshold = 0.01,
            Candidates = [new Candidate(1, "P", Fpir.ThresholdFor(0.0001, 1000) + beside, null, [])],
        };
        Assert.Equal(flag, RapidSearch.AnswerOf(answer, 2).Flag);
    }

    [Fact]
    public async Task Fewer_than_two_different_labelled_fingers_are_refused()
    {
        foreach (JsonArray fingers in (JsonArray[])
        [
            Fingers(3, 1, 2), [Bodies.Finger(3, 2), Bodies.Finger(3, 2, 1)],
            [Bodies.Finger(3, 2), Bodies.Eye(3, 1)], [Bodies.Finger(3, 2), Bodies.Finger(3, 7, 0, label: 0)],
        ])
        {
            Assert.Contains("wanted 2..10", await ProblemAsync(AskAsync(fingers), 400, FailureCode.TooFewFingers));
        }
    }

    [Fact]
    public async Task A_gallery_without_comparable_fingers_is_never_green()
    {
        await server.PostAsync("persons/Q/encounters/E", Bodies.Encounter("other", Fingers(1, 0, 3))).OkAsync();
        await ProblemAsync(AskAsync(Fingers(3, 1, 2, 7), "other"), 400, FailureCode.NothingComparable);
        await ProblemAsync(AskAsync(Fingers(3, 1, 2, 7), "unknown"), 404, FailureCode.Unknown);
        await ProblemAsync(
            server.Http.PostAsync("/mc/v1/risc/W", Json(new JsonObject
            {
                ["filter"] = new JsonObject { ["targetFPIR"] = 0.5 },
                ["biometricData"] = Fingers(3, 1, 2, 7),
            })), 400, FailureCode.InvalidFilter);
    }

    private Task<HttpResponseMessage> AskAsync(JsonArray fingers, string gallery = "W") =>
        server.Http.PostAsync($"/mc/v1/risc/{gallery}", Json(new JsonObject { ["biometricData"] = fingers }));

    private static StringContent Json(JsonObject body) =>
        new(body.ToJsonString(), System.Text.Encoding.UTF8, "application/json");

    private static async Task<string> ProblemAsync(Task<HttpResponseMessage> asked, int status, FailureCode code)
    {
        using HttpResponseMessage answer = await asked;
        JsonNode problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Equal((status, (int)code), ((int)answer.StatusCode, (int)problem["code"]!));
        return (string)problem["detail"]!;
    }

    private static JsonArray Fingers(int person, int impression, params int[] fingers) =>
        [.. fingers.Select(finger => (JsonNode)Bodies.Finger(person, finger, impression))];
}
