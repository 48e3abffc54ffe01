using System.CommandLine;
using MatchCluster.Matching.Starting;

namespace MatchCluster.Api.Options;

/// <summary>How the server is started from a command line.</summary>
internal static class CommandLine
{
    /// <summary>Exit code of a start that cannot work as asked.</summary>
    public const int CannotStart = 2;

    /// <summary>A command with its arguments and options, in this order.</summary>
    public static Command Made(string name, string description, IEnumerable<Symbol> parts)
    {
        Command made = new(name, description);
        foreach (Symbol part in parts)
        {
            if (part is Argument argument)
            {
                made.Arguments.Add(argument);
            }
            else
            {
                made.Options.Add((Option)part);
            }
        }

        return made;
    }

    /// <summary>
    /// Reads the arguments and runs the server; an argument that is wrong is one line on stderr.
    /// </summary>
    public static async Task<int> RunAsync(
        string[] args, TextWriter errors, Func<ServerOptions, CancellationToken, Task<int>> run)
    {
        ServerArguments arguments = new();
        arguments.Command.SetAction((said, cancel) => run(
            arguments.Read(said) with
            {
                SelfSearch = given => SelfSearch.RunAsync(SelfSearchSettings.Default, given),
            },
            cancel));
        ParseResult result = arguments.Command.Parse(args);
        if (arguments.ProblemOf(result) is { } problem)
        {
            await errors.WriteLineAsync($"matchcluster: {problem.ReplaceLineEndings(" ")} (--help explains)");
            return CannotStart;
        }

        // The host itself listens to SIGINT and SIGTERM: it stops accepting, ends what runs and closes the
        // store.
        return await result.InvokeAsync(new InvocationConfiguration
        {
            ProcessTerminationTimeout = null,
            Error = errors,
        });
    }
}
