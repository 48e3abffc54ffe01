using MatchCluster.Benchmarks.Slaps;
using Spectre.Console;

namespace MatchCluster.Api.Tests.Benchmarks;

/// <summary>Folders that the command for slaps would leave empty are refused.</summary>
public sealed class SlapsCommandTests
{
    [Theory]
    [InlineData("--out RECORDS")]
    [InlineData("--in . --out RECORDS --draw DRAWINGS")]
    [InlineData("--in .")]
    public async Task A_folder_that_the_run_would_not_fill_is_refused(string arguments)
    {
        using StringWriter said = new();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(said) });

        int code = await SlapsCommand.Create(console).Parse(arguments).InvokeAsync();

        Assert.Equal(2, code);
        Assert.Empty(said.ToString());
    }
}
