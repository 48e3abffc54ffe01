using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace MatchCluster.Api.Tests;

/// <summary>The demo, as a newcomer starts it, with few people.</summary>
public sealed partial class DemoTests
{
    [Fact]
    public async Task The_demo_answers_both_questions_prints_curl_lines_that_work_and_cleans_up()
    {
        using ServerProcess server = ServerProcess.Start("--demo", "25");
        string first = await server.LineAsync(line => line.StartsWith("curl", StringComparison.Ordinal)
            && line.Contains("enrolled", StringComparison.Ordinal));
        string second = await server.LineAsync(line => line.StartsWith("curl", StringComparison.Ordinal)
            && line.Contains("stranger", StringComparison.Ordinal));
        await server.LineAsync(line => line.Contains("SYN-00000007", StringComparison.Ordinal)
            && line.Contains('|', StringComparison.Ordinal));
        await server.LineAsync(line => line.Contains("no candidate", StringComparison.Ordinal));

        using HttpClient http = new();
        Assert.Equal("SYN-00000007", (string)(await PasteAsync(http, first))[0]!["personId"]!);
        Assert.Empty((await PasteAsync(http, second)).AsArray());

        string file = Curl().Match(first).Groups["file"].Value;
        Assert.True(File.Exists(file));
        await server.LineAsync(line => line.Contains("Serving", StringComparison.Ordinal));
        Assert.Equal(0, await server.StopAsync());
        Assert.False(Directory.Exists(Path.GetDirectoryName(file)));
    }

    private static async Task<JsonNode> PasteAsync(HttpClient http, string line)
    {
        Match curl = Curl().Match(line);
        using StreamContent body = new(File.OpenRead(curl.Groups["file"].Value));
        body.Headers.ContentType = new("application/json");
        return await http.PostAsync(curl.Groups["url"].Value, body).OkAsync();
    }

    [GeneratedRegex("^curl -s -H 'Content-Type: application/json' -d @(?<file>\\S+) '(?<url>\\S+)'$")]
    private static partial Regex Curl();
}
