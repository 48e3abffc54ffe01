using System.Net.Http.Json;
using System.Text.Json.Nodes;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Matching.Images;
using MatchCluster.Matching.Quality;
using MatchCluster.Matching.Tests;
using MatchCluster.Matching.Tests.Extraction;

namespace MatchCluster.Api.Tests.Images;

/// <summary>The server's own extractor, on prints beside the repository and on pictures that are none.</summary>
public sealed class ExtractedPrintTests(RunningServer server) : IClassFixture<RunningServer>
{
    [SkippableFact]
    public async Task Prints_of_FVC2002_find_their_fingers_as_images()
    {
        string folder = SharedData.Path("fingers", "fvc2002", "DB1_B");
        for (int finger = 101; finger <= 106; finger++)
        {
            JsonNode ids = await server.PostAsync(
                $"persons/F{finger}/encounters/E", Bodies.Encounter("FVC", [Print(folder, finger, 1)])).OkAsync();
            JsonNode extracted = Assert.Single(ids["others"]!["extracted"]!.AsArray())!;
            Assert.InRange((int)extracted["features"]!, 12, 120);
            Assert.InRange((int)extracted["quality"]!, 20, 100);
        }

        int found = 0;
        for (int finger = 101; finger <= 106; finger++)
        {
            JsonNode answer = await server.PostAsync(
                "identify/FVC?threshold=20", Bodies.Identify([Print(folder, finger, 2)])).OkAsync();
            found += (string?)answer.AsArray().FirstOrDefault()?["personId"] == $"F{finger}" ? 1 : 0;
        }

        Assert.InRange(found, 5, 6);
    }

    [SkippableFact]
    public async Task Every_door_names_the_calibration_of_our_extractor_and_of_other_pairs()
    {
        string folder = SharedData.Path("fingers", "fvc2002", "DB1_B");
        byte[] other = File.ReadAllBytes(Path.Combine(folder, "101_1.iso"));
        JsonObject foreign = new()
        {
            ["biometricType"] = "FINGER",
            ["biometricSubType"] = "RIGHT_INDEX",
            ["templateFormat"] = "ISO_19794_2",
            ["template"] = Convert.ToBase64String(other),
        };
        await server.PostAsync(
            "persons/N1/encounters/E", Bodies.Encounter("NAMES", [Print(folder, 101, 1)])).OkAsync();

        foreach ((JsonObject sent, string name) in new[]
            {
                (Print(folder, 101, 2), "fingers-matchcluster-1"), (foreign, "fingers-2"),
            })
        {
            JsonNode found = await server.PostAsync(
                "identify/NAMES?threshold=0", Bodies.Identify([sent.DeepClone()])).OkAsync();
            Assert.Equal("fingers-3", (string)found[0]!["others"]!["calibration"]!);
            JsonNode detail = found[0]!["scores"]![0]!;
            Assert.Equal(name, (string)detail["others"]!["calibration"]!);

            JsonObject body = new() { ["biometricData"] = new JsonArray(sent.DeepClone()) };
            JsonNode verified = await server.PostAsync("verify/NAMES/N1", body.DeepClone()).OkAsync();
            Assert.Equal(name, (string)verified["scores"]![0]!["others"]!["calibration"]!);
            Assert.Equal((double)detail["score"]!, (double)verified["scores"]![0]!["score"]!);

            JsonNode explained = await server.Http.PostAsync(
                "/mc/v1/explain/NAMES/N1/E", JsonContent.Create<JsonNode>(body)).OkAsync();
            Assert.Equal(name, (string)explained["fingers"]![0]!["calibration"]!);
            Assert.Equal((double)detail["score"]!, (double)explained["fingers"]![0]!["score"]!);
        }
    }

    [Fact]
    public async Task Blank_paper_and_noise_are_no_prints()
    {
        byte[] noise = new byte[300 * 300];
        new Random(7).NextBytes(noise);
        byte[] blank = new byte[300 * 300];
        Array.Fill(blank, (byte)250);
        foreach (byte[] pixels in (byte[][])[noise, blank])
        {
            JsonObject item = new()
            {
                ["biometricType"] = "FINGER",
                ["biometricSubType"] = "LEFT_INDEX",
                ["image"] = Convert.ToBase64String([.. "P5 300 300 255\n"u8, .. pixels]),
            };
            string message = await server.PostAsync("persons/none/encounters/E", Bodies.Encounter("FVC", [item]))
                .ErrorAsync(400, FailureCode.RejectedImage);
            Assert.Matches("(no-fingerprint|too-light|too-small): ", message);
        }
    }

    [Fact]
    public async Task A_poor_print_is_answered_with_the_reason()
    {
        GrayImage print = new DrawnPrint(2, 220, 220, minutiae: 6).Image;
        byte[] header = System.Text.Encoding.ASCII.GetBytes($"P5 {print.Width} {print.Height} 255\n");
        JsonObject item = new()
        {
            ["biometricType"] = "FINGER",
            ["biometricSubType"] = "LEFT_INDEX",
            ["resolution"] = 500,
            ["image"] = Convert.ToBase64String([.. header, .. print.Pixels.Span]),
        };
        JsonNode ids = await server.PostAsync("persons/poor/encounters/E", Bodies.Encounter("FVC", [item])).OkAsync();
        JsonNode extracted = Assert.Single(ids["others"]!["extracted"]!.AsArray())!;
        Assert.InRange((int)extracted["quality"]!, 1, PoorPrint.Quality - 1);
        string[] reasons =
            [.. Enum.GetValues<QualityReason>().Select(reason => $"{reason.Word()}: {reason.Sentence()}")];
        Assert.Single(extracted["notes"]!.AsArray(), note => reasons.Contains((string?)note));
    }

    private static JsonObject Print(string folder, int finger, int impression) => new()
    {
        ["biometricType"] = "FINGER",
        ["biometricSubType"] = "RIGHT_INDEX",
        ["resolution"] = 500,
        ["image"] = Convert.ToBase64String(File.ReadAllBytes(Path.Combine(folder, $"{finger}_{impression}.tif"))),
    };
}
