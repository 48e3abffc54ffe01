using MatchCluster.Grains.Members;
using MatchCluster.Matching;
using MatchCluster.Matching.Keys;
using MatchCluster.ServiceDefaults.Hosting;
using Microsoft.Extensions.Configuration;

namespace MatchCluster.Silo.Options;

/// <summary>What a silo is told, checked.</summary>
internal sealed record SiloSettings
{
    public const int DefaultPartitions = 64;
    public const int DefaultDrainSeconds = 1800;
    public const string DefaultUrls = "http://127.0.0.1:5081";

    private const int MostDrainSeconds = 3600;

    public required MemberOptions Member { get; init; }

    /// <summary>Partitions of a new gallery; null takes what the gallery has, or the default.</summary>
    public int? Partitions { get; init; }

    /// <summary>Threads that scan; 0 takes one per core.</summary>
    public int Threads { get; init; }

    /// <summary>MiB that galleries may take in memory; 0 takes three quarters of what there is.</summary>
    public int MemoryMiB { get; init; }

    public TimeSpan DrainWithin { get; init; }

    public bool RequireDurable { get; init; }

    /// <summary>Where the master key comes from; null stores in the clear.</summary>
    public MasterKeySource? MasterKey { get; init; }

    /// <summary>Changes that the log of each gallery keeps; 0 keeps no logs.</summary>
    public int ChangesKept { get; init; }

    /// <summary>Orleans' own dashboard is served.</summary>
    public bool OrleansDashboard { get; init; }

    public required string Urls { get; init; }

    /// <exception cref="StartRefusedException">A setting is missing or wrong.</exception>
    public static SiloSettings Read(IConfiguration settings)
    {
        string urls = settings[MemberKeys.Urls] is { Length: > 0 } set ? set : DefaultUrls;
        if (ListenAddresses.RefusalOf(urls) is { } refusal)
        {
            throw new StartRefusedException(refusal);
        }

        return new SiloSettings
        {
            Member = MemberOptions.Read(settings, defaultName: null),
            Partitions = MemberOptions.Number(settings, MemberKeys.Partitions, 1, Limits.Partitions),
            Threads = MemberOptions.Number(settings, MemberKeys.Threads, 0, Limits.ScanThreads) ?? 0,
            MemoryMiB = MemberOptions.Number(settings, MemberKeys.MemoryMiB, 1, int.MaxValue) ?? 0,
            DrainWithin = TimeSpan.FromSeconds(
                MemberOptions.Number(settings, MemberKeys.DrainSeconds, 1, MostDrainSeconds) ?? DefaultDrainSeconds),
            RequireDurable = Flag(settings, MemberKeys.RequireDurable),
            MasterKey = MasterKeyOf(settings),
            ChangesKept = MemberOptions.Number(settings, MemberKeys.ChangesKept, 0, Limits.ChangesKept) ?? 0,
            OrleansDashboard = Flag(settings, MemberKeys.OrleansDashboard),
            Urls = urls,
        };
    }

    private static MasterKeySource? MasterKeyOf(IConfiguration settings)
    {
        MasterKeySource[] sources =
        [
            .. From(MemberKeys.MasterKey, MasterKeySource.OfFile),
            .. From(MemberKeys.MasterKeyVariable, MasterKeySource.OfVariable),
            .. From(MemberKeys.MasterKeyCommand, MasterKeySource.OfCommand),
        ];
        return sources.Length <= 1 ? sources.FirstOrDefault()
            : throw new StartRefusedException(
                $"{MemberKeys.Label(MemberKeys.MasterKey)}: found {sources.Length} sources of the key, wanted one");

        IEnumerable<MasterKeySource> From(string key, Func<string, MasterKeySource> make) =>
            settings[key] is { Length: > 0 } text ? [make(text)] : [];
    }

    private static bool Flag(IConfiguration settings, string key) => settings[key] switch
    {
        null or "" => false,
        { } text when bool.TryParse(text, out bool flag) => flag,
        { } text => throw new StartRefusedException($"{MemberKeys.Label(key)}: found '{text}', wanted true or false"),
    };
}
