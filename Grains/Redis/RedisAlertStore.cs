using MatchCluster.Matching.Subscriptions;
using StackExchange.Redis;

namespace MatchCluster.Grains.Redis;

/// <summary>The alerts of a cluster, in Redis: every front end raises and reads them.</summary>
public sealed class RedisAlertStore : IAlertStore
{
    /// <summary>KEYS names, order, last, owners, body. ARGV owner, id, time, body. Answers number, newness.</summary>
    private const string Add =
        """
        local earlier = redis.call('HGET', KEYS[1], ARGV[2])
        if earlier then return {tonumber(earlier), 0} end
        local number = redis.call('HINCRBY', KEYS[3], ARGV[1], 1)
        redis.call('HSET', KEYS[1], ARGV[2], number)
        redis.call('ZADD', KEYS[2], number, ARGV[2])
        redis.call('SADD', KEYS[4], ARGV[1])
        redis.call('HSET', KEYS[5], ARGV[2] .. ':at', ARGV[3], ARGV[2] .. ':body', ARGV[4])
        return {number, 1}
        """;

    /// <summary>KEYS order, contents. ARGV after, most. Answers number, id, time, seen, body of each.</summary>
    private const string Read =
        """
        local found = redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. ARGV[1], '+inf', 'WITHSCORES', 'LIMIT', 0, ARGV[2])
        local out = {}
        for i = 1, #found, 2 do
          local id = found[i]
          local c = redis.call('HMGET', KEYS[2], id .. ':at', id .. ':seen', id .. ':body')
          out[#out + 1] = found[i + 1]
          out[#out + 1] = id
          out[#out + 1] = c[1]
          out[#out + 1] = c[2] or ''
          out[#out + 1] = c[3]
        end
        return out
        """;

    /// <summary>KEYS names, contents. ARGV id, time.</summary>
    private const string See =
        """
        if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return 0 end
        redis.call('HSETNX', KEYS[2], ARGV[1] .. ':seen', ARGV[2])
        return 1
        """;

    /// <summary>
    /// KEYS names, order, contents. ARGV time, most. Alerts are in the order in which they were raised: it ends at the
    /// first that is not old.
    /// </summary>
    private const string Purge =
        """
        local purged = 0
        for _, id in ipairs(redis.call('ZRANGE', KEYS[2], 0, ARGV[2] - 1)) do
          if tonumber(redis.call('HGET', KEYS[3], id .. ':at')) >= tonumber(ARGV[1]) then break end
          redis.call('ZREM', KEYS[2], id)
          redis.call('HDEL', KEYS[1], id)
          redis.call('HDEL', KEYS[3], id .. ':at', id .. ':seen', id .. ':body')
          purged = purged + 1
        end
        return purged
        """;

    private readonly RedisSession session;

    /// <param name="redis">Stays the caller's: the store does not close it.</param>
    /// <param name="name">The name of the gallery store.</param>
    /// <param name="options">How long Redis is waited for.</param>
    public RedisAlertStore(IConnectionMultiplexer redis, string name, RedisStoreOptions options) =>
        session = new RedisSession(redis, new RedisKeys(name), options);

    /// <inheritdoc/>
    public async ValueTask<AlertPut> AddAsync(
        string owner, string id, ReadOnlyMemory<byte> body, DateTimeOffset now, CancellationToken cancel)
    {
        RedisKey[] keys =
        [
            Of("names", owner), Of("order", owner), session.Keys.Alerts("last"), session.Keys.Alerts("owners"),
            Of("contents", owner),
        ];
        RedisResult[] answer = (RedisResult[])(await RunAsync(
            Add, keys, [owner, id, now.ToUnixTimeMilliseconds(), body], cancel))!;
        return new AlertPut((long)answer[0], (int)answer[1] == 1);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Alert>> ReadAsync(
        string owner, long after, int most, CancellationToken cancel)
    {
        RedisResult[] rows = (RedisResult[])(await RunAsync(
            Read, [Of("order", owner), Of("contents", owner)], [after, most], cancel))!;
        return
        [
            .. rows.Chunk(5).Select(row => new Alert(
                (long)row[0], (string)row[1]!, DateTimeOffset.FromUnixTimeMilliseconds((long)row[2]),
                ((string)row[3]!).Length == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds((long)row[3]),
                (byte[])row[4]!)),
        ];
    }

    /// <inheritdoc/>
    public async ValueTask<bool> SeenAsync(
        string owner, string id, DateTimeOffset now, CancellationToken cancel) => (int)await RunAsync(
        See, [Of("names", owner), Of("contents", owner)], [id, now.ToUnixTimeMilliseconds()], cancel) == 1;

    /// <inheritdoc/>
    public async ValueTask<int> PurgeAsync(DateTimeOffset before, int most, CancellationToken cancel)
    {
        RedisValue[] owners = await session.RepeatAsync(
            database => database.SetMembersAsync(session.Keys.Alerts("owners"), CommandFlags.DemandMaster), cancel);
        int purged = 0;
        foreach (string? owner in owners)
        {
            if (purged < most)
            {
                purged += (int)await RunAsync(
                    Purge, [Of("names", owner!), Of("order", owner!), Of("contents", owner!)],
                    [before.ToUnixTimeMilliseconds(), most - purged], cancel);
            }
        }

        return purged;
    }

    private RedisKey Of(string what, string owner) => session.Keys.Alerts($"{what}:{owner}");

    private Task<RedisResult> RunAsync(
        string script, RedisKey[] keys, RedisValue[] arguments, CancellationToken cancel) =>
        session.RepeatAsync(_ => session.RunAsync(script, keys, arguments), cancel);
}
