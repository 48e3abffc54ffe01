using System.Text.RegularExpressions;

namespace MatchCluster.Matching.Tests.Architecture;

/// <summary>docs/extending.md names files and folders that are there.</summary>
public sealed partial class ExtendingPageTests
{
    [Fact]
    public void Every_path_of_the_page_exists()
    {
        string page = File.ReadAllText(Path.Combine(SharedData.Repository, "docs", "extending.md"));
        string[] paths = [.. Paths().Matches(page).Select(match => match.Groups[1].Value).Distinct()];
        Assert.True(paths.Length > 20, $"{paths.Length} paths were found");
        Assert.All(paths, path => Assert.True(
            Path.Exists(Path.Combine(SharedData.Repository, path)),
            $"docs/extending.md names {path}, which is not there"));
    }

    [GeneratedRegex(@"`((?:Matching|Api|Grains|Silo|docs)(?:\.Tests)?/[\w./]+)`")]
    private static partial Regex Paths();
}
