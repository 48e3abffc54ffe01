using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Jobs;
using MatchCluster.Api.Tests.Tasks;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Api.Tests.Jobs;

/// <summary>Errors of labelled sets: who counts as found, and what the figures come to.</summary>
public sealed class AccuracyTests
{
    [Fact]
    public async Task Errors_are_counted_and_no_probe_is_its_own_mate()
    {
        await using TaskServer server = await TaskServer.StartAsync();
        HttpClient http = server.Http;
        for (int person = 0; person < 8; person++)
        {
            await http.EnrolAsync($"P{person}", person);
            if (person < 4)
            {
                // The other encounter of P3 is somebody else's: only by its own capture would P3 be found.
                await http.EnrolAsync($"P{person}", person == 3 ? 50 : person, 1, "E2");
            }
        }

        string id = await http.BeginAsync(
            "accuracy",
            "personId,encounterId,enrolled\nP0,E1,yes\nP1,E2,\nP2,E1,yes\nP3,E1,yes\nP4,E1,yes\nP5,E1,no\nP6,,no\n"
                + "P7,,\nP7,E1,perhaps\n",
            "text/csv").IdAsync();
        JsonNode job = await http.EndAsync(id);
        Assert.Equal("done", (string)job["state"]!);
        Assert.Equal(3, (long)JobCalls.AssertAddsUp(job, 9)["refused"]!);

        JsonObject[] lines = await http.ResultsAsync(id);
        Assert.Equal([1, 1, 1], lines.Take(3).Select(line => (int)line["mateRank"]!));
        Assert.True((double)lines[0]["mateScore"]! < 300, "the score of another capture, not of the same one");
        Assert.True((bool)lines[3]["isMated"]!);
        Assert.Null(lines[3]["mateScore"]);
        Assert.Equal("InvalidBiometricData", (string)lines[4]["error"]!["title"]!);
        Assert.All(lines.Skip(5).Take(2), line => Assert.False((bool)line["isMated"]!));
        Assert.All(lines.Skip(5).Take(2), line => Assert.Null(line["otherScore"]));

        JsonNode figures = await http.GetAsync($"/mc/v1/jobs/{id}/results?format=figures").OkAsync();
        Assert.Equal((4, 2), ((int)figures["mated"]!, (int)figures["nonMated"]!));
        JsonNode usual = figures["errors"]!.AsArray().Single(
            errors => ((string)errors!["name"]!).StartsWith("default", StringComparison.Ordinal))!;
        Assert.Equal(
            (1, 4, 0, 2),
            ((int)usual["fnir"]!["count"]!, (int)usual["fnir"]!["of"]!, (int)usual["fpir"]!["count"]!,
            (int)usual["fpir"]!["of"]!));
        string page = await http.GetStringAsync($"/mc/v1/jobs/{id}/report");
        Assert.Contains("1 of 4", page);
        Assert.Contains("polyline", page);
        Assert.Equal(10, (await http.GetStringAsync($"/mc/v1/jobs/{id}/results?format=csv")).Split("\r\n").Length - 1);
    }

    [Fact]
    public async Task Probes_that_are_sent_have_their_person_beside_them()
    {
        await using TaskServer server = await TaskServer.StartAsync();
        await server.Http.EnrolAsync("P0", 0);
        await server.Http.EnrolAsync("P1", 1);
        JsonObject[] sent =
        [
            new() { ["id"] = "mated", ["personId"] = "P0", ["biometricData"] = Bodies.Samples(0, 1) },
            new() { ["id"] = "wrong", ["personId"] = "P1", ["biometricData"] = Bodies.Samples(0, 2) },
            new() { ["id"] = "stranger", ["biometricData"] = Bodies.Samples(60) },
            new()
            {
                ["id"] = "left out",
                ["personId"] = "P1",
                ["enrolled"] = false,
                ["biometricData"] = Bodies.Samples(1, 1),
            },
            new() { ["id"] = "unknown", ["personId"] = "P9", ["biometricData"] = Bodies.Samples(2) },
            new()
            {
                ["id"] = "own",
                ["personId"] = "P0",
                ["encounterId"] = "E1",
                ["biometricData"] = Bodies.Samples(0),
            },
        ];
        string id = await server.Http.BeginAsync(
            "accuracy", string.Join('\n', sent.Select(line => line.ToJsonString())), "application/x-ndjson").IdAsync();
        await server.Http.EndAsync(id);

        JsonObject[] lines = await server.Http.ResultsAsync(id);
        Assert.Equal((1, true), ((int)lines[0]["mateRank"]!, (bool)lines[0]["isMated"]!));
        Assert.Null(lines[1]["mateScore"]);
        Assert.True((double)lines[1]["otherScore"]! > 40);
        Assert.False((bool)lines[2]["isMated"]!);
        Assert.Null(lines[3]["otherScore"]);
        Assert.Equal("Unknown", (string)lines[4]["error"]!["title"]!);
        Assert.Equal("MalformedBody", (string)lines[5]["error"]!["title"]!);
    }

    [Fact]
    public async Task A_short_list_leaves_room_beside_the_probe_and_ranks_nobody_beyond_its_end()
    {
        await using TaskServer server = await TaskServer.StartAsync();
        await server.Http.EnrolAsync("P0", 0);
        await server.Http.EnrolAsync("P0", 0, 1, "E2");

        // Two others with the very capture that is searched with stand above the person's own other capture.
        await server.Http.EnrolAsync("Q0", 0);
        await server.Http.EnrolAsync("Q1", 0);
        string id = await server.Http.BeginAsync(
            "accuracy", "personId,encounterId,enrolled\nP0,E1,yes\nP0,E1,no\n", "text/csv", more: "&maxNbCand=1")
            .IdAsync();
        Assert.Equal("done", (string)(await server.Http.EndAsync(id))["state"]!);

        JsonObject[] lines = await server.Http.ResultsAsync(id);
        Assert.All(lines, line => Assert.True((bool)line["isCut"]!));
        Assert.NotNull(lines[0]["mateScore"]);
        Assert.Null(lines[0]["mateRank"]);
        Assert.NotNull(lines[1]["otherScore"]);
        JsonNode figures = await server.Http.GetAsync($"/mc/v1/jobs/{id}/results?format=figures").OkAsync();
        JsonNode rank = Assert.Single(figures["ranks"]!.AsArray())!;
        Assert.Equal((1, 0), ((int)rank["rank"]!, (int)rank["share"]!["count"]!));
        Assert.All(figures["errors"]!.AsArray(), errors => Assert.Equal(1, (int)errors!["fpir"]!["count"]!));
    }

    [Theory]
    [InlineData("{\"id\":\"q\",\"personId\":1234,\"biometricData\":[]}", "personId: found Number")]
    [InlineData("{\"id\":\"q\",\"personId\":\"P\",\"encounterId\":7}", "encounterId: found Number")]
    public void A_person_that_is_no_string_is_refused_and_not_counted_as_nobody(string line, string why)
    {
        ArrayBufferWriter<byte> output = new();
        byte[] bytes = Encoding.UTF8.GetBytes(line);
        LinePlan plan = Work().Write(new JobLine(1, bytes, bytes.Length), output);
        Assert.Equal(FailureCode.MalformedBody, plan.Failure?.Code);
        Assert.StartsWith(why, plan.Failure!.Message, StringComparison.Ordinal);
        Assert.Equal(0, output.WrittenCount);
    }

    [Fact]
    public async Task An_answer_with_ids_of_the_partners_own_ends_the_job()
    {
        JsonObject answer = new() { ["complete"] = true, ["release"] = "scores", ["candidates"] = new JsonArray() };
        LinePlan plan = new(null, new AccuracyRunner.Label("P", null, true));
        AccuracyRunner.ReleaseNarrowedException narrowed =
            await Assert.ThrowsAsync<AccuracyRunner.ReleaseNarrowedException>(
                () => Work().JudgeAsync(new JobLine(1, default, 0), plan, answer, default).AsTask());
        Assert.Contains("released scores", narrowed.Message);
    }

    private static AccuracyRunner.Work Work() => new(
        new JobCall("G", 60, false, "", "", false, null, null, ReleaseProfile.Full) { Format = JobBody.Ndjson },
        null!, null!);

    [Fact]
    public void Figures_follow_from_what_was_seen()
    {
        Observation[] seen =
        [
            .. Enumerable.Range(0, 98).Select(i => Mated(80, 1)), Mated(45, 2), Mated(null, null),
            .. Enumerable.Range(0, 49).Select(i => Other(null)), Other(50),
        ];
        AccuracyFigures figures = AccuracyFigures.Of(seen, 20);

        // FPIR 1 % of 1,000 identities is a threshold of 49.98; of 0.1 % one of 60.
        JobErrors usual = figures.Errors.Single(errors => errors.Name.StartsWith("default", StringComparison.Ordinal));
        Assert.Equal(49.98, usual.Threshold, 0.01);
        Assert.Equal((2, 100, 1, 50), (usual.Fnir.Count, usual.Fnir.Of, usual.Fpir.Count, usual.Fpir.Of));
        Assert.Equal(0.0055, usual.Fnir.Low, 0.0001);
        Assert.Equal(0.0700, usual.Fnir.High, 0.0001);
        JobErrors strict = figures.Errors.Single(errors => errors.Name == "FPIR 0.1 %");
        Assert.Equal((2, 0), (strict.Fnir.Count, strict.Fpir.Count));
        Assert.Equal((98, 99), (figures.Ranks[0].Share.Count, figures.Ranks[1].Share.Count));
        Assert.Equal(figures.Errors.OrderBy(errors => errors.Threshold), figures.Errors);

        // Of 98 at 80, one at 45 and one who was not found; of 49 without anybody, and one at 50.
        Assert.Equal(
            [(20, 0.02, 0.01), (50, 0.02, 0.02), (80, 0.0, 0.02)],
            ErrorTradeOff.Of(seen, 20).Select(point => (point.Threshold, point.Fpir, point.Fnir)));

        static Observation Mated(double? score, int? rank) =>
            new() { IsMated = true, MateScore = score, MateRank = rank, Comparable = 1000 };

        static Observation Other(double? score) => new() { OtherScore = score, Comparable = 1000 };
    }

    [Fact]
    public void The_trade_off_of_many_lines_is_a_sweep_of_few_points()
    {
        const int Lines = 100_000;
        Random random = new(7);
        Observation[] seen = [.. Enumerable.Range(0, Lines).Select(i => new Observation
        {
            IsMated = i % 2 == 0,
            MateScore = i % 2 == 0 ? 40 + (60 * random.NextDouble()) : null,
            OtherScore = i % 2 == 0 ? null : 20 + (60 * random.NextDouble()),
        })];
        IReadOnlyList<ErrorPoint> points = ErrorTradeOff.Of(seen, 20);
        Assert.InRange(points.Count, 100, 4000);
        Assert.Equal((20, 1.0, 0.0), (points[0].Threshold, points[0].Fpir, points[0].Fnir));
        foreach (ErrorPoint point in points.Where((_, i) => i % 100 == 0).Append(points[^1]))
        {
            int missed = seen.Count(one => one.IsMated && !(one.MateScore >= point.Threshold));
            Assert.Equal((double)missed / (Lines / 2), point.Fnir);
            Assert.Equal((double)seen.Count(one => one.OtherScore >= point.Threshold) / (Lines / 2), point.Fpir);
        }
    }
}
