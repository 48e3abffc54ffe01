using System.CommandLine;
using System.Text.Json.Nodes;
using MatchCluster.Api.Hosting;
using MatchCluster.Benchmarks.Recall;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;
using Spectre.Console;

namespace MatchCluster.Api.Tests.Benchmarks;

/// <summary>The recall command over generated people, in small.</summary>
public sealed class GalleryRecallTests
{
    private const double Threshold = 30;

    [Fact]
    public async Task The_counts_of_every_case_agree_with_each_other()
    {
        using TemporaryDirectory folder = new();
        string json = Path.Combine(folder.Path, "recall.json");

        Assert.Equal(0, await RunAsync(
            "--people", "400", "--probes", "20", "--fingers-a-person", "2", "--exhaustive", "2", "--threshold", "30",
            "--json", json));

        JsonNode report = JsonNode.Parse(await File.ReadAllTextAsync(json))!;
        Assert.Equal((400, 2, Threshold), (
            (int)report["people"]!, (int)report["fingersAPerson"]!, (double)report["threshold"]!));
        JsonNode[] cases = [.. report["mated"]!.AsArray().Select(mated => mated!)];
        Assert.Equal(
            [(2, 0.0), (2, 0.33), (1, 0.0), (1, 0.33)],
            cases.Select(mated => ((int)mated["fingers"]!, Math.Round((double)mated["thinned"]!, 2))));
        Assert.All(cases, mated =>
        {
            int wanted = (int)mated["exhaustiveFinds"]!;
            int found = (int)mated["screenedFinds"]!;
            Assert.Equal(20, (int)mated["probes"]!);
            Assert.InRange(wanted, 10, 20);
            Assert.InRange(found, wanted - 5, wanted);
            Assert.Equal(wanted - found, mated["lost"]!.AsArray().Count);
            Assert.All(mated["lost"]!.AsArray(), score => Assert.InRange((double)score!, Threshold, 100));
            Assert.Equal((double)found / wanted, (double)mated["recall"]!, 1e-12);
            Assert.InRange(
                (double)mated["recall"]!, (double)mated["recallInterval"]![0]!, (double)mated["recallInterval"]![1]!);
            Assert.InRange((double)mated["penetration"]!, 0.001, 0.5);
        });
        // Fewer minutiae or fewer fingers find nobody more.
        Assert.True((int)cases[0]["exhaustiveFinds"]! >= (int)cases[3]["exhaustiveFinds"]!);
        Assert.Equal([2, 1], report["strangers"]!.AsArray().Select(strangers => (int)strangers!["fingers"]!));
        Assert.All(report["strangers"]!.AsArray(), strangers => Assert.InRange(
            (int)strangers!["screenedToo"]!, 0, (int)strangers["exhaustiveCandidates"]!));
    }

    [Fact]
    public void What_an_exhaustive_search_makes_of_somebody_needs_no_search_of_the_others()
    {
        var gallery = new GeneratedGallery(300, fingers: 2, _ => { });
        int[] people = [0, 7, 100, 299];
        Probe[] probes = [.. people.Select(person => gallery.ProbeOf(person, 2, thinned: 0.3)!)];

        (IReadOnlyList<Hit> Hits, FirstStage? Stage)[] whole = gallery.Search(probes, Threshold, exhaustive: true);

        for (int i = 0; i < people.Length; i++)
        {
            double? alone = gallery.ScoreOf(people[i], probes[i], Threshold);
            Assert.Null(whole[i].Stage);
            Assert.NotNull(alone);
            Assert.Equal(alone, whole[i].Hits.Single(hit => hit.PersonId == gallery.IdOf(people[i])).Score);
        }
    }

    [Theory]
    [InlineData("--probes", "10")] // neither a folder nor people
    [InlineData("--people", "200", "--fingers", ".")]
    [InlineData("--people", "5")]
    [InlineData("--people", "200", "--probes", "0")]
    [InlineData("--people", "200", "--fingers-a-person", "5")]
    [InlineData("--people", "200", "--thin", "1")]
    [InlineData("--people", "200", "--threshold", "-1")]
    public void What_makes_no_sense_is_refused(params string[] arguments) =>
        Assert.NotEmpty(RecallCommand.Create(AnsiConsole.Console).Parse(arguments).Errors);

    private static async Task<int> RunAsync(params string[] arguments)
    {
        IAnsiConsole console = AnsiConsole.Create(
            new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(TextWriter.Null) });
        return await RecallCommand.Create(console).Parse(arguments).InvokeAsync();
    }
}
