using System.Text;
using System.Text.Json.Nodes;
using MatchCluster.Api.Http;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Api.Tests;

public sealed class McTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task A_stream_is_enrolled_with_its_errors_named_by_line_and_then_searched_in_one_request()
    {
        StringBuilder stream = new();
        for (int person = 0; person < 20; person++)
        {
            stream.AppendLine(Line($"S{person}", Bodies.Encounter("bulk", [Bodies.Eye(person, 1)])));
        }

        stream.AppendLine("{\"personId\":");                                                        // 21
        stream.AppendLine(Line("S3", Bodies.Encounter("bulk", [Bodies.Eye(3, 1)])));                // 22: conflict
        stream.AppendLine();                                                                         // 23
        stream.Append('x', ApiLimits.LineBytes + 1).AppendLine();                                    // 24: too long
        stream.Append(Line("S20", Bodies.Encounter("bulk", [Bodies.Eye(20, 1)])));                  // 25: no line end
        JsonNode[] answers = await StreamAsync("/mc/v1/enrol", stream.ToString());

        Assert.Equal(
            [(21, FailureCode.MalformedBody), (22, FailureCode.Conflict), (24, FailureCode.BodyTooLarge)],
            answers.Where(a => a["error"] is not null)
                .Select(a => ((int)a["line"]!, (FailureCode)(int)a["error"]!["code"]!)));
        Assert.Contains(answers, a => a["progress"] is not null);
        JsonNode done = answers[^1]["done"]!;
        Assert.Equal((25, 21, 3), ((int)done["read"]!, (int)done["applied"]!, (int)done["refused"]!));

        StringBuilder probes = new();
        for (int person = 0; person < 21; person++)
        {
            probes.AppendLine(new JsonObject
            {
                ["id"] = $"Q{person}",
                ["biometricData"] = new JsonArray(Bodies.Eye(person, 1, impression: 1)),
                ["threshold"] = 40,
            }.ToJsonString());
        }

        probes.AppendLine("{\"id\":\"broken\",\"biometricData\":[],\"maxNbCand\":5}");
        JsonNode[] found = await StreamAsync("/mc/v1/identify/bulk", probes.ToString());
        Assert.Equal(22, found.Length);
        Assert.Equal((int)FailureCode.InvalidBiometricData,
            (int)found.Single(a => (string)a["id"]! == "broken")["error"]!["code"]!);
        int right = found.Count(a => (string?)a["candidates"]?.AsArray().FirstOrDefault()?["personId"]
            == "S" + ((string)a["id"]!)[1..]);
        Assert.InRange(right, 19, 21); // A hard second capture of an eye may stay below 40.
        Assert.All(found.Where(a => a["error"] is null), a =>
        {
            Assert.True((bool)a["complete"]!);
            Assert.Equal(RunningServer.Partitions, (int)a["coverage"]!["partitionsAnswered"]!);
        });

        JsonNode stats = await server.Http.GetAsync("/mc/v1/stats").OkAsync();
        JsonNode bulk = stats["galleries"]!.AsArray().Single(g => (string)g!["gallery"]! == "bulk")!;
        Assert.Equal(21, (int)bulk["encounters"]!);
        Assert.Equal(21, (int)stats["irisRows"]!);
        Assert.Equal(RunningServer.Partitions, stats["partitions"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_line_without_an_encounter_id_is_refused()
    {
        JsonObject line = new() { ["personId"] = "X", ["encounter"] = Bodies.Encounter("bulk2", []) };
        JsonNode[] answers = await StreamAsync("/mc/v1/enrol", line.ToJsonString());
        Assert.Contains("encounter.encounterId", (string)answers[0]["error"]!["detail"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"personId":"A","encounter":{"encounterId":"B","nonsense":1}}""", "A", "B")]
    [InlineData("""{"encounter":{"biometricData":[{"encounterId":"no"}],"encounterId":"B"},"personId":"A","x":1}""",
        "A", "B")]
    [InlineData("""{"personId":"A","encounter":{"encounterId":"B",,""", "A", "B")]
    [InlineData("""{"personId":"A","other":{"encounterId":"no"},"encounter":7}""", "A", null)]
    [InlineData("""{"personId":"..","encounter":{"encounterId":"B","nonsense":1}}""", null, "B")]
    [InlineData("nonsense", null, null)]
    public async Task A_refused_line_names_the_ids_that_could_be_read(string line, string? person, string? encounter)
    {
        JsonNode said = (await StreamAsync("/mc/v1/enrol", "\n" + line))[0];
        Assert.Equal((2, person, encounter),
            ((int)said["line"]!, (string?)said["personId"], (string?)said["encounterId"]));
        string detail = (string)said["error"]!["detail"]!;
        Assert.Contains("(byte ", detail, StringComparison.Ordinal);
        Assert.DoesNotContain("line 1", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_conflict_and_what_was_not_stored_are_said_with_the_ids_of_their_lines()
    {
        JsonObject thin = Bodies.Encounter("bulk3",
            [Bodies.Finger(1, 2), Bodies.Item("FINGER", "LEFT_INDEX", "ISO_19794_2", EmptyFinger())]);
        thin["contextualData"] = new JsonObject { ["device"] = "x" };
        string line = Line("N1", thin);

        JsonNode[] answers = await StreamAsync("/mc/v1/enrol", $"{line}\n{line}");

        JsonNode[] about = [.. answers.Where(each => each["line"] is not null).OrderBy(each => (int)each["line"]!)];
        Assert.Equal(2, about.Length);
        Assert.All(about, each =>
            Assert.Equal(("N1", "E1"), ((string)each["personId"]!, (string)each["encounterId"]!)));
        Assert.Equal("contextualData.device", (string)about[0]["others"]!["notStored"]![0]!);
        Assert.Contains("0 minutiae", (string)about[0]["others"]!["notSearchable"]![0]!, StringComparison.Ordinal);
        Assert.Equal((int)FailureCode.Conflict, (int)about[1]["error"]!["code"]!);
    }

    private static byte[] EmptyFinger() => FingerRecords.Encode(TemplateFormat.Iso19794v2005,
    [
        new FingerView
        {
            Position = BiometricPosition.OfFinger(7),
            Width = 300,
            Height = 400,
            ResolutionX = 197,
            ResolutionY = 197,
            Minutiae = [],
        },
    ]);

    [Fact]
    public async Task Errors_before_the_stream_are_problem_documents()
    {
        using HttpResponseMessage response = await server.Http.PostAsync(
            "/mc/v1/identify/" + new string('g', 129), new StringContent("", Encoding.UTF8, "application/x-ndjson"));
        Assert.Equal(400, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal((int)FailureCode.InvalidIdentifier, (int)(await response.JsonAsync())["code"]!);
    }

    private static string Line(string person, JsonObject encounter)
    {
        encounter["encounterId"] = "E1";
        return new JsonObject { ["personId"] = person, ["encounter"] = encounter }.ToJsonString();
    }

    private async Task<JsonNode[]> StreamAsync(string path, string lines)
    {
        using StringContent content = new(lines, Encoding.UTF8, "application/x-ndjson");
        using HttpResponseMessage response = await server.Http.PostAsync(path, content);
        Assert.Equal(200, (int)response.StatusCode);
        string text = await response.Content.ReadAsStringAsync();
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
    }
}
