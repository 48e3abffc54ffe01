using MatchCluster.Matching.Model;
using StackExchange.Redis;

namespace MatchCluster.Grains.Redis;

/// <summary>Redis' error codes as sentences for the operator (the first word of an error reply).</summary>
internal static class RedisFaults
{
    /// <summary>
    /// Whether it left the connection without an answer: what was sent may have been done, or may be done
    /// yet.
    /// </summary>
    public static bool LeavesDoubt(Exception fault) =>
        fault is RedisConnectionException or RedisTimeoutException && !WasNeverSent(fault);

    /// <summary>Waited for a connection until its time was up.</summary>
    public static bool WasNeverSent(Exception fault) => fault switch
    {
        RedisConnectionException connection => connection.CommandStatus == CommandStatus.WaitingInBacklog,
        RedisTimeoutException timeout => timeout.Commandstatus == CommandStatus.WaitingInBacklog,
        _ => false,
    };

    /// <summary>
    /// Whether the append's script itself met it at its first write, after the look at what was written
    /// before.
    /// </summary>
    public static bool WasMetByScript(RedisServerException fault) =>
        CodeOf(fault) is "OOM" or "MISCONF" or "NOREPLICAS";

    /// <summary>Whether the server refused it for a moment: it starts, or its cluster changes.</summary>
    public static bool PassesBy(Exception fault) => fault is RedisServerException server
        && CodeOf(server) is "LOADING" or "BUSY" or "TRYAGAIN" or "CLUSTERDOWN" or "MASTERDOWN";

    public static bool IsFull(RedisServerException fault) => CodeOf(fault) == "OOM";

    public static bool IsOurs(Exception fault) => fault is RedisException or RedisTimeoutException;

    public static Outage OutageOf(Exception fault) => fault switch
    {
        RedisServerException server => OfServer(server),
        RedisTimeoutException => new("Redis did not answer in time", true),
        RedisConnectionException connection => new(
            $"Redis cannot be reached ({connection.FailureType}); start it or check the address", true),
        _ => new($"Redis: {fault.Message}", false),
    };

    private static Outage OfServer(RedisServerException fault) => CodeOf(fault) switch
    {
        "OOM" => new("Redis is full (maxmemory, noeviction); give it memory or delete", true),
        "READONLY" => new("this Redis is a read-only replica; a failover may be under way", true),
        "LOADING" => new("Redis is loading its data", true),
        "MISCONF" => new("Redis cannot write its files; free its disk", true),
        "NOREPLICAS" => new("Redis has too few replicas in reach (min-replicas-to-write)", true),
        "BUSY" => new("Redis is busy with a script", true),
        "CLUSTERDOWN" or "MASTERDOWN" or "TRYAGAIN" => new(
            $"the Redis cluster is not whole: {fault.Message}", true),
        "NOAUTH" or "WRONGPASS" or "NOPERM" => new($"Redis refuses this user: {fault.Message}", false),
        "WRONGTYPE" => new(
            "the gallery's keys in Redis were overwritten by something else; restore a backup", false),
        _ => new($"Redis: {fault.Message}", false),
    };

    private static string CodeOf(RedisServerException fault)
    {
        int end = fault.Message.IndexOf(' ', StringComparison.Ordinal);
        return end < 0 ? fault.Message : fault.Message[..end];
    }
}
