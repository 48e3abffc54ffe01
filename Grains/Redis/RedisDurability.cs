using MatchCluster.Matching.Storage;
using StackExchange.Redis;

namespace MatchCluster.Grains.Redis;

/// <summary>What a Redis server says about its files and memory.</summary>
/// <param name="AppendOnly">"yes" or "no"; null where it may not be asked (CONFIG GET).</param>
/// <param name="Fsync">"always", "everysec" or "no"; null where it may not be asked.</param>
/// <param name="MaxMemory">Bytes, 0 without a limit; null where it may not be asked.</param>
/// <param name="Policy">What it does at that limit.</param>
internal sealed record RedisDurability(string? AppendOnly, string? Fsync, long? MaxMemory, string? Policy)
{
    /// <summary>
    /// With <c>always</c> Redis answers after the sync of its append-only file: an ack survives loss of
    /// power.
    /// </summary>
    public bool KeepsAcks => AppendOnly == "yes" && Fsync == "always";

    /// <summary>Keys of ours carry no expiry, so that the volatile policies leave them alone.</summary>
    public bool Evicts => MaxMemory > 0 && Policy?.StartsWith("allkeys", StringComparison.Ordinal) == true;

    private static RedisDurability Unknown => new(null, null, null, null);

    public override string ToString() => (AppendOnly, Fsync) switch
    {
        (null, _) => "unknown files: this connection may not ask (allowAdmin, CONFIG GET)",
        ("yes", "always") => "append-only file, fsync always: an acked append survives loss of power",
        ("yes", "everysec") => "append-only file, fsync everysec: loss of power, and on a slow disk also the end of "
            + "the Redis process, may take what was acked in the last two seconds",
        ("yes", null) =>
            "append-only file, fsync unknown: this connection may not ask (allowAdmin, CONFIG GET)",
        ("yes", _) => $"append-only file, fsync {Fsync}: an acked append survives the end of the Redis "
            + "process; loss of power takes what the system had not written",
        _ => "no append-only file: what was acked behind the last snapshot is lost when Redis ends",
    };

    /// <summary>Asks every primary and reports the one that keeps least.</summary>
    /// <exception cref="StoreException">None is connected, one evicts keys, or one does not keep what is
    /// required.</exception>
    public static async Task<RedisDurability> CheckAsync(
        RedisSession session, bool requireAof, CancellationToken cancel)
    {
        RedisDurability? weakest = null;
        foreach (IServer server in session.Primaries)
        {
            RedisDurability found = await AskAsync(session, server, cancel);
            if (found.Evicts)
            {
                throw new StoreException(
                    $"{session.Keys}: server {server.EndPoint} deletes keys at {found.MaxMemory} bytes "
                    + $"(maxmemory-policy {found.Policy}), wanted noeviction");
            }

            if (requireAof && !found.KeepsAcks)
            {
                throw new StoreException(
                    $"{session.Keys}: server {server.EndPoint} has {found}; "
                    + "wanted appendonly yes and appendfsync always");
            }

            weakest = weakest is null || !found.KeepsAcks ? found : weakest;
        }

        return weakest
            ?? throw new StoreException($"{session.Keys}: no Redis primary is connected; start it");
    }

    private static async Task<RedisDurability> AskAsync(
        RedisSession session, IServer server, CancellationToken cancel)
    {
        try
        {
            return await ConfigAsync(server, cancel) ?? await InfoAsync(server, cancel) ?? Unknown;
        }
        catch (Exception fault) when (RedisFaults.IsOurs(fault))
        {
            throw session.Unusable(fault);
        }
    }

    private static async Task<RedisDurability?> ConfigAsync(IServer server, CancellationToken cancel)
    {
        try
        {
            Dictionary<string, RedisResult> files = await ConfigAsync(server, "append*", cancel);
            Dictionary<string, RedisResult> memory = await ConfigAsync(server, "maxmemory*", cancel);
            return new RedisDurability(
                (string?)files.GetValueOrDefault("appendonly"),
                (string?)files.GetValueOrDefault("appendfsync"),
                (long?)memory.GetValueOrDefault("maxmemory"),
                (string?)memory.GetValueOrDefault("maxmemory-policy"));
        }
        catch (Exception refused) when (refused is RedisServerException or RedisCommandException)
        {
            return null;
        }
    }

    private static async Task<Dictionary<string, RedisResult>> ConfigAsync(
        IServer server, string pattern, CancellationToken cancel) =>
        (await server.ExecuteAsync("CONFIG", "GET", pattern).WaitAsync(cancel)).ToDictionary();

    /// <summary>
    /// What a connection learns that may not see the configuration: all but the sync. By a script, because
    /// the client library keeps INFO for administrators.
    /// </summary>
    private static async Task<RedisDurability?> InfoAsync(IServer server, CancellationToken cancel)
    {
        try
        {
            RedisResult info = await server.ExecuteAsync(0, "EVAL", ["return redis.call('INFO')", 0])
                .WaitAsync(cancel);
            string[] lines = ((string?)info ?? "").Split("\r\n");
            return new RedisDurability(
                Value(lines, "aof_enabled:") switch { "1" => "yes", "0" => "no", _ => null },
                null,
                long.TryParse(Value(lines, "maxmemory:"), out long bytes) ? bytes : null,
                Value(lines, "maxmemory_policy:"));
        }
        catch (RedisServerException)
        {
            return null;
        }
    }

    private static string? Value(string[] lines, string name) =>
        lines.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?[name.Length..];
}
