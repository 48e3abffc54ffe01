using System.CommandLine;
using MatchCluster.Grains.Members;
using MatchCluster.Matching.Scores;
using Microsoft.Extensions.Configuration;

namespace MatchCluster.Silo.Options;

/// <summary>The options of a silo and what --help says about them.</summary>
internal static class CommandLine
{
    /// <summary>Exit code of a start that cannot work as asked.</summary>
    public const int CannotStart = 2;

    /// <summary>
    /// Reads the arguments over the environment and runs the silo; a wrong one is one line on stderr.
    /// </summary>
    public static async Task<int> RunAsync(
        string[] args, TextWriter errors, Func<IConfiguration, CancellationToken, Task<int>> run)
    {
        MemberCommandLine member = new();
        member.Add(MemberKeys.Partitions, "COUNT",
            $"Partitions of a new gallery. Default: {SiloSettings.DefaultPartitions}. An existing gallery keeps its "
                + "count; another number here is refused");
        member.Add(MemberKeys.Threads, "COUNT", "Threads that scan. Default: one per core");
        member.Add(MemberKeys.MemoryMiB, "MIB",
            "MiB that the galleries of this silo may take in memory. Default: three quarters of what there is");
        member.Add(MemberKeys.Urls, "URLS",
            $"Addresses of /health, /alive and /metrics. Default: {SiloSettings.DefaultUrls}; port 0 takes a free one");
        member.Add(MemberKeys.DrainSeconds, "SECONDS",
            "The longest that a stop may take to hand its partitions over; it ends as soon as they are gone, and "
                + "earlier where none makes progress for a minute. Default: "
                + $"{SiloSettings.DefaultDrainSeconds}");
        member.Add(MemberKeys.RequireDurable, "true|false",
            "Refuse a Redis that is not known to keep acked writes through a loss of power");
        member.Add(MemberKeys.MasterKey, "FILE",
            "Encrypt what is stored with keys that this one wraps: a file of 32 bytes, or of their base64, that nobody "
                + "but its owner can read. Every silo has the same key (docs/encryption.md)");
        member.Add(MemberKeys.MasterKeyVariable, "NAME",
            "The environment variable that holds the master key in base64");
        member.Add(MemberKeys.MasterKeyCommand, "COMMAND", "A command that prints the master key");
        member.Add(MemberKeys.ChangesKept, "COUNT",
            "Keep a log of the latest changes of each gallery, for copies elsewhere (docs/feed.md). Every silo and "
                + "front end has the same. Default: 0, none");
        member.Add(MemberKeys.OrleansDashboard, "true|false",
            "Orleans' own dashboard beside /health, for development: it asks nobody who they are. Default: false");

        member.Add(MemberKeys.Calibration, "FILE",
            "Finger curves that Benchmarks' 'calibrate installation' made of this installation's own prints. Every "
                + "member has the same; another one is refused. Default: the committed curves");
        member.Add(MemberKeys.CalibrationMargin, "ERRORS",
            "Standard errors of the calibration that are taken off every finger score, "
                + $"0..{ScoreCalibration.MostMargin}. Every member has the same. Default: 0, the best estimate");

        RootCommand root = new("MatchCluster silo: hosts partitions of a gallery in a cluster.");
        foreach (Option option in member.All)
        {
            root.Add(option);
        }

        root.SetAction((parsed, cancel) => run(
            new ConfigurationBuilder().AddEnvironmentVariables()
                .AddInMemoryCollection(member.Settings(parsed)).Build(),
            cancel));

        ParseResult result = root.Parse(args);
        if (result.Errors.Count > 0)
        {
            await errors.WriteLineAsync(
                $"matchcluster-silo: {result.Errors[0].Message.ReplaceLineEndings(" ")} (--help explains)");
            return CannotStart;
        }

        // The host itself listens to SIGINT and SIGTERM: it hands over and leaves the cluster.
        return await result.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
    }
}
