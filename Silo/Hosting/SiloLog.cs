using Microsoft.Extensions.Logging;

namespace MatchCluster.Silo.Hosting;

/// <summary>Every line the silo logs. No ids of persons, no templates.</summary>
internal static partial class SiloLog
{
    [LoggerMessage(1, LogLevel.Information, "Silo {Name} answers /health, /alive and /metrics on {Urls}")]
    public static partial void Listening(this ILogger log, string name, string urls);

    [LoggerMessage(2, LogLevel.Information, "Redis loads its data; waiting for it")]
    public static partial void RedisLoads(this ILogger log);

    [LoggerMessage(3, LogLevel.Information, "Store {Store} has {Partitions} partitions; Redis: {Durability}")]
    public static partial void StoreOpened(this ILogger log, string store, int partitions, string durability);

    [LoggerMessage(4, LogLevel.Information, "Joined cluster {Cluster}")]
    public static partial void Joined(this ILogger log, string cluster);

    [LoggerMessage(5, LogLevel.Information, "{Standing}")]
    public static partial void Stands(this ILogger log, string standing);

    [LoggerMessage(6, LogLevel.Information, "stopping: hands over what runs, for {Seconds} s at most")]
    public static partial void Stopping(this ILogger log, double seconds);

    [LoggerMessage(7, LogLevel.Information, "stopped")]
    public static partial void Stopped(this ILogger log);

    [LoggerMessage(8, LogLevel.Error, "partition {Partition} failed: {Reason}")]
    public static partial void PartitionFailed(this ILogger log, int partition, string reason);

    [LoggerMessage(9, LogLevel.Error, "the partitions could not be looked at; it is tried again")]
    public static partial void LookFailed(this ILogger log, Exception failed);

    [LoggerMessage(12, LogLevel.Warning, "what has expired is not erased yet, it cannot be noted: {Reason}")]
    public static partial void ErasureWaits(this ILogger log, string reason);

    [LoggerMessage(13, LogLevel.Information,
        "{Searches} searches whose answers are known were answered rightly in {Seconds:F1} s")]
    public static partial void SelfSearched(this ILogger log, int searches, double seconds);

    [LoggerMessage(10, LogLevel.Information, "samples are stored encrypted under master key {MasterKey}")]
    private static partial void StoresEncrypted(this ILogger log, string masterKey);

    [LoggerMessage(11, LogLevel.Information,
        "samples are stored in the clear: no master key is given (--master-key)")]
    private static partial void StoresInTheClear(this ILogger log);

    /// <param name="log">The log.</param>
    /// <param name="masterKey">Id of the master key; null where there is none.</param>
    public static void StoresSealed(this ILogger log, string? masterKey)
    {
        if (masterKey is null)
        {
            log.StoresInTheClear();
        }
        else
        {
            log.StoresEncrypted(masterKey);
        }
    }
}
