using System.Diagnostics;
using System.Text.Json.Nodes;
using MatchCluster.Matching.Tests;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;

namespace MatchCluster.Api.Tests.OpenApi;

/// <summary>What linters recommend, held here without one, and by one where it is installed.</summary>
public sealed class LintTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task Every_operation_says_what_it_does_and_how_it_refuses()
    {
        Description description = await Description.ReadAsync(server.Http);
        string[] tags = [.. description.Root["tags"]!.AsArray().Select(tag => (string)tag!["name"]!)];
        HashSet<string> ids = [];
        foreach ((string path, string method, JsonObject operation) in description.Operations())
        {
            string id = (string)operation["operationId"]!;
            Assert.True(ids.Add(id), $"{id} is there twice");
            Assert.All(new[] { "summary", "description" }, name =>
                Assert.False(string.IsNullOrWhiteSpace((string?)operation[name]), $"{id} has no {name}"));
            Assert.Contains((string)operation["tags"]![0]!, tags);
            Assert.All(operation["responses"]!.AsObject(), response =>
                Assert.False(
                    string.IsNullOrWhiteSpace((string?)response.Value!["description"]), $"{id} {response.Key}"));
            Assert.All(operation["parameters"]?.AsArray() ?? [], parameter =>
                Assert.False(
                    string.IsNullOrWhiteSpace((string?)parameter!["description"]), $"{id}: {parameter["name"]}"));
            string[] statuses = [.. operation["responses"]!.AsObject().Select(response => response.Key)];

            // What a call without a callback is answered with comes before 202: generators take the first as success.
            Assert.Equal(statuses.OrderBy(status => status[0]).ThenBy(status => status == "202").ThenBy(
                status => status, StringComparer.Ordinal), statuses);
            if (path is not ("/alive" or "/health"))
            {
                Assert.Contains("400", statuses);
            }

            if (operation["requestBody"] is not null)
            {
                Assert.Contains("413", statuses);
                Assert.Contains("415", statuses);
            }

            Assert.All(operation["responses"]!.AsObject().Where(one => one.Key is "429"), response =>
                Assert.NotNull(response.Value!["headers"]?["Retry-After"]));
            Assert.All(path.Split('/').Where(part => part.StartsWith('{')), part =>
                Assert.Contains(operation["parameters"]!.AsArray(), parameter =>
                    (string)parameter!["in"]! == "path" && $"{{{parameter["name"]}}}" == part));
        }
    }

    [Fact]
    public async Task It_is_valid_and_nothing_in_it_dangles_or_is_left_over()
    {
        string text = await server.Http.GetStringAsync("/openapi/v1.json");
        ReadResult read = OpenApiDocument.Parse(text, "json");
        Assert.Empty(read.Diagnostic!.Errors);
        Assert.Equal(OpenApiSpecVersion.OpenApi3_0, read.Diagnostic.SpecificationVersion);

        JsonNode root = JsonNode.Parse(text)!;
        Assert.Null(root["security"]);
        Assert.Contains("Security: there is none", (string)root["info"]!["description"]!);
        HashSet<string> used = [.. References(root)];
        IEnumerable<string> there = root["components"]!.AsObject().Where(kind => kind.Key != "securitySchemes")
            .SelectMany(kind => kind.Value!.AsObject().Select(one => $"#/components/{kind.Key}/{one.Key}"));
        Assert.Equal(there.Order(), used.Order());
    }

    /// <summary>Redocly's recommended rules, where somebody has put it on the PATH (npm: @redocly/cli).</summary>
    [SkippableFact]
    public async Task A_linter_finds_no_error()
    {
        string redocly = Needs.OnPath("redocly");
        string file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.json");
        await File.WriteAllTextAsync(file, await server.Http.GetStringAsync("/openapi/v1.json"));
        try
        {
            using Process linter = Process.Start(new ProcessStartInfo(redocly)
            {
                ArgumentList = { "lint", "--extends=recommended", file },
                Environment = { ["REDOCLY_TELEMETRY"] = "off", ["REDOCLY_SUPPRESS_UPDATE_NOTICE"] = "true" },
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            Task<string> errors = linter.StandardError.ReadToEndAsync();
            string said = await linter.StandardOutput.ReadToEndAsync() + await errors;
            await linter.WaitForExitAsync();
            Assert.True(linter.ExitCode == 0, said);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject obj => obj.SelectMany(pair => pair.Key == "$ref" ? [(string)pair.Value!] : References(pair.Value)),
        JsonArray array => array.SelectMany(References),
        _ => [],
    };
}
