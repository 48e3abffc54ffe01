namespace MatchCluster.Grains.Members;

/// <summary>
/// Where a member's settings are looked for: Orleans' own keys, as an Aspire host writes them into the environment
/// (<c>Orleans__ClusterId</c> and so on), and ours beside them. Some are options of the command line too.
/// </summary>
public static class MemberKeys
{
    public const string Name = "Orleans:Name";
    public const string ClusterId = "Orleans:ClusterId";
    public const string ServiceId = "Orleans:ServiceId";
    public const string Address = "Orleans:Endpoints:AdvertisedIPAddress";
    public const string SiloPort = "Orleans:Endpoints:SiloPort";
    public const string GatewayPort = "Orleans:Endpoints:GatewayPort";
    public const string ClusteringProvider = "Orleans:Clustering:ProviderType";
    public const string ClusteringService = "Orleans:Clustering:ServiceKey";

    /// <summary>
    /// Calls between members go on with the trace of their caller. Aspire sets this too: asked for in code as well, it
    /// would make two spans of each call.
    /// </summary>
    public const string Tracing = "Orleans:EnableDistributedTracing";

    /// <summary>
    /// Where grains are is kept in Redis: a directory spread over the silos forgets a part of itself when one of them
    /// stops, and a partition that is not found is opened, and loaded, a second time.
    /// </summary>
    public const string DirectoryProvider = "Orleans:GrainDirectory:default:ProviderType";

    public const string DirectoryService = "Orleans:GrainDirectory:default:ServiceKey";

    /// <summary>Redis as StackExchange.Redis writes it; stands before the connection string of Aspire's.</summary>
    public const string Redis = "MatchCluster:Redis";

    /// <summary>Name of the gallery store.</summary>
    public const string Store = "MatchCluster:Store";

    /// <summary>A file of finger curves; every member has the same.</summary>
    public const string Calibration = "MatchCluster:Calibration";

    /// <summary>Standard errors that are taken off finger scores; every member has the same.</summary>
    public const string CalibrationMargin = "MatchCluster:CalibrationMargin";

    /// <summary>A file that holds the master key; every silo has the same key.</summary>
    public const string MasterKey = "MatchCluster:MasterKey";

    /// <summary>Name of the environment variable that holds it.</summary>
    public const string MasterKeyVariable = "MatchCluster:MasterKeyVariable";

    /// <summary>A command that prints it.</summary>
    public const string MasterKeyCommand = "MatchCluster:MasterKeyCommand";

    public const string Partitions = "MatchCluster:Partitions";
    public const string Threads = "MatchCluster:Threads";
    public const string MemoryMiB = "MatchCluster:MemoryMiB";
    public const string DrainSeconds = "MatchCluster:DrainSeconds";
    public const string RequireDurable = "MatchCluster:RequireDurable";
    public const string ChangesKept = "MatchCluster:ChangesKept";
    public const string OrleansDashboard = "MatchCluster:OrleansDashboard";

    /// <summary>ASP.NET Core's own.</summary>
    public const string Urls = "ASPNETCORE_URLS";

    /// <summary>What a container calls itself; of a StatefulSet's pod the same at every start.</summary>
    public const string HostName = "HOSTNAME";

    /// <summary>The grain storage of the catalogue.</summary>
    public const string CatalogueStorage = "catalogue";

    private static readonly Dictionary<string, string> Options = new()
    {
        [Redis] = "--redis",
        [Name] = "--name",
        [ClusterId] = "--cluster-id",
        [Store] = "--store",
        [Calibration] = "--calibration",
        [CalibrationMargin] = "--calibration-margin",
        [MasterKey] = "--master-key",
        [MasterKeyVariable] = "--master-key-env",
        [MasterKeyCommand] = "--master-key-command",
        [Address] = "--address",
        [SiloPort] = "--port",
        [Partitions] = "--partitions",
        [Threads] = "--threads",
        [MemoryMiB] = "--memory",
        [DrainSeconds] = "--drain-seconds",
        [RequireDurable] = "--require-durable",
        [ChangesKept] = "--changes-kept",
        [OrleansDashboard] = "--orleans-dashboard",
        [Urls] = "--urls",
    };

    /// <summary>The option that says a setting on the command line.</summary>
    public static string OptionOf(string key) => Options[key];

    /// <summary>A setting as people know it: its option, where it has one, and its key.</summary>
    public static string Label(string key) =>
        Options.TryGetValue(key, out string? option) ? $"{option} ({key})" : key;

    public static string StorageProvider(string storage) => $"Orleans:GrainStorage:{storage}:ProviderType";

    public static string StorageService(string storage) => $"Orleans:GrainStorage:{storage}:ServiceKey";
}
