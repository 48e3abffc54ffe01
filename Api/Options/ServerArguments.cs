using System.CommandLine;
using System.Globalization;
using MatchCluster.Api.Http;
using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Http.Images;
using MatchCluster.Api.Http.Outgoing;
using MatchCluster.Api.Osia.Protection;
using MatchCluster.Api.Retention;
using MatchCluster.Grains.Members;
using MatchCluster.Matching;
using MatchCluster.Matching.Audit;
using MatchCluster.Matching.Cases;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Uses;
using MatchCluster.ServiceDefaults.Hosting;

namespace MatchCluster.Api.Options;

/// <summary>The options of the server: what --help says about each, what it may be, and what goes together.</summary>
internal sealed class ServerArguments
{
    private const int MiB = 1024 * 1024;
    private const string FingerWord = "finger";
    private const string IrisWord = "iris";

    private readonly Option<string?> data = Text("--data", "DIR",
        $"Directory that holds the gallery; made if missing. Default: ./{ServerOptions.DefaultData}");

    private readonly Option<string?> urls = Text("--urls", "URLS",
        "Addresses to listen on, separated by ';'. Beyond loopback addresses only with credentials (--jwks, "
            + "--partners) and https. Port 0 takes a free one", ServerOptions.DefaultUrls);

    private readonly Option<string?> hosts = Text("--hosts", "NAMES",
        "Names of this server that callers may use as Host, separated by ';', where a proxy on this machine passes "
            + "them on. localhost and loopback addresses are always taken; anything else is refused");

    private readonly Option<int?> partitions = Number("--partitions", "COUNT", 1, Limits.Partitions,
        $"Partitions of a new gallery, 1..{Limits.Partitions}. Default: one per core. An existing gallery keeps its "
            + "count; another number here is refused");

    private readonly Option<int?> threads = Number("--threads", "COUNT", 0, Limits.ScanThreads,
        "Threads that scan. Default: one per core");

    private readonly Option<int?> memory = Number("--memory", "MIB", 16, 16 * MiB,
        "Memory that the gallery may take, in MiB; what would pass it is refused. Default: "
            + $"{Limits.MemoryShare:0%} of what this process may use", unit: " MiB");

    private readonly Option<int?> patience = Number(
        "--patience", "MS", 1, (int)Limits.LongestDeadline.TotalMilliseconds,
        "Milliseconds of work before a search beyond which it is refused (429 with Retry-After), so that those "
            + "inside are answered soon", (int)ApiLimits.Patience.TotalMilliseconds, " ms");

    private readonly Option<int?> priority = Number("--highest-priority", "LEVEL", 0, Priority.Levels - 1,
        "What a higher priority of a call counts as, 0..9. Anybody may claim 9; where callers do not trust each "
            + "other, 5 or less gives none of them more than those who claim nothing", Priority.Highest.Level);

    private readonly Option<int?> demo = Number("--demo", "PEOPLE", 20, 5_000_000,
        "Fill a temporary gallery with this many synthetic people (default "
            + $"{ServerOptions.DefaultDemoPeople}), ask it two questions, keep serving, delete it at the end",
        unit: " people");

    private readonly Option<string?> modality = Text("--modality", "finger|iris",
        "What the demo's people have: finger, iris, or both where it is left out. Irises alone are small: a million "
            + "people fit in 4 GiB");

    private readonly Option<bool> cluster = new("--cluster")
    {
        Description = "Serve the gallery of a cluster instead of one of its own: partitions are on silos, encounters "
            + "in Redis",
    };

    private readonly Option<string?> calibration = Text("--calibration", "FILE",
        "Finger curves that Benchmarks' 'calibrate installation' made of this installation's own prints. In a cluster "
            + "every member has the same. Default: the committed curves");

    private readonly Option<string?> margin = Text("--calibration-margin", "ERRORS",
        "Standard errors of the calibration that are taken off every finger score, "
            + $"0..{ScoreCalibration.MostMargin}. In a cluster every member has the same. Default: 0, the best "
            + "estimate");

    private readonly Option<string?> imageHosts = Text("--image-hosts", "ORIGINS",
        "Servers that imageRef may name, as https://host:port, separated by ';'. No redirects are followed. Default: "
            + "none, and an imageRef is left out and named");

    private readonly Option<bool> managedImages = new("--managed-images")
    {
        Description = "Read no JPEG and no JPEG 2000, which need a native library; all other pictures are read by "
            + "managed code",
    };

    private readonly Option<string?> keepPictures = Text("--keep-pictures", "GALLERIES",
        "Galleries that keep the pictures their templates were extracted from, encrypted (docs/images.md), separated "
            + "by ','. Wants a master key; with --agreements true policies of galleries say it instead. Default: none");

    private readonly AccessArguments access = new();
    private readonly Option<bool> audit = new("--audit")
    {
        Description = "Record every use in an audit log before it is answered (docs/audit.md): beside the gallery, or "
            + "in the Redis of a cluster, one for all front ends. What cannot be recorded is answered with 503. "
            + "Default: no log",
    };

    private readonly Option<bool?> agreements = new("--agreements")
    {
        HelpName = "true|false",
        Description = "Allow callers only what an agreement with their partner allows: galleries, purposes, "
            + "thresholds, release (docs/governance.md). Wants credentials (--jwks, --partners). Where agreements are "
            + "kept already it must be said: false stops asking for them",
    };

    private readonly Option<string?> referenceKey = Text("--reference-key", "FILE",
        $"File with {PartnerIds.SecretBytes} secret bytes that opaque ids for partners are made with "
            + "(docs/release.md). Front ends of one installation have the same. Default: "
            + $"{SecretFile.ReferenceKeyName} in the data directory, made at first use; with --cluster there is none");

    private readonly Option<string?> receiptKey = Text("--receipt-key", "FILE",
        "Private key (EC P-256, PEM) that receipts of deletions are signed with (docs/retention.md); made if missing, "
            + $"with its public key beside it. Default: {Receipts.SigningName} in the data directory; with --cluster "
            + "there is none, and there are no receipts");

    private readonly Option<int?> caseDays = Number("--case-days", "DAYS", 1, CaseSettings.MostDays,
        "Days that people may decide about the candidates of a search (docs/cases.md); then the case ends undecided "
            + "and its probe is deleted", CaseSettings.DefaultDays, " days");

    private readonly Option<string?> packKey = Text("--pack-key", "FILE",
        "With --cluster. Private key (EC P-256, PEM) that packs of galleries are signed with (docs/packs.md); made if "
            + "missing, with its public key beside it. Front ends have the same. Default: none, and no packs");

    private readonly Option<int?> changesKept = Number("--changes-kept", "COUNT", 0, Limits.ChangesKept,
        "Keep a log of the latest changes of each gallery, for copies elsewhere (docs/feed.md); every silo of a "
            + "cluster has to keep it too. 0 keeps none", 0);

    private readonly Option<string?> checkpoints = Text("--audit-checkpoints", "FILE",
        "File that signed checkpoints of the audit log are added to, at best on another machine's disk. Default: "
            + $"{AuditCheckpointFile.Name} beside the keys of the log. Each front end has a file of its own");

    private readonly Option<int?> auditEvery = Number("--audit-every", "ROWS", 1, 1_000_000,
        "Rows of the audit log between two checkpoints; one is signed at each stop too", AuditSettings.DefaultEvery);

    private readonly Option<string?> auditKey = Text("--audit-key", "FILE",
        "Key of the hashes in the audit log, 32 random bytes; made where there is no log yet. All front ends of a "
            + "cluster have the same. Default: beside the gallery");

    private readonly Option<string?> auditSigning = Text("--audit-signing-key", "FILE",
        "Private key that signs checkpoints of the audit log, PEM; made where there is no log yet. All front ends of a "
            + "cluster have the same. Default: beside the gallery");

    private readonly Option<string?> levels = Text("--service-levels", "FILE",
        "Service levels in place of rapid, criminal, civil and routine (JSON, docs/service-levels.md)");

    private readonly MasterKeyArguments master = new(
        "--master-key", "Encrypt what is stored with keys that this one wraps");

    private readonly MemberCommandLine member = new();
    private readonly PayloadArguments payload = new();
    private readonly CallbackArguments callbacks = new();
    private readonly TaskArguments tasks = new();
    private AccessSettings callers = AccessSettings.None;
    private PayloadSettings? payloads;
    private ServiceLevels served = ServiceLevels.Default;
    private ScoreCalibration scores = ScoreCalibration.Default;

    public ServerArguments()
    {
        demo.Arity = ArgumentArity.ZeroOrOne;
        Command = new RootCommand("MatchCluster: a biometric 1:N matching engine (fingers and irises).")
        {
            data, urls, hosts, partitions, threads, memory, patience, priority, calibration, margin, imageHosts,
            managedImages, keepPictures, audit, agreements, referenceKey, receiptKey, caseDays, changesKept, packKey,
            checkpoints, auditEvery, auditKey, auditSigning, demo, modality, cluster, levels,
        };
        foreach (Option option in (Option[])
            [.. access.All, .. payload.All, .. master.All, .. callbacks.All, .. tasks.All])
        {
            Command.Add(option);
        }

        Command.Add(new TokenCommand().Command);
        Command.Add(PayloadKeysCommand.Make());
        foreach (Option option in member.All)
        {
            option.Description = "With --cluster. " + option.Description;
            Command.Add(option);
        }

        Command.Add(AuditCommand.Make());
        Command.Add(ReceiptCommand.Make());
        foreach (Command command in new PackCommands().All)
        {
            Command.Add(command);
        }

        Command.Add(new KeysCommand().Command);
        foreach (Command command in AgreementCommand.All)
        {
            Command.Add(command);
        }
    }

    public RootCommand Command { get; }

    /// <summary>What is wrong with the arguments first of all; null where they can be read.</summary>
    public string? ProblemOf(ParseResult said) =>
        said.Errors.Count > 0 ? said.Errors[0].Message
        : said.CommandResult.Command != Command ? null
        : said.GetValue(hosts) is { } named && HostNames.Read(named) is null
            ? "--hosts: wanted host names without port"
        : Origins.Read(said.GetValue(imageHosts)) is null
            ? "--image-hosts: wanted addresses without a path, http://host:port or https://host"
        : said.GetResult(demo) is not null && said.GetValue(data) is not null
            ? "--demo uses a temporary directory; leave --data out"
        : said.GetResult(keepPictures) is not null && GalleriesOf(said.GetValue(keepPictures)) is not [_, ..]
            ? "--keep-pictures: found no name, wanted names of galleries, separated by ','"
        : said.GetResult(demo) is not null && FirstOf(said, agreements) is not null
            ? "--demo keeps no agreements: its people belong to no partner; leave --agreements out"
        : said.GetValue(modality) is not (null or FingerWord or IrisWord)
            ? $"--modality: wanted {FingerWord} or {IrisWord}"
        : said.GetValue(modality) is not null && said.GetResult(demo) is null
            ? "--modality is for the people of --demo"
        : said.GetValue(cluster) && said.GetValue(audit)
            && (said.GetValue(auditKey) is null || said.GetValue(auditSigning) is null)
            ? "--audit: with --cluster give --audit-key and --audit-signing-key too, the same files on every front end"
        : (said.GetValue(auditKey) is null) != (said.GetValue(auditSigning) is null)
            ? "--audit-key and --audit-signing-key go together"
        : !said.GetValue(audit) && FirstOf(said, checkpoints, auditEvery, auditKey) is { } unaudited
            ? $"{unaudited} is for an audit log; give --audit true too"
        : said.GetValue(agreements) is not true && FirstOf(said, caseDays) is { } uncased
            ? $"{uncased} is for a server that keeps agreements; give --agreements true too"
        : said.GetValue(cluster) && FirstOf(said, data, partitions, threads, memory, demo) is { } alone
            ? $"{alone} is for a gallery of this process; with --cluster leave it out"
        : !said.GetValue(cluster) && FirstOf(said, [.. member.All, packKey]) is { } clustered
            ? $"{clustered} is for a member of a cluster; give --cluster too"
        : master.ProblemOf(said) ?? CalibrationProblemOf(said) ?? AccessProblemOf(said) ?? AgreementProblemOf(said)
            ?? LevelProblemOf(said) ?? callbacks.ProblemOf(said, said.GetValue(cluster), callers.IsConfigured);

    private string? AgreementProblemOf(ParseResult said) =>
        said.GetValue(agreements) == true && !callers.IsConfigured
            ? "--agreements: found no credentials, wanted --jwks, --development-key or --partners: an agreement is "
                + "with a partner, and nobody says which one calls"
            : null;

    /// <summary>Arguments without a problem, as values.</summary>
    public ServerOptions Read(ParseResult said) => new()
    {
        Data = said.GetValue(data) ?? ServerOptions.DefaultData,
        Urls = said.GetValue(urls)!,
        Hosts = said.GetValue(hosts) is { } names ? HostNames.Read(names)! : HostNames.None,
        Partitions = said.GetValue(partitions),
        Threads = said.GetValue(threads) ?? 0,
        Images = ImageSettings.Default with
        {
            Origins = Origins.Read(said.GetValue(imageHosts))!,
            AllowsNative = !said.GetValue(managedImages),
        },
        Calibration = scores,
        Access = callers,
        Payload = payloads,
        Callbacks = callbacks.Read(said),
        ServiceLevels = served,
        Tasks = tasks.Read(said),
        MasterKey = master.Read(said),
        Audit = said.GetValue(audit)
            ? new AuditSettings(said.GetValue(checkpoints), said.GetValue(auditEvery)!.Value)
            {
                Keys = said.GetValue(auditKey) is { } key
                    ? AuditKeyFiles.Named(key, said.GetValue(auditSigning)!) : null,
            }
            : null,
        KeepsAgreements = said.GetValue(agreements),
        KeepPictures = GalleriesOf(said.GetValue(keepPictures)),
        ReferenceKey = said.GetValue(referenceKey),
        ReceiptKey = said.GetValue(receiptKey),
        CaseDays = said.GetValue(caseDays)!.Value,
        ChangesKept = said.GetValue(changesKept)!.Value,
        PackKey = said.GetValue(packKey),
        Cluster = said.GetValue(cluster) ? Settings(said) : null,
        MemoryBytes = (said.GetValue(memory) ?? 0) * (long)MiB,
        Admission = Admission.Default with
        {
            Patience = TimeSpan.FromMilliseconds(said.GetValue(patience)!.Value),
            HighestPriority = new Priority(said.GetValue(priority)!.Value),
        },
        DemoPeople = said.GetResult(demo) is null ? null : said.GetValue(demo) ?? ServerOptions.DefaultDemoPeople,
        DemoModality = said.GetValue(modality) switch
        {
            FingerWord => Modality.Finger,
            IrisWord => Modality.Iris,
            _ => null,
        },
    };

    private static string[] GalleriesOf(string? list) =>
        (list ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Reads what fingers are scored by, or says what is wrong with it.</summary>
    private string? CalibrationProblemOf(ParseResult said)
    {
        try
        {
            scores = CalibrationSettings.Read(
                said.GetValue(calibration), said.GetValue(margin), MemberKeys.OptionOf);
            return null;
        }
        catch (StartRefusedException wrong)
        {
            return wrong.Message;
        }
    }

    /// <summary>Reads the service levels, or says what is wrong with them.</summary>
    private string? LevelProblemOf(ParseResult said)
    {
        try
        {
            served = said.GetValue(levels) is { } file
                ? new WatchedFile<ServiceLevels>(file, ServiceLevels.Read).Value : ServiceLevels.Default;
            return null;
        }
        catch (InvalidDataException wrong)
        {
            return $"{levels.Name}: {wrong.Message}";
        }
    }

    /// <summary>Reads who may call, or says what is wrong with it.</summary>
    private string? AccessProblemOf(ParseResult said)
    {
        try
        {
            callers = access.Read(said, TimeProvider.System);
            payloads = payload.Read(said, callers.IsConfigured);
        }
        catch (InvalidDataException wrong)
        {
            return wrong.Message;
        }

        return said.GetResult(demo) is not null && callers is { IsConfigured: true, DevelopmentKey: null }
            ? "--demo asks its own server and has no credentials for it; give --development-key, or leave them out"
            : said.GetResult(demo) is not null && (callers.Tls is not null || callers.AllowsInsecureHttp)
            ? "--demo is for this machine alone; leave --tls-cert and --insecure-http out"
            : ListenAddresses.RefusalOf(said.GetValue(urls)!, callers.Listening) is null
                && ListenAddresses.Read(said.GetValue(urls)!, callers.Listening).HasWildcard
                && said.GetValue(hosts) is null
            ? "--hosts: found nothing, wanted the names by which callers reach a wildcard address"
            : null;
    }

    /// <summary>What a member of a cluster is told; the environment says what is not given here.</summary>
    private Dictionary<string, string?> Settings(ParseResult said)
    {
        Dictionary<string, string?> settings = member.Settings(said);
        foreach ((Option<string?> option, string key) in
            new[] { (calibration, MemberKeys.Calibration), (margin, MemberKeys.CalibrationMargin) })
        {
            if (said.GetValue(option) is { } given)
            {
                settings[key] = given;
            }
        }

        return settings;
    }

    private static Option<string?> Text(string name, string help, string description, string? otherwise = null) =>
        new(name)
        {
            HelpName = help,
            Description = description,
            DefaultValueFactory = otherwise is null ? null : _ => otherwise,
        };

    private static Option<int?> Number(
        string name, string help, int least, int most, string description, int? otherwise = null, string unit = "")
    {
        Option<int?> option = new(name)
        {
            HelpName = help,
            Description = description,
            DefaultValueFactory = otherwise is null ? null : _ => otherwise,
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var said]
                && !(int.TryParse(said.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int value)
                    && value >= least && value <= most))
            {
                result.AddError($"{name}: wanted {least}..{most}{unit}");
            }
        });
        return option;
    }

    /// <summary>The first of some options that was given.</summary>
    private static string? FirstOf(ParseResult said, params Option[] options) =>
        options.FirstOrDefault(option => said.GetResult(option) is { Implicit: false })?.Name;
}
