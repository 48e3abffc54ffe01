using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MatchCluster.Api.Hosting;
using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Options;
using MatchCluster.Benchmarks.Calibration;
using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching.Explain;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Synthesis;
using MatchCluster.Matching.Templates;
using MatchCluster.Matching.Tests;
using Microsoft.Extensions.Logging;
using Spectre.Console;

namespace MatchCluster.Api.Tests.Benchmarks;

/// <summary>
/// Curves from an installation's own gallery, as an operator makes and uses them; nobody in it exists.
/// </summary>
public sealed class InstallationCalibrationTests : IDisposable
{
    private const int People = 132;
    private const string Gallery = "CIVIL";

    private static readonly DateTimeOffset Noon = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryDirectory folder = new();
    private readonly StringWriter said = new();

    private string Data => Path.Combine(folder.Path, "data");

    private string Curves => Path.Combine(folder.Path, "written", "site.json");

    private string Page => Path.Combine(folder.Path, "written", "site.md");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_gallery_gives_curves_with_their_evidence_and_a_server_that_scores_by_them()
    {
        await EnrolAsync();

        Assert.Equal(0, await RunAsync(
            "--data", Data, "--gallery", Gallery, "--encounter-type", "gate", "--name", "gate-3", "--draws", "10",
            "--out", Curves, "--report", Page));

        var file = FingerCalibrationFile.Read(Curves);
        Assert.Equal((Noon, People), (file.Made, file.Fingers));
        FingerCalibrationCurve own = file.Curves[^1];
        Assert.Equal(26, own.MinCylinders);
        Assert.InRange(own.Comparisons, FingerCalibrationFit.MinComparisons, 2 * People * People);

        // Generated people agree less by chance than the real ones of the committed curves.
        Assert.True(own.Knots[^1] < FingerCalibration.Curves[^1].Knots[^1]);
        Assert.Equal(FingerCalibration.Curves.Select(c => c.MinCylinders), file.Curves.Select(c => c.MinCylinders));
        Assert.InRange(file.Error.At20, 0.01, 3);

        string id = file.ToCalibration(0.5).Id;
        string page = await File.ReadAllTextAsync(Page);
        Assert.StartsWith($"# Finger calibration `{file.ToCalibration().Id}`", page, StringComparison.Ordinal);
        Assert.DoesNotContain("P-00", page, StringComparison.Ordinal);
        Assert.Contains("| 10 | 1.0e-1 | ", page, StringComparison.Ordinal);

        // A true claim: of whole prints about one in ten reaches 10 by curves of the other half.
        string ten = page.Split('\n').First(line => line.StartsWith("| 10 | 1.0e-1 | ", StringComparison.Ordinal));
        Assert.InRange(double.Parse(ten.Split('|')[5], System.Globalization.CultureInfo.InvariantCulture), 0.6, 1.6);

        await ServerScoresByAsync(file, id);
    }

    [SkippableFact]
    public async Task Pictures_of_one_sensor_give_curves_for_our_extractor_alone()
    {
        string pictures = SharedData.Path("fingers", "fvc2002", "DB2_B");

        Assert.Equal(0, await RunAsync(
            "--fingers", pictures, "--images", "--ppi", "569", "--draws", "10", "--out", Curves, "--report", Page));

        var file = FingerCalibrationFile.Read(Curves);
        Assert.Equal((FingerCalibrationFile.OfOneExtractor, "matchcluster-finger-1"), (file.Version, file.Extractor));
        ScoreCalibration by = file.ToCalibration();
        Assert.Equal(by.Id, by.NameOf(FingerExtractorId.MatchCluster1));
        Assert.Equal("fingers-2", by.NameOf(FingerExtractorId.Unknown));

        // Those of one sensor need no allowance for others.
        Assert.True(file.Curves[^1].Knots[^1] < FingerCalibration.Own.All[^1].Knots[^1]);
        Assert.Contains("`fingers-matchcluster-1`", await File.ReadAllTextAsync(Page), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prints_of_two_extractors_are_told_apart_and_those_of_the_fewer_left_out()
    {
        await EnrolAsync(people: 72);
        await EnrolAsync(people: 20, name: "R", extractor: FingerExtractorId.MatchCluster1);

        Assert.Equal(0, await RunAsync("--data", Data, "--draws", "10", "--out", Curves));

        var file = FingerCalibrationFile.Read(Curves);
        Assert.Equal(("other", 72), (file.Extractor, file.Fingers));
    }

    [Fact]
    public async Task A_person_enrolled_twice_is_left_out_and_counted()
    {
        await EnrolAsync(people: 72, again: 3);

        Assert.Equal(0, await RunAsync("--data", Data, "--draws", "10", "--out", Curves, "--report", Page));

        string page = await File.ReadAllTextAsync(Page);
        Assert.Contains("too few people to fit to one half", page, StringComparison.Ordinal);
        Assert.Equal("3", Regex.Match(page, @"\. (\d+) pairs of people were left out").Groups[1].Value);
        Assert.Contains("3 pairs suspected", said.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_calibrated_on_is_refused_and_nothing_is_written()
    {
        Assert.Equal(RunCommand.Misused, await RunAsync("--data", Data, "--out", Curves));
        Assert.Equal(RunCommand.Misused, await RunAsync("--out", Curves));
        Assert.NotEqual(0, await RunAsync("--data", Data, "--name", "no name", "--out", Curves));
        Assert.False(Directory.Exists(Data));

        await EnrolAsync(people: 5);
        Assert.Equal(RunCommand.Misused, await RunAsync("--data", Data, "--out", Curves));
        Assert.Equal(RunCommand.Misused, await RunAsync("--data", Data, "--gallery", "OTHER", "--out", Curves));
        Assert.Equal(RunCommand.Misused, await RunAsync("--data", Data, "--encounter-type", "x", "--out", Curves));
        Assert.False(File.Exists(Curves));
    }

    private async Task ServerScoresByAsync(FingerCalibrationFile file, string id)
    {
        ServerOptions options = new()
        {
            Data = Data,
            Urls = "http://127.0.0.1:0",
            Threads = 1,
            Admission = Admission.Default,
            Calibration = ScoreCalibration.Load(Curves, 0.5),
        };
        await using Server server = await Server.StartAsync(options, LogLevel.Warning, CancellationToken.None);
        await server.Loaded;
        using HttpClient http = new() { BaseAddress = new Uri(server.Urls.First()) };
        FingerView probe = AsSent(new SyntheticPopulation(6).Person(1).Finger(2, 1));
        FingerView stranger = AsSent(new SyntheticPopulation(6).Person(7).Finger(2, 0));
        double wanted = FingerExplainer.Explain(probe, stranger, file.ToCalibration(0.5)).Score;
        Assert.NotEqual(wanted, FingerExplainer.Explain(probe, stranger).Score);
        JsonArray data =
        [
            new JsonObject
            {
                ["biometricType"] = "FINGER",
                ["biometricSubType"] = "RIGHT_INDEX",
                ["templateFormat"] = "ISO_19794_2",
                ["template"] = Convert.ToBase64String(
                    FingerRecords.Encode(TemplateFormat.Iso19794v2005, [probe])),
            },
        ];

        using HttpResponseMessage found = await http.PostAsync(
            RunningServer.V1($"identify/{Gallery}?threshold=0&maxNbCand=200&accuracyLevel=exhaustive"),
            BodyOf(("filter", new JsonObject()), ("biometricData", data.DeepClone())));
        Assert.Equal(HttpStatusCode.OK, found.StatusCode);
        Assert.Equal(id, found.Headers.GetValues("MatchCluster-Calibration").Single());
        JsonArray candidates = JsonNode.Parse(await found.Content.ReadAsStringAsync())!.AsArray();
        JsonNode other = candidates.Single(candidate => (string)candidate!["personId"]! == "P-007")!;
        Assert.Equal(wanted, (double)other["score"]!, 0.011);
        Assert.Equal(id, (string)other["others"]!["calibration"]!);

        // One against one the same score, and the same name.
        using HttpResponseMessage verified = await http.PostAsync(
            RunningServer.V1($"verify/{Gallery}/P-007"),
            BodyOf(("biometricData", data.DeepClone())));
        Assert.Equal(id, verified.Headers.GetValues("MatchCluster-Calibration").Single());
        JsonNode answer = JsonNode.Parse(await verified.Content.ReadAsStringAsync())!;
        Assert.Equal(wanted, (double)answer["scores"]![0]!["score"]!, 0.011);

        using HttpResponseMessage explained = await http.PostAsync(
            $"/mc/v1/explain/{Gallery}/P-007/E", BodyOf(("biometricData", data.DeepClone())));
        JsonNode explanation = JsonNode.Parse(await explained.Content.ReadAsStringAsync())!;
        Assert.Equal(id, (string)explanation["calibration"]!);
        Assert.Equal(wanted, (double)explanation["fingers"]![0]!["score"]!, 0.011);
        JsonNode stats = JsonNode.Parse(await http.GetStringAsync("/mc/v1/stats"))!;
        Assert.Equal(id, (string)stats["calibration"]!);
    }

    private static JsonContent BodyOf(params (string Name, JsonNode Value)[] parts) =>
        JsonContent.Create<JsonNode>(new JsonObject(
            parts.Select(part => KeyValuePair.Create(part.Name, (JsonNode?)part.Value))));

    private async Task EnrolAsync(
        int people = People, int again = 0, string name = "P", FingerExtractorId extractor = FingerExtractorId.Unknown)
    {
        var population = new SyntheticPopulation(6);
        await using SqliteGalleryStore store =
            await SqliteGalleryStore.OpenAsync(Data, partitions: 1, defaultPartitions: 1, CancellationToken.None);
        long epoch = await store.OpenEpochAsync(new(0), CancellationToken.None);
        StoreWrite[] writes =
        [
            .. Enumerable.Range(0, people).Select(i => Put(
                $"{name}-{i:000}", population.Person(i).Finger(2, 0) with { Extractor = extractor })),
            .. Enumerable.Range(0, again).Select(i => Put($"Q-{i:000}", population.Person(i).Finger(2, 0))),
        ];
        foreach (StoreWrite[] some in writes.Chunk(32))
        {
            await store.AppendAsync(new(0), epoch, some, CancellationToken.None);
        }
    }

    /// <summary>As a record holds it: places and directions are rounded.</summary>
    private static FingerView AsSent(FingerView finger)
    {
        byte[] record = FingerRecords.Encode(TemplateFormat.Iso19794v2005, [finger]);
        FingerView read = FingerRecords.Decode(TemplateFormat.Iso19794v2005, record).Value!.Views[0];
        return read with { Position = finger.Position };
    }

    private static StoreWrite Put(string personId, FingerView finger) => StoreWrite.Put(new Encounter
    {
        PersonId = personId,
        EncounterId = "E",
        RecordId = new Guid(personId.Select(c => (byte)c).Concat(new byte[16]).Take(16).ToArray()),
        Status = EncounterStatus.Active,
        EncounterType = "gate",
        Galleries = [Gallery],
        Created = Noon,
        Updated = Noon,
        Samples = [SampleOf(finger)],
    });

    private static Sample SampleOf(FingerView finger) => new()
    {
        Position = finger.Position,
        Format = TemplateFormat.Iso19794v2005,
        Template = FingerRecords.Encode(TemplateFormat.Iso19794v2005, [finger]),
    };

    private async Task<int> RunAsync(params string[] arguments)
    {
        IAnsiConsole console = AnsiConsole.Create(
            new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(said) });
        console.Profile.Width = 220;
        return await InstallationCommand.Create(console, new NoonClock()).Parse(arguments).InvokeAsync();
    }

    private sealed class NoonClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Noon;
    }
}
