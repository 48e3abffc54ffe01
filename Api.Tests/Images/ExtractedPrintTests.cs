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
