using System.CommandLine;
using MatchCluster.LoadTest.Commands;
using MatchCluster.LoadTest.Workload;

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
    [InlineData("""{ "priority": 10 }""", "priority: found 10, wanted 0 to 9")]
    [InlineData("""{ "partners": [] }""", "partners: found 0, wanted 1 to 32")]
    [InlineData("""{ "partners": [null] }""", "partners[0]: found null")]
    [InlineData("""{ "partners": [{ "share": 1 }] }""", "partners[0].name: found nothing")]
    [InlineData("""{ "partners": [{ "name": "a" }] }""", "partners[0].share: found nothing")]
    [InlineData("""{ "partners": [{ "name": "a", "share": 0 }] }""", "partners[0].share: found 0, wanted more")]
    [InlineData("""{ "partners": [{ "name": "a", "share": 0.5 }] }""", "shares that add up to 0.5, wanted 1")]
    [InlineData(
        """{ "partners": [{ "name": "a", "share": 0.5 }, { "name": "A", "share": 0.5 }] }""", "found 'A' twice", true)]
    [InlineData(
        """{ "partners": [{ "name": "a", "share": 1, "priority": -1 }] }""", "partners[0].priority: found -1")]
    [InlineData(
        """{ "partners": [{ "name": "a", "share": 1, "mix": "face=1" }] }""", "partners[0].mix: found 'face=1'")]
    [InlineData("""{ "partners": [{ "name": "a", "share": 1, "mated": 2 }] }""", "partners[0].mated: found 2")]
    [InlineData("""{ "partners": [{ "name": "a", "share": 1, "fingers": 0 }] }""", "partners[0].fingers: found 0")]
    [InlineData("""{ "partners": [{ "name": "a", "share": 1, "rate": 3 }] }""", "rate")]
    [InlineData(
        """{ "partners": [{ "name": "a", "share": 1, "headers": { "Host": "x" } }] }""", "found 'Host', wanted none")]
    [InlineData(
        """{ "partners": [{ "name": "a", "share": 1, "headers": { "a b": "x" } }] }""", "found the name 'a b'")]
    [InlineData("null", "found null")]
    [InlineData("{", "--scenario")]
    public void A_file_with_an_error_is_refused_with_what_is_wrong(
        string json, string expected, bool anyCase = false)
    {
        Assert.Null(Read(json, out string? error));
        Assert.Contains(
            expected, error, anyCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
    }

    [Fact]
    public void A_partner_has_what_it_says_and_else_what_the_scenario_says()
    {
        LoadOptions options = Read(
            """
            { "mix": "iris=1", "mated": 0.25, "priority": 3, "partners": [
              { "name": "border", "share": 0.33, "priority": 9, "mix": "finger=1", "fingers": 1, "mated": 1,
                "deadlineMs": 20000, "headers": { "Authorization": "Bearer secret" } },
              { "name": "cleaning", "share": 0.66 }] }
            """)!;
        Partner border = options.Callers[0];
        Partner cleaning = options.Callers[1];
        Assert.Equal((9, 1.0, 1, "Bearer secret"), (
            border.Priority, border.Mated, border.Fingers, border.Headers["Authorization"]));
        Assert.Equal((3, 0.25, 2), (cleaning.Priority, cleaning.Mated, cleaning.Fingers));
        Assert.Equal(1, border.Share + cleaning.Share, 1e-9);
        Assert.Equal([RequestKind.Finger, RequestKind.Iris], options.Kinds);
        Assert.Equal(20, options.LongestDeadline.TotalSeconds);
    }

    [Fact]
    public void The_value_of_a_header_is_never_repeated()
    {
        foreach (string value in (string[])["\"secret\\nX: y\"", "[\"secret\"]", "\"secret\u00e9\""])
        {
            string json = $$$"""
                { "partners": [{ "name": "a", "share": 1, "headers": { "Authorization": {{{value}}} } }] }
                """;
            Assert.Null(Read(json, out string? error));
            Assert.Contains("headers", error, StringComparison.Ordinal);
            Assert.DoesNotContain("secret", error, StringComparison.Ordinal);
        }
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
