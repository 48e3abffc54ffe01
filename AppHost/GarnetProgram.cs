using System.Runtime.InteropServices;
using Garnet;

namespace MatchCluster.AppHost;

/// <summary>
/// Microsoft.Garnet in a process of its own, for a machine that has neither a container runtime nor redis-server. It is
/// for development only: it is not Redis, its writes are not forced to the disk when the power fails, and the silos
/// cannot ask it how durable it is.
/// </summary>
internal static class GarnetProgram
{
    /// <summary>The first argument of this host's program that starts it.</summary>
    public const string Verb = "garnet";

    /// <summary>
    /// Each write is in the append-only file before it is acked, and is read from there at the next start. Its default
    /// device needs the library libaio, which not every machine has; the device chosen here needs nothing.
    /// </summary>
    private static readonly string[] Durable =
    [
        "--bind", "127.0.0.1", "--lua", "--lua-transaction-mode",
        "--aof", "--aof-commit-wait", "--aof-commit-freq", "0", "--recover", "--device-type", "RandomAccess", "-q",
    ];

    /// <summary>
    /// The command line that serves a port and keeps everything in a folder. With a storage tier what exceeds the
    /// memory goes to the disk; without one Garnet is a cache and drops it.
    /// </summary>
    public static string[] Arguments(string folder) =>
        [.. Durable, "--storage-tier", "--logdir", folder, "--checkpointdir", folder];

    /// <summary>Serves until SIGTERM or Ctrl+C.</summary>
    /// <param name="arguments">Garnet's own command line.</param>
    /// <returns>The exit code of the process.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        void End(PosixSignalContext signal)
        {
            signal.Cancel = true;
            ended.TrySetResult();
        }

        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using GarnetServer server = new(arguments);
        server.Start();
        Console.WriteLine(
            $"Garnet {typeof(GarnetServer).Assembly.GetName().Version?.ToString(3)} serves the protocol of Redis. "
            + "It is for development only: use Redis 7 for data that matter.");
        await ended.Task;
        Console.WriteLine("Garnet stops.");
        return 0;
    }
}
