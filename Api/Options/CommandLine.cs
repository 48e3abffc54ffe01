using System.CommandLine;
using System.Globalization;
using MatchCluster.Api.Http;
using MatchCluster.Grains.Members;
using MatchCluster.Matching;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;
using MatchCluster.ServiceDefaults.Hosting;

namespace MatchCluster.Api.Options;

/// <summary>The options of the server and what --help says about them.</summary>
internal static class CommandLine
{
    /// <summary>Exit code of a start that cannot work as asked.</summary>
    public const int CannotStart = 2;

    private const int MostThreads = 1024;
    private const long MiB = 1024 * 1024;
    private const int FewestMemoryMiB = 16;
    private const int MostMemoryMiB = 16 * 1024 * 1024;
    private static readonly int MostPatienceMs = (int)Limits.LongestDeadline.TotalMilliseconds;
    private const int FewestDemoPeople = 20;
    private const int MostDemoPeople = 5_000_000;
    private const string FingerWord = "finger";
    private const string IrisWord = "iris";

    /// <summary>
    /// Reads the arguments and runs the server; an argument that is wrong is one line on stderr.
    /// </summary>
    public static async Task<int> RunAsync(
        string[] args, TextWriter errors, Func<ServerOptions, CancellationToken, Task<int>> run)
    {
        Option<string?> data = new("--data")
        {
            Description = $"Directory that holds the gallery; made if missing. Default: ./{ServerOptions.DefaultData}",
            HelpName = "DIR",
        };
        Option<string> urls = new("--urls")
        {
            Description = "Addresses to listen on, separated by ';'. Only loopback addresses: there are no credentials "
                + "to check yet. Port 0 takes a free one",
            HelpName = "URLS",
            DefaultValueFactory = _ => ServerOptions.DefaultUrls,
        };
        Option<string?> hosts = new("--hosts")
        {
            Description = "Names of this server that callers may use as Host, separated by ';', where a proxy on this "
                + "machine passes them on. localhost and loopback addresses are always taken; anything else is refused",
            HelpName = "NAMES",
        };
        Option<int?> partitions = new("--partitions")
        {
            Description = $"Partitions of a new gallery, 1..{Limits.Partitions}. Default: one per core. An existing "
                + "gallery keeps its count; another number here is refused",
            HelpName = "COUNT",
        };
        Option<int> threads = new("--threads")
        {
            Description = "Threads that scan. Default: one per core",
            HelpName = "COUNT",
        };
        Option<long?> memory = new("--memory")
        {
            Description = "Memory that the gallery may take, in MiB; what would pass it is refused. Default: "
                + $"{Limits.MemoryShare:0%} of what this process may use",
            HelpName = "MIB",
        };
        Option<int> patience = new("--patience")
        {
            Description = "Milliseconds of work before a search beyond which it is refused (429 with Retry-After), "
                + "so that those inside are answered soon",
            HelpName = "MS",
            DefaultValueFactory = _ => (int)ApiLimits.Patience.TotalMilliseconds,
        };
        Option<int> priority = new("--highest-priority")
        {
            Description = "What a higher priority of a call counts as, 0..9. Anybody may claim 9; where callers do not "
                + "trust each other, 5 or less gives none of them more than those who claim nothing",
            HelpName = "LEVEL",
            DefaultValueFactory = _ => Priority.Highest.Level,
        };
        Option<string?> calibration = new("--calibration")
        {
            Description = "Finger curves that Benchmarks' 'calibrate installation' made of this installation's own "
                + "prints. In a cluster every member has the same. Default: the committed curves",
            HelpName = "FILE",
        };
        Option<string?> margin = new("--calibration-margin")
        {
            Description = "Standard errors of the calibration that are taken off every finger score, "
                + $"0..{ScoreCalibration.MostMargin}. In a cluster every member has the same. Default: 0, the best "
                + "estimate",
            HelpName = "ERRORS",
        };
        Option<int?> demo = new("--demo")
        {
            Description = "Fill a temporary gallery with this many synthetic people (default "
                + $"{ServerOptions.DefaultDemoPeople}), ask it two questions, keep serving, delete it at the end",
            HelpName = "PEOPLE",
            Arity = ArgumentArity.ZeroOrOne,
        };

        Option<string?> modality = new("--modality")
        {
            Description = "What the demo's people have: finger, iris, or both where it is left out. Irises alone are "
                + "small: a million people fit in 4 GiB",
            HelpName = "finger|iris",
        };
        Option<bool> cluster = new("--cluster")
        {
            Description = "Serve the gallery of a cluster instead of one of its own: partitions are on silos, "
                + "encounters in Redis",
        };
        MemberCommandLine member = new();

        RootCommand root = new("MatchCluster: a biometric 1:N matching engine (fingers and irises).")
        {
            data, urls, hosts, partitions, threads, memory, patience, priority, calibration, margin, demo, modality,
            cluster,
        };
        foreach (Option option in member.All)
        {
            option.Description = "With --cluster. " + option.Description;
            root.Add(option);
        }

        ScoreCalibration scores = ScoreCalibration.Default;
        root.SetAction((parsed, cancel) => run(
            new ServerOptions
            {
                Data = parsed.GetValue(data) ?? ServerOptions.DefaultData,
                Urls = parsed.GetValue(urls)!,
                Hosts = parsed.GetValue(hosts) is { } names ? HostNames.Read(names)! : HostNames.None,
                Partitions = parsed.GetValue(partitions),
                Threads = parsed.GetValue(threads),
                Calibration = scores,
                Cluster = parsed.GetValue(cluster)
                    ? Settings(member, parsed, parsed.GetValue(calibration), parsed.GetValue(margin)) : null,
                MemoryBytes = (parsed.GetValue(memory) ?? 0) * MiB,
                Admission = Admission.Default with
                {
                    Patience = TimeSpan.FromMilliseconds(parsed.GetValue(patience)),
                    HighestPriority = new Priority(parsed.GetValue(priority)),
                },
                DemoPeople = parsed.GetResult(demo) is null
                    ? null : parsed.GetValue(demo) ?? ServerOptions.DefaultDemoPeople,
                DemoModality = parsed.GetValue(modality) switch
                {
                    FingerWord => Modality.Finger,
                    IrisWord => Modality.Iris,
                    _ => null,
                },
            },
            cancel));

        ParseResult result = root.Parse(args);
        string? problem = result.Errors.Count > 0 ? result.Errors[0].Message
            : result.GetValue(hosts) is { } named && HostNames.Read(named) is null
                ? "--hosts: wanted host names without port"
            : result.GetValue(partitions) is < 1 or > Limits.Partitions ? $"--partitions: wanted 1..{Limits.Partitions}"
            : result.GetValue(threads) is < 0 or > MostThreads ? $"--threads: wanted 0..{MostThreads}"
            : result.GetValue(memory) is < FewestMemoryMiB or > MostMemoryMiB
                ? $"--memory: wanted {FewestMemoryMiB}..{MostMemoryMiB} MiB"
            : result.GetValue(patience) < 1 || result.GetValue(patience) > MostPatienceMs
                ? $"--patience: wanted 1..{MostPatienceMs} ms"
            : result.GetValue(priority) is < 0 or >= Priority.Levels
                ? $"--highest-priority: wanted 0..{Priority.Levels - 1}"
            : result.GetValue(demo) is < FewestDemoPeople or > MostDemoPeople
                ? $"--demo: wanted {FewestDemoPeople}..{MostDemoPeople} people"
            : result.GetResult(demo) is not null && result.GetValue(data) is not null
                ? "--demo uses a temporary directory; leave --data out"
            : result.GetValue(modality) is not (null or FingerWord or IrisWord)
                ? $"--modality: wanted {FingerWord} or {IrisWord}"
            : result.GetValue(modality) is not null && result.GetResult(demo) is null
                ? "--modality is for the people of --demo"
            : result.GetValue(cluster) && Alone(result, data, partitions, threads, memory, demo) is { } alone
                ? $"{alone} is for a gallery of this process; with --cluster leave it out"
            : !result.GetValue(cluster) && Alone(result, [.. member.All]) is { } clustered
                ? $"{clustered} is for a member of a cluster; give --cluster too"
            : CalibrationOf(result.GetValue(calibration), result.GetValue(margin), ref scores);
        if (problem is not null)
        {
            await errors.WriteLineAsync($"matchcluster: {problem.ReplaceLineEndings(" ")} (--help explains)");
            return CannotStart;
        }

        // The host itself listens to SIGINT and SIGTERM: it stops accepting, ends what runs and closes the
        // store.
        return await result.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
    }

    /// <summary>Reads what fingers are scored by, or says what is wrong with it.</summary>
    private static string? CalibrationOf(string? file, string? margin, ref ScoreCalibration scores)
    {
        double errors = 0;
        if (margin is not null
            && !(double.TryParse(margin, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out errors)
                && errors <= ScoreCalibration.MostMargin))
        {
            return $"--calibration-margin: found '{margin}', wanted 0 to {ScoreCalibration.MostMargin} standard errors";
        }

        try
        {
            scores = ScoreCalibration.Load(file, errors);
            return null;
        }
        catch (Exception wrong) when (wrong is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return $"--calibration: {wrong.Message}";
        }
    }

    /// <summary>What a member of a cluster is told; the environment says what is not given here.</summary>
    private static Dictionary<string, string?> Settings(
        MemberCommandLine member, ParseResult parsed, string? calibration, string? margin)
    {
        Dictionary<string, string?> settings = member.Settings(parsed);
        if (calibration is not null)
        {
            settings[MemberKeys.Calibration] = calibration;
        }

        if (margin is not null)
        {
            settings[MemberKeys.CalibrationMargin] = margin;
        }

        return settings;
    }

    /// <summary>The first of some options that was given.</summary>
    private static string? Alone(ParseResult result, params Option[] options) =>
        options.FirstOrDefault(option => result.GetResult(option) is { Implicit: false })?.Name;
}
