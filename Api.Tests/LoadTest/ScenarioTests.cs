using System.CommandLine;
using MatchCluster.LoadTest;

namespace MatchCluster.Api.Tests.LoadTest;

public sealed class ScenarioTests : IDisposable
{
    private readonly FileInfo file = new(Path.GetTempFileName());

    public void Dispose() => file.Delete();

    [Fact]
    public void What_is_typed_stands_before_the_file_and_the_file_before_the_default()
    {
        LoadOptions options = Read(
            """{ "mix": "iris=1", "mated": 0.25, "fingers": 4, /* a remark */ "deadlineMs": 700 }""",
            "--mated", "0.75")!;
        Assert.Equal([RequestKind.Iris], options.Mix.Kinds);
        Assert.Equal((0.75, 4, 700, 2000), (
            options.Mated, options.Fingers, (int)options.Deadline.TotalMilliseconds, options.People));
    }

    [Theory]
    [InlineData("""{ "mixture": "iris=1" }""", "mixture")]
    [InlineData("""{ "mated": 2 }""", "mated: found 2, wanted 0 to 1")]
    [InlineData("""{ "mix": "face=1" }""", "--mix: found 'face=1'")]
    [InlineData("null", "found null")]
    [InlineData("{", "--scenario")]
    public void A_file_with_an_error_is_refused_with_what_is_wrong(string json, string expected)
    {
        Assert.Null(Read(json, out string? error));
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Those_that_come_with_the_program_are_read()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "MatchCluster.sln")))
        {
            folder = folder.Parent;
        }

        DirectoryInfo scenarios = new(Path.Combine(folder!.FullName, "LoadTest", "scenarios"));
        FileInfo[] files = scenarios.GetFiles("*.json");
        Assert.NotEmpty(files);
        Assert.All(files, each => Assert.True(Scenario.TryRead(each, out _, out string? error), error));
    }

    private LoadOptions? Read(string json, params string[] arguments) => Read(json, out _, arguments);

    private LoadOptions? Read(string json, out string? error, params string[] arguments)
    {
        File.WriteAllText(file.FullName, json);
        LoadInputs inputs = new();
        RootCommand command = [];
        inputs.AddTo(command);
        inputs.TryRead(
            command.Parse(["--scenario", file.FullName, .. arguments]), 1, TimeSpan.FromSeconds(1),
            out LoadOptions? options, out error);
        return options;
    }
}
