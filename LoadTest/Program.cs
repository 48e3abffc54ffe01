using System.CommandLine;
using System.CommandLine.Parsing;
using MatchCluster.LoadTest.Commands;
using Spectre.Console;

namespace MatchCluster.LoadTest;

internal static class Program
{
    private static readonly TimeSpan ReportTime = TimeSpan.FromSeconds(30);

    private static async Task<int> Main(string[] args)
    {
        IAnsiConsole console = AnsiConsole.Console;
        if (Console.IsOutputRedirected)
        {
            // A redirected table must not be folded at 80 columns.
            console.Profile.Width = 200;
        }

        ParseResult parsed = LoadCommand.Create(console).Parse(args);
        if (parsed.Errors.Count == 0)
        {
            // A run that is stopped still writes its report: the library's own 2 seconds may be too few for
            // that.
            return await parsed.InvokeAsync(
                new InvocationConfiguration { ProcessTerminationTimeout = ReportTime });
        }

        // One line each and not the whole help: what is wrong must not scroll away.
        foreach (ParseError error in parsed.Errors)
        {
            await Console.Error.WriteLineAsync(error.Message);
        }

        return LoadCommand.Misused;
    }
}
