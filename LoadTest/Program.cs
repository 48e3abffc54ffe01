using System.CommandLine;
using System.CommandLine.Parsing;
using Spectre.Console;

namespace MatchCluster.LoadTest;

internal static class Program
{
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
            return await parsed.InvokeAsync();
        }

        // One line each and not the whole help: what is wrong must not scroll away.
        foreach (ParseError error in parsed.Errors)
        {
            await Console.Error.WriteLineAsync(error.Message);
        }

        return LoadCommand.Misused;
    }
}
