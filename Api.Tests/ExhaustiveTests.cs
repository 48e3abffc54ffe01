using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace MatchCluster.Api.Tests;

/// <summary>
/// The first stage of a finger search as a caller sees it: what a search says that it left out, and how to ask for one
/// that leaves nobody out.
/// </summary>
public sealed class ExhaustiveTests(ScreenedGallery gallery) : IClassFixture<ScreenedGallery>
{
    private const string Path = $"identify/{ScreenedGallery.Name}";

    /// <summary>Whose first later capture agrees with another person's finger too, at a score of 25 to 30.</summary>
    private const int Asked = 5;

    /// <summary>That other person, whom the stages pass over.</summary>
    private const int PassedOver = 4;

    private readonly RunningServer server = gallery.Server;

    [Fact]
    public async Task OSIA_identify_says_how_many_were_scored_and_exhaustive_gives_the_same_score_for_all_of_them()
    {
        JsonObject probe = Bodies.Identify([Bodies.Finger(1, 2, impression: 1)]);

        using HttpResponseMessage screened = await server.PostAsync($"{Path}?threshold=30", probe.DeepClone());
        using HttpResponseMessage exhaustive =
            await server.PostAsync($"{Path}?threshold=30&accuracyLevel=exhaustive", probe);

        JsonNode few = Assert.Single((await screened.JsonAsync()).AsArray())!;
        JsonNode all = Assert.Single((await exhaustive.JsonAsync()).AsArray())!;
        AssertSame(few, all, "P1");
        Assert.Equal((double)few["others"]!["penetration"]!, PenetrationOf(screened), 1e-6);
        Assert.InRange(PenetrationOf(screened), 0.99 / ScreenedGallery.Count, 0.25); // six digits
        Assert.Equal(1, PenetrationOf(exhaustive));
        Assert.Null(all["others"]!["penetration"]); // there was no first stage
        AssertLoss(few["others"]!);
        Assert.Equal((double)few["others"]!["loss"]!, NumberOf(screened, "MatchCluster-Loss"), 1e-6);
        Assert.Equal((double)few["others"]!["expectedLoss"]!, NumberOf(screened, "MatchCluster-Expected-Loss"), 1e-6);
        Assert.Null(all["others"]!["loss"]);
        Assert.Null(all["others"]!["expectedLoss"]);
        Assert.False(exhaustive.Headers.Contains("MatchCluster-Loss"));
        Assert.False(exhaustive.Headers.Contains("MatchCluster-Expected-Loss"));
    }

    [Fact]
    public async Task A_batch_line_asks_for_an_exhaustive_search_by_itself()
    {
        Dictionary<string, JsonNode> answers = await BatchAsync(
            Line("screened", person: 1, threshold: 30),
            Line("exhaustive", person: 1, threshold: 30, exhaustive: true));

        AssertSame(
            Assert.Single(answers["screened"]["candidates"]!.AsArray())!,
            Assert.Single(answers["exhaustive"]["candidates"]!.AsArray())!,
            "P1");
        Assert.InRange((double)answers["screened"]["penetration"]!, 1.0 / ScreenedGallery.Count, 0.25);
        Assert.Null(answers["exhaustive"]["penetration"]);
        AssertLoss(answers["screened"]);
        Assert.Null(answers["exhaustive"]["loss"]);
        Assert.Null(answers["exhaustive"]["expectedLoss"]);
        Assert.All(answers.Values, answer => Assert.True((bool)answer["complete"]!));
    }

    [Fact]
    public async Task Without_a_threshold_to_speak_of_exhaustive_scores_everybody_and_the_first_stage_a_few()
    {
        JsonObject probe = Bodies.Identify([Bodies.Finger(2, 2, impression: 1)]);
        string path = $"{Path}?threshold=0&maxNbCand={ScreenedGallery.Count}";

        JsonArray screened = (await server.PostAsync(path, probe.DeepClone()).OkAsync()).AsArray();
        JsonArray exhaustive = (await server.PostAsync($"{path}&accuracyLevel=exhaustive", probe).OkAsync()).AsArray();

        Assert.Equal(ScreenedGallery.Count, ScoresOf(exhaustive).Count);
        Assert.InRange(screened.Count, 1, ScreenedGallery.Count / 3);
        Assert.Subset(ScoresOf(exhaustive), ScoresOf(screened));
    }

    [Fact]
    public async Task Whom_the_stages_pass_over_only_an_exhaustive_search_finds()
    {
        const int Threshold = 25;
        JsonObject probe = Bodies.Identify([Bodies.Finger(Asked, 2, impression: 1)]);

        JsonArray screened = (await server.PostAsync($"{Path}?threshold={Threshold}", probe.DeepClone()).OkAsync())
            .AsArray();
        JsonArray exhaustive = (await server
            .PostAsync($"{Path}?threshold={Threshold}&accuracyLevel=exhaustive", probe).OkAsync()).AsArray();
        Dictionary<string, JsonNode> lines = await BatchAsync(
            Line("screened", Asked, Threshold), Line("exhaustive", Asked, Threshold, exhaustive: true));

        Assert.DoesNotContain($"P{PassedOver}", PeopleOf(screened));
        Assert.Equal([$"P{Asked}", $"P{PassedOver}"], PeopleOf(exhaustive).Take(2));
        Assert.InRange((double)exhaustive[1]!["score"]!, 25, 30);
        Assert.Equal(PeopleOf(screened), PeopleOf(lines["screened"]["candidates"]!));
        Assert.Equal(PeopleOf(exhaustive), PeopleOf(lines["exhaustive"]["candidates"]!));
    }

    /// <summary>At a threshold that anybody reaches, whoever is audited counts as missed.</summary>
    [Fact]
    public async Task The_metrics_say_how_many_of_those_passed_over_were_scored_all_the_same_and_reached_the_threshold()
    {
        const int Probes = ScreenedGallery.People * 3;
        Dictionary<string, double> before = await FirstStageAsync();

        await BatchAsync([.. Enumerable.Range(0, Probes).Select(i =>
            Line($"{i}", i % ScreenedGallery.People, threshold: 0, impression: 1 + (i / ScreenedGallery.People)))]);

        // Other servers of this process count for themselves.
        Dictionary<string, double> after = await FirstStageAsync();
        double More(string stage) => after[stage] - before.GetValueOrDefault(stage);
        Assert.Equal(Probes * ScreenedGallery.Count, More("seen"));
        Assert.InRange(More("passed"), Probes / 2, double.MaxValue);
        Assert.InRange(More("audited"), 1, Probes * ScreenedGallery.Count / 100);
        Assert.InRange(More("missed"), 1, More("audited"));
    }

    private async Task<Dictionary<string, double>> FirstStageAsync()
    {
        const string Name = "matchcluster_firststage_encounters_total{stage=\"";
        string text = await server.Http.GetStringAsync("/metrics");
        return text.Split('\n').Where(line => line.StartsWith(Name, StringComparison.Ordinal)).ToDictionary(
            line => line[Name.Length..line.LastIndexOf('"')],
            line => double.Parse(line[line.LastIndexOf(' ')..], CultureInfo.InvariantCulture));
    }

    private static JsonObject Line(
        string id, int person, int threshold, bool? exhaustive = null, int impression = 1)
    {
        JsonObject line = new()
        {
            ["id"] = id,
            ["threshold"] = threshold,
            ["biometricData"] = new JsonArray(Bodies.Finger(person, 2, impression)),
        };
        if (exhaustive is not null)
        {
            line["exhaustive"] = exhaustive;
        }

        return line;
    }

    private async Task<Dictionary<string, JsonNode>> BatchAsync(params JsonObject[] lines)
    {
        using StringContent content = new(
            string.Join('\n', lines.Select(line => line.ToJsonString())), Encoding.UTF8, "application/x-ndjson");
        using HttpResponseMessage response =
            await server.Http.PostAsync($"/mc/v1/identify/{ScreenedGallery.Name}", content);
        return (await response.Content.ReadAsStringAsync())
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)
            .ToDictionary(answer => (string)answer["id"]!);
    }

    private static void AssertSame(JsonNode screened, JsonNode exhaustive, string person)
    {
        Assert.Equal(person, (string)screened["personId"]!);
        Assert.Equal(person, (string)exhaustive["personId"]!);
        Assert.Equal((double)screened["score"]!, (double)exhaustive["score"]!);
        Assert.Equal(screened["scores"]!.ToJsonString(), exhaustive["scores"]!.ToJsonString());
    }

    private static string[] PeopleOf(JsonNode candidates) =>
        [.. candidates.AsArray().Select(candidate => (string)candidate!["personId"]!)];

    private static HashSet<(string Person, double Score)> ScoresOf(JsonArray candidates) =>
        [.. candidates.Select(candidate => ((string)candidate!["personId"]!, (double)candidate["score"]!))];

    /// <summary>One finger loses some hundredths, as an upper bound, and that is more than the estimate.</summary>
    private static void AssertLoss(JsonNode stated)
    {
        Assert.InRange((double)stated["loss"]!, 0.02, 0.06);
        Assert.InRange((double)stated["expectedLoss"]!, 0.005, 0.02);
    }

    private static double PenetrationOf(HttpResponseMessage response) => NumberOf(response, "MatchCluster-Penetration");

    private static double NumberOf(HttpResponseMessage response, string header) =>
        double.Parse(response.Headers.GetValues(header).Single(), CultureInfo.InvariantCulture);
}
