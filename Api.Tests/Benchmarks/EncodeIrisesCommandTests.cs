using System.CommandLine;
using System.Text;
using System.Xml.Linq;
using MatchCluster.Benchmarks.Eyes;
using MatchCluster.Benchmarks.Runner;
using MatchCluster.Matching.Images;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Synthesis;
using MatchCluster.Matching.Templates;
using Spectre.Console;

namespace MatchCluster.Api.Tests.Benchmarks;

/// <summary>The commands for folders of eyes, and what they leave in files.</summary>
public sealed class EncodeIrisesCommandTests : IDisposable
{
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("eyes");
    private readonly StringWriter said = new();

    private string Pictures => Path.Combine(this.root.FullName, "pictures");

    public void Dispose()
    {
        this.said.Dispose();
        this.root.Delete(recursive: true);
    }

    [Fact]
    public async Task Equal_names_in_folders_do_not_overwrite_each_other()
    {
        Draw("A/1_1.pgm", 1);
        Draw("B/1_1.pgm", 2);
        string output = Path.Combine(this.root.FullName, "out");
        string overlay = Path.Combine(this.root.FullName, "overlay");
        Assert.Equal(0, await RunAsync(
            EncodeIrisesCommand.Create, "--in", Pictures, "--out", output, "--overlay", overlay));

        byte[][] templates =
        [
            await File.ReadAllBytesAsync(Path.Combine(output, "A", "1_1.mcit")),
            await File.ReadAllBytesAsync(Path.Combine(output, "B", "1_1.mcit")),
        ];
        Assert.All(templates, bytes => Assert.True(
            IrisTemplates.Decode(TemplateFormat.MatchClusterIris, bytes).IsAccepted));
        Assert.NotEqual(templates[0], templates[1]);
        Assert.Equal(
            [Path.Combine("A", "1_1.png"), Path.Combine("B", "1_1.png")],
            Directory.GetFiles(overlay, "*", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(overlay, path)).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("print")]
    [InlineData("screen")]
    public async Task Attacks_are_drawn_over_the_pictures_and_their_warnings_counted(string attack)
    {
        Draw("1_1.pgm", 1);
        Draw("2_1.pgm", 2);
        Assert.Equal(0, await RunAsync(EncodeIrisesCommand.Create, "--in", Pictures, "--attack", attack));
        Assert.Contains("2 encoded with the warning print-pattern", this.said.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_differ_in_their_ending_alone_keep_it()
    {
        OutputNames names = new("/in", ["/in/a/1.png", "/in/a/1.tif", "/in/b/1.png", "/in/2.png"]);
        Assert.Equal(
            ["a/1.png", "a/1.tif", "b/1", "2"],
            ((string[])["/in/a/1.png", "/in/a/1.tif", "/in/b/1.png", "/in/2.png"])
                .Select(file => names.Of(file).Replace('\\', '/')));
    }

    [Fact]
    public async Task Rejection_curves_of_eyes_are_written_and_drawn()
    {
        for (ulong eye = 1; eye <= 4; eye++)
        {
            Draw($"{eye}_1.pgm", eye);
            Draw($"{eye}_2.pgm", eye, capture: 5);
        }

        string svg = Path.Combine(this.root.FullName, "curve.svg");
        Assert.Equal(0, await RunAsync(IrisRejectionCommand.Create, "--in", Pictures, "--svg", svg));
        Assert.Contains("8 pictures, 4 mated comparisons, 0 missed", this.said.ToString(), StringComparison.Ordinal);
        Assert.Contains("gaze angle, degrees", this.said.ToString(), StringComparison.Ordinal);
        Assert.Equal("svg", XDocument.Load(svg).Root!.Name.LocalName);
    }

    [Fact]
    public async Task A_folder_without_eyes_is_no_success()
    {
        Directory.CreateDirectory(Pictures);
        Assert.Equal(2, await RunAsync(IrisRejectionCommand.Create, "--in", Pictures));
        Assert.Equal(2, await RunAsync(EncodeIrisesCommand.Create, "--in", Path.Combine(Pictures, "none")));
        Draw("1_1.pgm", 1);
        Assert.Equal(2, await RunAsync(IrisRejectionCommand.Create, "--in", Pictures));
    }

    private async Task<int> RunAsync(Func<IAnsiConsole, Command> create, params string[] arguments)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(this.said) });
        console.Profile.Width = 400;
        return await create(console).Parse(arguments).InvokeAsync();
    }

    private void Draw(string name, ulong eye, ulong capture = 0)
    {
        GrayImage image = new SyntheticEye(eye).Take(new EyeView(320, 240, 160, 120, 80) { Capture = capture });
        string path = Path.Combine(Pictures, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(
            path, [.. Encoding.ASCII.GetBytes($"P5\n{image.Width} {image.Height}\n255\n"), .. image.Pixels.Span]);
    }
}
