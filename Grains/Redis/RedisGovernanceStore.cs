using System.Globalization;
using System.Text;
using MatchCluster.Matching.Governance;
using MatchCluster.Matching.Storage;
using StackExchange.Redis;

namespace MatchCluster.Grains.Redis;

/// <summary>
/// The documents of a cluster. Redis itself is the judge of versions: no member keeps a copy that another one does not
/// see, and a write that was answered is as durable as the server's append-only file makes it.
/// </summary>
/// <remarks>
/// A grain with this state would be one more hop, and could be active twice for a moment; what both of them would ask
/// is here.
/// </remarks>
public sealed class RedisGovernanceStore : IGovernanceStore
{
    private const char Separator = ':';

    /// <summary>
    /// KEYS stamps, documents, versions. ARGV kind, key, version, content. Answers 1 where the version was written,
    /// also by an earlier call of the same content, and 0 where another one has it or it is not the next.
    /// </summary>
    private const string Write =
        """
        local held = redis.call('HGET', KEYS[2], ARGV[2])
        local last = held and tonumber(string.match(held, '^(%d+):')) or 0
        local version = tonumber(ARGV[3])
        local field = ARGV[3] .. ':' .. ARGV[2]
        if last >= version then
          return redis.call('HGET', KEYS[3], field) == ARGV[4] and 1 or 0
        end
        if last ~= version - 1 then return 0 end
        redis.call('HSET', KEYS[3], field, ARGV[4])
        redis.call('HSET', KEYS[2], ARGV[2], ARGV[3] .. ':' .. ARGV[4])
        redis.call('HINCRBY', KEYS[1], ARGV[1], 1)
        return 1
        """;

    private readonly RedisSession session;

    /// <param name="redis">Stays the caller's: the store does not close it.</param>
    /// <param name="name">The name of the gallery store.</param>
    /// <param name="options">How long Redis is waited for.</param>
    public RedisGovernanceStore(IConnectionMultiplexer redis, string name, RedisStoreOptions options)
    {
        session = new RedisSession(redis, new RedisKeys(name), options);
    }

    public async ValueTask<long> StampAsync(string kind, CancellationToken cancel)
    {
        RedisValue count = await session.RepeatAsync(
            database => database.HashGetAsync(session.Keys.Stamps, kind, CommandFlags.DemandMaster), cancel);
        return count.IsNull ? 0 : (long)count;
    }

    public async ValueTask<IReadOnlyList<GovernanceDocument>> ReadAllAsync(string kind, CancellationToken cancel)
    {
        HashEntry[] entries = await session.RepeatAsync(
            database => database.HashGetAllAsync(session.Keys.Documents(kind), CommandFlags.DemandMaster), cancel);
        return
        [
            .. entries.Select(entry => Read(kind, (string)entry.Name!, entry.Value))
                .OrderBy(document => document.Key, StringComparer.Ordinal),
        ];
    }

    public async ValueTask<GovernanceDocument?> ReadAsync(string kind, string key, CancellationToken cancel)
    {
        RedisValue held = await session.RepeatAsync(
            database => database.HashGetAsync(session.Keys.Documents(kind), key, CommandFlags.DemandMaster), cancel);
        return held.IsNull ? null : Read(kind, key, held);
    }

    public async ValueTask<IReadOnlyList<GovernanceDocument>> ReadVersionsAsync(
        string kind, string key, CancellationToken cancel)
    {
        if (await ReadAsync(kind, key, cancel) is not { } last)
        {
            return [];
        }

        RedisValue[] fields =
            [.. Enumerable.Range(1, checked((int)last.Version)).Select(version => (RedisValue)Field(key, version))];
        RedisValue[] contents = await session.RepeatAsync(
            database => database.HashGetAsync(session.Keys.Versions(kind), fields, CommandFlags.DemandMaster), cancel);
        return
        [
            .. contents.Select((content, i) => content.IsNull
                ? throw new StoreException($"{session.Keys}: version {i + 1} of the {kind} {key} is missing")
                : new GovernanceDocument(kind, key, i + 1, (byte[])content!)),
        ];
    }

    public async ValueTask<bool> WriteAsync(GovernanceDocument document, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(document);
        RedisKey[] keys =
            [session.Keys.Stamps, session.Keys.Documents(document.Kind), session.Keys.Versions(document.Kind)];
        RedisValue[] arguments = [document.Kind, document.Key, document.Version, document.Json];
        RedisResult written = await session.RepeatAsync(_ => session.RunAsync(Write, keys, arguments), cancel);
        return (int)written == 1;
    }

    private static string Field(string key, long version) =>
        version.ToString(CultureInfo.InvariantCulture) + Separator + key;

    private GovernanceDocument Read(string kind, string key, RedisValue held)
    {
        byte[] bytes = held!;
        int end = Array.IndexOf(bytes, (byte)Separator);
        return end > 0 && long.TryParse(
            Encoding.ASCII.GetString(bytes, 0, end), NumberStyles.None, CultureInfo.InvariantCulture, out long version)
            ? new GovernanceDocument(kind, key, version, bytes.AsMemory(end + 1))
            : throw new StoreException($"{session.Keys}: the {kind} {key} has no version");
    }
}
