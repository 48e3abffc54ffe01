using System.Globalization;
using System.Net;
using MatchCluster.Matching;
using MatchCluster.Matching.Scores;
using Microsoft.Extensions.Configuration;
using StackExchange.Redis;

namespace MatchCluster.Grains.Members;

/// <summary>How a process takes part in a cluster, read and checked before anything is started.</summary>
public sealed record MemberOptions
{
    public const string DefaultCluster = "matchcluster";
    public const string DefaultStore = "gallery";
    public const int DefaultSiloPort = 11111;

    private const string RedisProvider = "Redis";

    /// <summary>
    /// The silo's name, equal at every start: partitions are placed by it.
    /// </summary>
    public required string Name { get; init; }

    public required ConfigurationOptions Redis { get; init; }

    /// <summary>The key under which Orleans finds the connection among the services.</summary>
    public required string RedisService { get; init; }

    /// <summary>The cluster's id: all members of one cluster have it.</summary>
    public required string ClusterId { get; init; }

    /// <summary>The name of the grains' state in Redis; it outlives the cluster.</summary>
    public required string ServiceId { get; init; }

    /// <summary>Where other members reach this one, and where it listens. Loopback unless it is set.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>Port for other members; 0 takes a free one.</summary>
    public required int SiloPort { get; init; }

    /// <summary>Port for clients outside of the cluster; 0 for none: ours are members.</summary>
    public required int GatewayPort { get; init; }

    /// <summary>Name of the gallery store in Redis.</summary>
    public required string Store { get; init; }

    /// <summary>What fingers are scored by.</summary>
    public required ScoreCalibration Calibration { get; init; }

    /// <param name="settings">Command line over environment, by <see cref="MemberKeys"/>.</param>
    /// <param name="defaultName">Where no name is set; null demands one.</param>
    /// <exception cref="StartRefusedException">A setting is missing or wrong.</exception>
    public static MemberOptions Read(IConfiguration settings, string? defaultName)
    {
        ArgumentNullException.ThrowIfNull(settings);
        CheckProvider(settings, MemberKeys.ClusteringProvider);
        CheckProvider(settings, MemberKeys.StorageProvider(MemberKeys.CatalogueStorage));
        string service = settings[MemberKeys.ClusteringService] is { Length: > 0 } key ? key : "redis";
        string cluster = Identifier(settings, MemberKeys.ClusterId, DefaultCluster);
        return new MemberOptions
        {
            Name = NameOf(settings, defaultName),
            Redis = RedisOf(settings, service),
            RedisService = service,
            ClusterId = cluster,
            ServiceId = Identifier(settings, MemberKeys.ServiceId, cluster),
            Address = AddressOf(settings),
            SiloPort = Port(settings, MemberKeys.SiloPort, DefaultSiloPort),
            GatewayPort = Port(settings, MemberKeys.GatewayPort, 0),
            Store = Identifier(settings, MemberKeys.Store, DefaultStore),
            Calibration = CalibrationOf(settings),
        };
    }

    /// <summary>A whole number within its limits.</summary>
    /// <exception cref="StartRefusedException">It is none.</exception>
    public static int? Number(IConfiguration settings, string key, int least, int most)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings[key] is not { Length: > 0 } text)
        {
            return null;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number >= least && number <= most
            ? number
            : throw new StartRefusedException($"{MemberKeys.Label(key)}: found '{text}', wanted {least}..{most}");
    }

    private static ScoreCalibration CalibrationOf(IConfiguration settings) => CalibrationSettings.Read(
        settings[MemberKeys.Calibration],
        settings[MemberKeys.CalibrationMargin] is { Length: > 0 } margin ? margin : null,
        MemberKeys.Label);

    private static string NameOf(IConfiguration settings, string? defaultName)
    {
        if (settings[MemberKeys.Name] is { Length: > 0 })
        {
            return Identifier(settings, MemberKeys.Name, "");
        }

        if (defaultName is not null)
        {
            return defaultName;
        }

        return settings[MemberKeys.HostName] is { Length: > 0 }
            ? Identifier(settings, MemberKeys.HostName, "")
            : throw new StartRefusedException(
                $"no name: give every silo one of its own and the same at every start (--name silo-1, or "
                + $"{MemberKeys.Name}); partitions are placed by it");
    }

    private static ConfigurationOptions RedisOf(IConfiguration settings, string service)
    {
        string? text = settings[MemberKeys.Redis] is { Length: > 0 } direct
            ? direct : settings.GetConnectionString(service);
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new StartRefusedException(
                $"no Redis: say where it is (--redis 127.0.0.1:6379, or ConnectionStrings:{service})");
        }

        return RedisAt(text);
    }

    /// <summary>Redis as StackExchange.Redis writes it.</summary>
    /// <exception cref="StartRefusedException">The text is none.</exception>
    public static ConfigurationOptions RedisAt(string text)
    {
        try
        {
            ConfigurationOptions redis = ConfigurationOptions.Parse(text);
            return redis.EndPoints.Count > 0 ? redis
                : throw new StartRefusedException("--redis: found no address, wanted HOST:PORT");
        }
        catch (ArgumentException wrong)
        {
            // The text may hold a password: only what StackExchange.Redis says of it is repeated.
            string said = wrong.Message.Split(" (Parameter")[0];
            throw new StartRefusedException($"--redis: {said}", wrong);
        }
    }

    private static IPAddress AddressOf(IConfiguration settings)
    {
        if (settings[MemberKeys.Address] is not { Length: > 0 } text)
        {
            return IPAddress.Loopback;
        }

        bool isOne = IPAddress.TryParse(text, out IPAddress? address)
            && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any);
        return isOne ? address!
            : throw new StartRefusedException(
                $"{MemberKeys.Label(MemberKeys.Address)}: found '{text}', wanted the IP address that others"
                + " reach");
    }

    private static int Port(IConfiguration settings, string key, int otherwise) =>
        Number(settings, key, 0, IPEndPoint.MaxPort) ?? otherwise;

    private static string Identifier(IConfiguration settings, string key, string otherwise)
    {
        string text = settings[key] is { Length: > 0 } set ? set : otherwise;
        bool isOne = text.Length <= Limits.IdBytes / 2
            && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
        return isOne ? text
            : throw new StartRefusedException(
                $"{MemberKeys.Label(key)}: found '{text}', wanted 1 to {Limits.IdBytes / 2} letters, digits,"
                + " '-', '_' and '.'");
    }

    private static void CheckProvider(IConfiguration settings, string key)
    {
        if (settings[key] is { Length: > 0 } provider
            && !provider.Equals(RedisProvider, StringComparison.OrdinalIgnoreCase))
        {
            throw new StartRefusedException($"{key}: found '{provider}', wanted {RedisProvider}");
        }
    }
}
