using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MatchCluster.Matching.Tests;

namespace MatchCluster.Api.Tests;

/// <summary>The README's curl lines work as they stand and answer what it says they answer.</summary>
public sealed partial class ReadmeTests : IClassFixture<RunningServer>
{
    private static readonly string[] DependOnTheMachine = ["partitionsAsked", "partitionsAnswered", "elapsedMs"];

    private readonly RunningServer server;

    public ReadmeTests(RunningServer server) => this.server = server;

    [Fact]
    public async Task Every_curl_line_answers_as_written_in_the_order_of_the_text()
    {
        string readme = await File.ReadAllTextAsync(Path.Combine(SharedData.Repository, "README.md"));
        Match[] calls = [.. CurlBlocks().Matches(readme).Cast<Match>()];
        Assert.True(calls.Length >= 4, $"{calls.Length} curl blocks with an answer behind them");
        foreach (Match call in calls)
        {
            string here = server.Http.BaseAddress!.GetLeftPart(UriPartial.Authority);
            string answer = await ShellAsync(call.Groups["call"].Value.Replace("http://127.0.0.1:5080", here));
            JsonNode? written = Comparable(call.Groups["answer"].Value);
            Assert.True(JsonNode.DeepEquals(written, Comparable(answer)), $"answered: {answer}\nwritten: {written}");
        }
    }

    private static JsonNode? Comparable(string json)
    {
        JsonNode? node = JsonNode.Parse(json);
        Strip(node);
        return node;
    }

    private static void Strip(JsonNode? node)
    {
        foreach (JsonNode? child in (node as JsonArray ?? []).Concat((node as JsonObject ?? []).Select(p => p.Value)))
        {
            Strip(child);
        }

        if (node is JsonObject named)
        {
            Array.ForEach(DependOnTheMachine, name => named.Remove(name));
        }
    }

    private static async Task<string> ShellAsync(string command)
    {
        using Process shell = Process.Start(new ProcessStartInfo("bash", ["-c", command])
        {
            WorkingDirectory = SharedData.Repository,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> output = shell.StandardOutput.ReadToEndAsync();
        string errors = await shell.StandardError.ReadToEndAsync();
        await shell.WaitForExitAsync();
        Assert.True(shell.ExitCode == 0, $"{command}\nended with {shell.ExitCode}: {errors}");
        return await output;
    }

    [GeneratedRegex(@"```sh curl\n(?<call>.*?)```\s*```json\n(?<answer>.*?)```", RegexOptions.Singleline)]
    private static partial Regex CurlBlocks();
}
