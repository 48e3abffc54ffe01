namespace MatchCluster.Silo.Options;

/// <summary>Settings of a silo beside those of every member.</summary>
internal static class SiloKeys
{
    public const string Partitions = "MatchCluster:Partitions";
    public const string Threads = "MatchCluster:Threads";
    public const string MemoryMiB = "MatchCluster:MemoryMiB";
    public const string DrainSeconds = "MatchCluster:DrainSeconds";
    public const string RequireDurable = "MatchCluster:RequireDurable";
    public const string Urls = "ASPNETCORE_URLS";
}
