using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using MatchCluster.Benchmarks.Accuracy;
using MatchCluster.Benchmarks.Extraction;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates;
using Spectre.Console;

namespace MatchCluster.Api.Tests.Benchmarks;

/// <summary>Minutiae of a folder of pictures, and what the command leaves in files.</summary>
public sealed class ExtractCommandTests : IDisposable
{
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("extract");
    private readonly StringWriter said = new();

    private string Pictures => Path.Combine(root.FullName, "pictures");

    private string Records => Path.Combine(root.FullName, "records");

    public void Dispose()
    {
        said.Dispose();
        root.Delete(recursive: true);
    }

    [Fact]
    public async Task Every_picture_gets_a_record_or_a_line_that_says_why_not()
    {
        Draw("SET/1_1.pgm", 1);
        Write("SET/1_2.pgm", [.. "P5\n300 300\n255\n"u8, .. new byte[300 * 300]]);
        Write("SET/1_3.png", "no picture"u8.ToArray());
        Write("SET/readme.txt", "no picture either"u8.ToArray());

        Assert.Equal(0, await ExtractAsync("--ppi", "500"));

        Decoded<FingerRecord> record = FingerRecords.Decode(
            TemplateFormat.Iso19794v2005, await File.ReadAllBytesAsync(Path.Combine(Records, "SET", "1_1.iso")));
        Assert.True(record.IsAccepted);
        Assert.InRange(record.Value.Views[0].Minutiae.Count, 6, 20);
        Assert.Equal(["1_1.iso"], Directory.GetFiles(Path.Combine(Records, "SET")).Select(Path.GetFileName));
        Dictionary<string, JsonNode> lines = Report();
        Assert.Equal(3, lines.Count);
        Assert.Equal(record.Value.Views[0].Minutiae.Count, (int)lines["SET/1_1.pgm"]["minutiae"]!);
        Assert.Equal("too-dark", (string?)lines["SET/1_2.pgm"]["failure"]);
        Assert.Equal("unreadable", (string?)lines["SET/1_3.png"]["failure"]);
        Assert.NotNull((string?)lines["SET/1_3.png"]["reason"]);
        Assert.Contains("1 records written, 2 pictures without", said.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_run_does_what_the_first_did_not()
    {
        Draw("1_1.pgm", 2);
        Assert.Equal(0, await ExtractAsync());
        byte[] first = await File.ReadAllBytesAsync(Path.Combine(Records, "1_1.iso"));
        Draw("1_2.pgm", 3);
        Assert.Equal(0, await ExtractAsync());

        Assert.Contains("1 records written, 0 pictures without a record, 1 records that were there before",
            said.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, Report().Count);
        Assert.Equal(first, await File.ReadAllBytesAsync(Path.Combine(Records, "1_1.iso")));
    }

    [Fact]
    public async Task Text_counts_rows_from_the_bottom_and_pictures_of_the_steps_are_drawn()
    {
        Draw("1_1.pgm", 4);
        string drawings = Path.Combine(root.FullName, "drawings");
        Assert.Equal(0, await ExtractAsync());
        Assert.Equal(0, await ExtractAsync("--format", "xyt", "--draw", drawings));

        FingerView view = FingerFiles.View(
            await File.ReadAllBytesAsync(Path.Combine(Records, "1_1.iso")), out _)!;
        string[] lines = await File.ReadAllLinesAsync(Path.Combine(Records, "1_1.xyt"));
        Assert.Equal(view.Minutiae.Count, lines.Length);
        Assert.Equal(
            view.Minutiae.Select(m => $"{m.X} {view.Height - 1 - m.Y}"),
            lines.Select(line => string.Join(' ', line.Split(' ')[..2])));
        XNamespace svg = "http://www.w3.org/2000/svg";
        XElement plot = XDocument.Load(Path.Combine(drawings, "1_1.svg")).Root!;
        Assert.Equal(2, plot.Descendants(svg + "image").Count());
        Assert.Equal(2 * lines.Length, plot.Descendants(svg + "circle").Count());
    }

    [Fact]
    public async Task Accuracy_compares_pictures_where_it_is_told_to()
    {
        foreach (int finger in (int[])[1, 2])
        {
            Draw($"SET/{finger}_1.pgm", 10 * finger);
            Draw($"SET/{finger}_2.pgm", 10 * finger, noise: 40);
        }

        string json = Path.Combine(root.FullName, "accuracy.json");
        Assert.Equal(0, await RunAsync(
            AccuracyCommand.Create, "--fingers", Pictures, "--images", "--ppi", "SET=500", "--json", json));
        JsonNode set = JsonNode.Parse(await File.ReadAllTextAsync(json))!["sets"]!["SET"]!;
        Assert.Equal(0, (int)set["failures"]!);
        Assert.Equal(2, (int)set["mated"]!);
        Assert.Equal(0, (double)set["eer"]!);
        Assert.NotEqual(0, await RunAsync(
            AccuracyCommand.Create, "--fingers", Pictures, "--images", "--ppi", "SAT=500"));
    }

    [Theory]
    [InlineData("--ppi", "many")]
    [InlineData("--ppi", "DB2=")]
    [InlineData("--ppi", "99")]
    [InlineData("--ppi", "DB2=2001")]
    [InlineData("--ppi", "DB2=569")]
    [InlineData("--format", "pdf")]
    [InlineData("--format", "1")]
    [InlineData("--threads", "0")]
    [InlineData("--in", "/no/such/folder")]
    public async Task What_is_misused_is_refused(string option, string value)
    {
        Draw("1_1.pgm", 5);
        string[] own = option == "--in" ? [] : ["--in", Pictures];
        Assert.NotEqual(0, await RunAsync(
            ExtractCommand.Create, [.. own, "--out", Records, option, value]));
        Assert.False(Directory.Exists(Records));
    }

    [Fact]
    public async Task A_folder_that_gives_no_record_is_no_success()
    {
        Directory.CreateDirectory(Pictures);
        Assert.Equal(2, await ExtractAsync());
        Assert.False(Directory.Exists(Records));

        Write("1_1.png", "no picture"u8.ToArray());
        Assert.Equal(1, await ExtractAsync());
        Assert.Equal("unreadable", (string?)Report()["1_1.png"]["failure"]);
    }

    private Task<int> ExtractAsync(params string[] more) =>
        RunAsync(ExtractCommand.Create, ["--in", Pictures, "--out", Records, "--threads", "1", .. more]);

    private async Task<int> RunAsync(Func<IAnsiConsole, Command> create, params string[] arguments)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(said) });
        console.Profile.Width = 400;
        return await create(console).Parse(arguments).InvokeAsync();
    }

    private Dictionary<string, JsonNode> Report() =>
        File.ReadAllLines(Path.Combine(Records, FolderExtraction.ReportName))
            .Select(line => JsonNode.Parse(line)!)
            .ToDictionary(line => (string)line["file"]!);

    private void Write(string name, byte[] bytes)
    {
        string path = Path.Combine(Pictures, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
    }

    /// <summary>Rings whose phase turns once round each of a dozen minutiae.</summary>
    private void Draw(string name, int seed, int noise = 10)
    {
        const int Side = 300;
        var places = new Random(seed);
        var grain = new Random(noise);
        (double X, double Y, int Charge)[] minutiae =
        [
            .. Enumerable.Range(0, 12).Select(i => (
                55.0 + (63 * (i % 4)) + places.Next(-14, 15), 70.0 + (75 * (i / 4)) + places.Next(-14, 15),
                places.Next(2) == 0 ? 1 : -1)),
        ];
        byte[] pixels = new byte[Side * Side];
        for (int i = 0; i < pixels.Length; i++)
        {
            (int x, int y) = (i % Side, i / Side);
            double phase = Math.Tau * Math.Sqrt(((x - 150) * (x - 150.0)) + ((y - 330) * (y - 330.0))) / 9;
            phase += minutiae.Sum(m => m.Charge * Math.Atan2(y - m.Y, x - m.X));
            pixels[i] = (byte)Math.Clamp(130 + (90 * Math.Cos(phase)) + grain.Next(-noise, noise + 1), 0, 255);
        }

        Write(name, [.. Encoding.ASCII.GetBytes($"P5\n{Side} {Side}\n255\n"), .. pixels]);
    }
}
