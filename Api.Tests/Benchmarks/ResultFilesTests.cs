using System.Text.Json.Nodes;
using MatchCluster.Matching.Tests;

namespace MatchCluster.Api.Tests.Benchmarks;

/// <summary>
/// The kept results name one commit that anybody can check out again, and where they are rows, one machine.
/// </summary>
public sealed class ResultFilesTests
{
    public static TheoryData<string> Files()
    {
        string folder = Path.Combine(SharedData.Repository, "Benchmarks", "results");
        return [.. Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file))];
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_kept_result_names_the_commit_and_the_machine_once(string file)
    {
        string path = Path.Combine(SharedData.Repository, "Benchmarks", "results", file);
        JsonObject report = Assert.IsType<JsonObject>(JsonNode.Parse(await File.ReadAllTextAsync(path)));

        Assert.Matches("^[0-9a-f]{7,40}$", (string?)report["commit"]);
        if (report["rows"] is JsonArray rows)
        {
            Assert.All(
                ["cpu", "cores", "level"], head => Assert.False(string.IsNullOrEmpty(report[head]?.ToString())));
            Assert.False((bool)report["smoke"]!, "a smoke run's times mean nothing");
            Assert.NotEmpty(rows);
            Assert.All(rows, row => Assert.Null(row!["commit"]));
        }
    }
}
