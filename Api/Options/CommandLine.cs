using System.CommandLine;
using MatchCluster.Matching.Starting;

namespace MatchCluster.Api.Options;

/// <summary>How the server is started from a command line.</summary>
internal static class CommandLine
{
    /// <summary>Exit code of a start that cannot work as asked.</summary>
    public const int CannotStart = 2;

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
