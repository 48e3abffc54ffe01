namespace MatchCluster.Grains.Members;

/// <summary>
/// Where a member's settings are looked for: Orleans' own keys, as an Aspire host writes them into the environment
/// (<c>Orleans__ClusterId</c> and so on), and ours beside them.
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
    /// Where grains are is kept in Redis: a directory spread over the silos forgets a part of itself when one of them
    /// stops, and a partition that is not found is opened, and loaded, a second time.
    /// </summary>
    public const string DirectoryProvider = "Orleans:GrainDirectory:default:ProviderType";

    public const string DirectoryService = "Orleans:GrainDirectory:default:ServiceKey";

    /// <summary>Redis as StackExchange.Redis writes it; stands before the connection string of Aspire's.</summary>
    public const string Redis = "MatchCluster:Redis";

    /// <summary>Name of the gallery store.</summary>
    public const string Store = "MatchCluster:Store";

    /// <summary>A container's name for itself. That of a StatefulSet's pod is equal at every start.</summary>
    public const string HostName = "HOSTNAME";

    /// <summary>The grain storage of the catalogue.</summary>
    public const string CatalogueStorage = "catalogue";

    /// <summary>A setting as people know it: its option, where it has one, and its key.</summary>
    public static string Label(string key) => key switch
    {
        Name => $"--name ({key})",
        ClusterId => $"--cluster-id ({key})",
        Address => $"--address ({key})",
        SiloPort => $"--port ({key})",
        Redis => $"--redis ({key})",
        Store => $"--store ({key})",
        "MatchCluster:Partitions" => $"--partitions ({key})",
        "MatchCluster:MemoryMiB" => $"--memory ({key})",
        "MatchCluster:Threads" => $"--threads ({key})",
        _ => key,
    };

    public static string StorageProvider(string storage) => $"Orleans:GrainStorage:{storage}:ProviderType";

    public static string StorageService(string storage) => $"Orleans:GrainStorage:{storage}:ServiceKey";
}
