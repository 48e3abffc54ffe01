using System.CommandLine;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using MatchCluster.Benchmarks.Accuracy;
using MatchCluster.Benchmarks.Explain;
using MatchCluster.Benchmarks.Rotation;
using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching.Explain;
using MatchCluster.Matching.Model;
using Spectre.Console;

namespace MatchCluster.Api.Tests.Benchmarks;

/// <summary>The commands that anybody can run on their own prints, and what they leave in files.</summary>
public sealed class FingerCommandTests(GeneratedPrints prints) : IClassFixture<GeneratedPrints>
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private readonly StringWriter said = new();

    [Fact]
    public async Task Accuracy_writes_every_rate_of_each_set_and_of_all_pooled()
    {
        string json = prints.New("accuracy.json");

        Assert.Equal(0, await RunAsync(AccuracyCommand.Create, "--fingers", prints.Root, "--json", json));

        JsonNode report = JsonNode.Parse(await File.ReadAllTextAsync(json))!;
        JsonObject sets = report["sets"]!.AsObject();
        Assert.Equal(GeneratedPrints.Sets, sets.Select(set => set.Key).Order());
        Assert.All(sets, set => AssertRates(set.Value!, sets: 1));
        AssertRates(report["pooled"]!, sets: 2);
        Assert.Equal(sets.Average(set => (double)set.Value!["eer"]!), (double)report["meanEer"]!, 1e-12);
        Assert.Contains("pooled", said.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dropping_minutiae_makes_prints_harder_to_tell_apart()
    {
        (string whole, string thin) = (prints.New("whole.json"), prints.New("thin.json"));

        Assert.Equal(0, await RunAsync(AccuracyCommand.Create, "--fingers", prints.Root, "--json", whole));
        Assert.Equal(
            0, await RunAsync(AccuracyCommand.Create, "--fingers", prints.Root, "--thin", "0.7", "--json", thin));

        Assert.True(await EerAsync(thin) > await EerAsync(whole));
    }

    [Fact]
    public async Task Accuracy_draws_a_curve_for_each_set_and_one_for_all()
    {
        string svg = prints.New("det.svg");

        Assert.Equal(0, await RunAsync(AccuracyCommand.Create, "--fingers", prints.Root, "--svg", svg));

        XElement plot = XDocument.Load(svg).Root!;
        Assert.Equal(Svg + "svg", plot.Name);
        XElement[] curves =
            [.. plot.Elements(Svg + "path").Where(path => (string?)path.Attribute("fill") == "none")];
        Assert.Equal(GeneratedPrints.Sets.Count + 1, curves.Length);
        Assert.All(curves, curve => Assert.Matches(@"^M\d[\d. ]+(L\d[\d. ]+)*$", (string)curve.Attribute("d")!));
        string[] legend = [.. plot.Elements(Svg + "text").Select(text => text.Value)];
        Assert.All(
            [.. GeneratedPrints.Sets, "pooled"],
            name => Assert.Single(legend, text => text.StartsWith($"{name}, EER", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_folder_without_prints_is_refused_and_nothing_is_written()
    {
        string json = prints.New("nothing.json");

        int code = await RunAsync(
            AccuracyCommand.Create, "--fingers", Path.Combine(prints.Root, "nowhere"), "--json", json);

        Assert.Equal(RunCommand.Misused, code);
        Assert.False(File.Exists(json));
    }

    [Fact]
    public async Task Explain_draws_both_minutiae_sets_and_a_line_for_each_pair()
    {
        string probe = prints.Record("A", 1, 1);
        string reference = prints.Record("A", 1, 2);
        string svg = prints.New("pairing.svg");
        (FingerView a, FingerView b) = (GeneratedPrints.Read(probe), GeneratedPrints.Read(reference));
        IReadOnlyList<PairedMinutiae> mates = FingerExplainer.Explain(a, b).Alignment!.Mates;

        Assert.Equal(0, await RunAsync(ExplainCommand.Create, probe, reference, "--svg", svg));

        XElement plot = XDocument.Load(svg).Root!;
        Assert.InRange(mates.Count, 8, 64); // of one finger
        Assert.Equal(mates.Count, plot.Elements(Svg + "line").Count());
        Assert.Equal(a.Minutiae.Count + b.Minutiae.Count, plot.Elements(Svg + "circle").Count());
        string[] text = [.. plot.Elements(Svg + "text").Select(element => element.Value)];
        Assert.Contains($"1_1.iso: {a.Minutiae.Count} minutiae", text);
        Assert.Contains($"1_2.iso: {b.Minutiae.Count} minutiae", text);
        // A pair bears the same number on both sides.
        Assert.All(Enumerable.Range(1, mates.Count), pair => Assert.Equal(2, text.Count(label => label == $"{pair}")));
        Assert.Contains($"{mates.Count} mates", said.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rotation_says_of_each_set_what_turned_prints_lose_and_take()
    {
        Assert.Equal(
            0, await RunAsync(RotationCommand.Create, "--fingers", prints.Root, "--people", "0"));

        string[][] lines = [.. said.ToString().Split('\n').Select(Cells)];
        foreach (string name in (string[])[.. GeneratedPrints.Sets, "pooled"])
        {
            string[] upsideDown = Assert.Single(lines, cells => cells is [var set, "180", ..] && set == name);
            Assert.StartsWith("100.00 %", upsideDown[2], StringComparison.Ordinal); // as sent nobody is found
            string[] upright = Assert.Single(lines, cells => cells is [var set, "0", ..] && set == name);
            const int OneOfMated = 6;
            Assert.InRange(Percent(upsideDown[3]), 0, Percent(upright[3]) + OneOfMated);
            Assert.InRange(Percent(upsideDown[5]), Percent(upright[5]) - OneOfMated, 100);
        }

        Assert.Contains("every turn, with its price", said.ToString(), StringComparison.Ordinal);
        Assert.Contains("mean lean", said.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rotation_refuses_a_folder_without_prints()
    {
        Assert.Equal(
            RunCommand.Misused,
            await RunAsync(RotationCommand.Create, "--fingers", Path.Combine(prints.Root, "nowhere")));
    }

    [Fact]
    public async Task Explain_refuses_what_is_no_record()
    {
        string broken = Path.Combine(prints.Root, "broken.iso");
        await File.WriteAllTextAsync(broken, "no record");

        Assert.Equal(RunCommand.Misused, await RunAsync(ExplainCommand.Create, broken, prints.Record("A", 1, 1)));
    }

    private static void AssertRates(JsonNode set, int sets)
    {
        const int Fingers = GeneratedPrints.Fingers;
        const int Impressions = GeneratedPrints.Impressions;
        Assert.Equal(sets * Fingers * Impressions * (Impressions - 1) / 2, (int)set["mated"]!);
        Assert.Equal(
            sets * Fingers * (Fingers - 1) / 2 * Impressions * Impressions, (int)set["nonMated"]!);
        Assert.Equal(0, (int)set["failures"]!);
        Assert.Equal(sets * Fingers * (Impressions - 1), (int)set["rank1Probes"]!);
        Assert.InRange((double)set["eer"]!, 0, 0.2);
        Assert.InRange((double)set["rank1"]!, 0.8, 1);
        double[] fnmr = [.. new[] { "0.01", "0.001", "0.0001" }.Select(fmr => (double)set["fnmr"]![fmr]!)];
        Assert.All(fnmr, rate => Assert.InRange(rate, 0, 0.4));
        Assert.Equal(fnmr.Order(), fnmr); // the fewer false matches, the more misses
    }

    private static double Percent(string cell) =>
        double.Parse(cell.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);

    private static string[] Cells(string line) => [.. line.Split('\u2502').Skip(1).Select(cell => cell.Trim())];

    private static async Task<double> EerAsync(string json) =>
        (double)JsonNode.Parse(await File.ReadAllTextAsync(json))!["pooled"]!["eer"]!;

    private async Task<int> RunAsync(Func<IAnsiConsole, Command> create, params string[] arguments)
    {
        IAnsiConsole console = AnsiConsole.Create(
            new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(said) });
        console.Profile.Width = 220;
        return await create(console).Parse(arguments).InvokeAsync();
    }
}
