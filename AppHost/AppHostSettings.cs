using System.Globalization;
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

    /// <summary>Of a new gallery; an existing one keeps its count.</summary>
    public required int Partitions { get; init; }

    public required int ApiPort { get; init; }

    /// <summary>Synthetic people that "Seed gallery" enrols.</summary>
    public required int People { get; init; }

    /// <summary>Where a redis-server without a container keeps its files.</summary>
    public required string? Data { get; init; }

    /// <summary>"container", "process", or empty: what is there.</summary>
    public required string Redis { get; init; }

    /// <exception cref="InvalidOperationException">A setting is out of its range; the message names both.</exception>
    public static AppHostSettings Read(IConfiguration configuration)
    {
        int silos = Number(configuration, "Silos", 2, 1, 16);
        string redis = configuration["MatchCluster:Redis"] ?? "";
        return redis is "" or "container" or "process"
            ? new AppHostSettings
            {
                Silos = silos,
                ThreadsPerSilo = Number(
                    configuration, "ThreadsPerSilo", Math.Max(1, Environment.ProcessorCount / silos), 1, 1024),
                Partitions = Number(configuration, "Partitions", 16, 1, 4096),
                ApiPort = Number(configuration, "ApiPort", 5080, 1, 65535),
                People = Number(configuration, "People", 5000, 1, 10_000_000),
                Data = configuration["MatchCluster:Data"],
                Redis = redis,
            }
            : throw new InvalidOperationException(
                $"MatchCluster:Redis: found '{redis}', wanted container, process or nothing");
    }

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
