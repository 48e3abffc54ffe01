using System.Xml.Linq;
using MatchCluster.Benchmarks.Accuracy;
using MatchCluster.Benchmarks.Runner;
using Spectre.Console;

namespace MatchCluster.Api.Tests.Benchmarks;

/// <summary>Extractors and programs beside each other: what is read, what is counted, what is drawn.</summary>
public sealed class DetCommandTests(GeneratedPrints prints) : IClassFixture<GeneratedPrints>
{
    private const int Mated = 2 * GeneratedPrints.Fingers * GeneratedPrints.Impressions
        * (GeneratedPrints.Impressions - 1) / 2;

    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private readonly StringWriter said = new();

    [Fact]
    public async Task Scores_that_were_written_are_read_as_the_same_source()
    {
        string folder = prints.New("scores");

        Assert.Equal(0, await RunAsync("--records", $"here={prints.Root}", "--write", folder));
        string[][] here = Rows();
        Assert.Equal(0, await RunAsync("--scores", $"here={Path.Combine(folder, "here.txt")}"));

        Assert.Equal(["pooled", .. GeneratedPrints.Sets], here.Select(row => row[0]));
        Assert.Equal(Mated.ToString(), here[0][2]);
        Assert.Equal(here, Rows());
    }

    [Fact]
    public async Task Distances_count_the_other_way_round()
    {
        string scores = Text("scores.txt", "S/1_2 S/1_1 9", "S/2_1 S/1_1 5", "S/2_1 S/1_2 4");
        string distances = Text("distances.txt", "S/1_2 S/1_1 0.1", "S/2_1 S/1_1 0.4", "S/2_1 S/1_2 0.5");

        Assert.Equal(0, await RunAsync("--scores", $"a={scores}", "--distances", $"b={distances}"));

        string[][] rows = Rows();
        Assert.Equal(["S", "a", "1", "2", "0", "0.00"], rows[0][..6]);
        Assert.Equal(["S", "b", "1", "2", "0", "0.00"], rows[1][..6]);
    }

    [Fact]
    public async Task Names_without_a_folder_are_one_set_and_may_have_more_parts()
    {
        string eyes = Text("eyes.txt", "001_2_1 001_1_1 0.1", "", "002_1_1\t001_1_1\t0.4", "002_1_1 001_2_1 0.5");

        Assert.Equal(0, await RunAsync("--distances", $"eyes={eyes}"));

        Assert.Equal(["all", "eyes", "1", "2", "0"], Rows()[0][..5]);
    }

    [Fact]
    public async Task A_comparison_that_only_others_made_is_missed()
    {
        string all = Text("all.txt", "S/1_2 S/1_1 9", "S/1_3 S/1_1 9", "S/2_1 S/1_1 5", "S/2_1 S/1_2 4");
        string few = Text("few.txt", "S/1_1 S/1_2 9", "S/2_1 S/1_1 5", "S/2_1 S/1_2 4");

        Assert.Equal(0, await RunAsync("--scores", $"all={all}", $"few={few}"));

        string[][] rows = Rows();
        Assert.Equal(("0", "0.00"), (rows[0][4], rows[0][6].Split(' ')[0]));
        Assert.Equal(("1", "50.00"), (rows[1][4], rows[1][6].Split(' ')[0]));
    }

    [Fact]
    public async Task The_plot_has_a_field_for_each_set_and_a_curve_for_each_source()
    {
        string svg = prints.New("fields.svg");
        string folder = prints.New("drawn");

        Assert.Equal(0, await RunAsync("--records", $"here={prints.Root}", "--write", folder));
        Assert.Equal(0, await RunAsync(
            "--records", $"here={prints.Root}", "--scores", $"<there>={Path.Combine(folder, "here.txt")}", "--svg", svg,
            "--alone", "A", "--title", "Two & two"));

        XElement plot = XDocument.Load(svg).Root!;
        XElement[] curves =
            [.. plot.Elements(Svg + "path").Where(path => (string?)path.Attribute("fill") == "none")];
        Assert.Equal(2 * GeneratedPrints.Sets.Count, curves.Length); // one set is left to pool: nothing is pooled
        Assert.All(curves, curve => Assert.Matches(@"^M\d[\d. ]+(L\d[\d. ]+)*$", (string)curve.Attribute("d")!));
        Assert.Equal((string)curves[0].Attribute("d")!, (string)curves[1].Attribute("d")!);
        string[] texts = [.. plot.Elements(Svg + "text").Select(text => text.Value)];
        Assert.All([.. GeneratedPrints.Sets, "here", "<there>", "Two & two"], text => Assert.Single(texts, text));
    }

    [Theory]
    [InlineData("S/1_2 S/1_1", "line 2: found \"S/1_2 S/1_1\", wanted PROBE GALLERY SCORE")]
    [InlineData("S/1_2 S/1_1 NaN", "wanted PROBE GALLERY SCORE")]
    [InlineData("S/1_2 T/1_1 3", "found S/1_2 and T/1_1, wanted two of one set")]
    [InlineData("S/2_1 S/1_1 3", "a second time")]
    public void A_line_that_is_none_is_named(string line, string named)
    {
        string file = Text("wrong.txt", "S/1_1 S/2_1 3", line);

        string message = Assert.Throws<InvalidDataException>(
            () => ScoreFile.Read(new FileInfo(file), areDistances: false)).Message;

        Assert.Contains(file, message, StringComparison.Ordinal);
        Assert.Contains(named, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_compared_is_refused()
    {
        string mated = Text("mated.txt", "S/1_2 S/1_1 9");

        Assert.Equal(RunCommand.Misused, await RunAsync());
        Assert.Equal(RunCommand.Misused, await RunAsync("--scores", mated));
        Assert.Equal(RunCommand.Misused, await RunAsync("--scores", $"a={mated}"));
        Assert.Equal(RunCommand.Misused, await RunAsync("--records", $"a={prints.New("nowhere")}"));
        Assert.Empty(said.ToString());
    }

    private string Text(string name, params string[] lines)
    {
        string file = prints.New(name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllLines(file, lines);
        return file;
    }

    /// <summary>The rows of the last table below its heading, cell by cell.</summary>
    private string[][] Rows()
    {
        string[][] rows =
        [
            .. said.ToString().Split('\n').Where(line => line.StartsWith('|')).Skip(2)
                .Select(line => line.Trim().Trim('|').Split('|').Select(cell => cell.Trim()).ToArray()),
        ];
        said.GetStringBuilder().Clear();
        return rows;
    }

    private async Task<int> RunAsync(params string[] arguments)
    {
        IAnsiConsole console = AnsiConsole.Create(
            new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(said) });
        console.Profile.Width = 220;
        return await DetCommand.Create(console).Parse(arguments).InvokeAsync();
    }
}
