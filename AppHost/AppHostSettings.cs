using System.Globalization;
using MatchCluster.Matching;
using Microsoft.Extensions.Configuration;

namespace MatchCluster.AppHost;

/// <summary>
/// How large the cluster of this machine is: <c>--MatchCluster:Silos=2</c> on the command line, or
/// <c>MatchCluster__Silos</c> in the environment.
/// </summary>
internal sealed record AppHostSettings
{
    public required int Silos { get; init; }

    /// <summary>Threads that scan, of each silo. Together they are no more than the cores.</summary>
    public required int ThreadsPerSilo { get; init; }

    /// <summary>Partitions of a new gallery; an existing one keeps its count.</summary>
    public required int Partitions { get; init; }

    public required int ApiPort { get; init; }

    /// <summary>Synthetic people that the commands offer to enrol and to search for.</summary>
    public required int People { get; init; }

    /// <summary>Folder of the reports, and of Redis' files where it runs without a container.</summary>
    public required string Data { get; init; }

    /// <summary>"container", "process" (redis-server from the PATH), "garnet", or empty: what is there.</summary>
    public required string Redis { get; init; }

    /// <summary>A folder below <see cref="Data"/>; it is made where it is missing.</summary>
    public string Folder(string name) => Private(Path.Combine(Data, name));

    /// <param name="configuration">The command line and the environment.</param>
    /// <param name="home">The folder of this project: the data stay there unless a setting says otherwise.</param>
    /// <exception cref="InvalidOperationException">A setting is out of its range; the message names both.</exception>
    public static AppHostSettings Read(IConfiguration configuration, string home)
    {
        int silos = Number(configuration, "Silos", 2, 1, 16);
        string redis = configuration["MatchCluster:Redis"] ?? "";
        string data = configuration["MatchCluster:Data"] is { Length: > 0 } said ? said : Path.Combine(home, "data");
        return redis is "" or "container" or "process" or "garnet"
            ? new AppHostSettings
            {
                Silos = silos,
                ThreadsPerSilo = Number(
                    configuration, "ThreadsPerSilo", Math.Max(1, Environment.ProcessorCount / silos),
                    1, Limits.ScanThreads),
                Partitions = Number(configuration, "Partitions", 16, 1, Limits.Partitions),
                ApiPort = Number(configuration, "ApiPort", 5080, 1, 65535),
                People = Number(configuration, "People", 5000, 1, 10_000_000),
                Data = Private(data),
                Redis = redis,
            }
            : throw new InvalidOperationException(
                $"MatchCluster:Redis: found '{redis}', wanted container, process, garnet or nothing");
    }

    /// <summary>
    /// Redis keeps biometric data there: a folder that is made is its user's alone, as the embedded server's is.
    /// </summary>
    private static string Private(string folder) => OperatingSystem.IsWindows()
        ? Directory.CreateDirectory(folder).FullName
        : Directory.CreateDirectory(
            folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;

    private static int Number(IConfiguration configuration, string name, int otherwise, int least, int most)
    {
        string? text = configuration[$"MatchCluster:{name}"];
        if (string.IsNullOrEmpty(text))
        {
            return otherwise;
        }

        return int.TryParse(text, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most
            ? value
            : throw new InvalidOperationException($"MatchCluster:{name}: found '{text}', wanted {least}..{most}");
    }
}
