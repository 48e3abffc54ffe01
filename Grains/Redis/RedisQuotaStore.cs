using MatchCluster.Matching.Quotas;
using StackExchange.Redis;

namespace MatchCluster.Grains.Redis;

/// <summary>
/// The counts of a cluster, in Redis: all front ends take from one count, which Redis itself keeps from passing the
/// quota. A take whose answer was lost is made again, and what the first one gave is lost with it: fewer may be used
/// then, never more.
/// </summary>
public sealed class RedisQuotaStore : IQuotaStore
{
    /// <summary>Days for which a count is kept after its last change, by Redis' clock.</summary>
    private const int DaysKept = 8;

    /// <summary>
    /// KEYS uses of a day. ARGV account, wanted, quota, seconds kept. Answers how many are given.
    /// </summary>
    private const string Take =
        """
        local used = tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or '0')
        local given = math.max(0, math.min(tonumber(ARGV[2]), tonumber(ARGV[3]) - used))
        if given > 0 then
          redis.call('HINCRBY', KEYS[1], ARGV[1], string.format('%d', given))
          redis.call('EXPIRE', KEYS[1], ARGV[4])
        end
        return given
        """;

    /// <summary>KEYS uses of a day. ARGV account, left. What was never taken is not brought back.</summary>
    private const string BringBack =
        """
        local used = tonumber(redis.call('HGET', KEYS[1], ARGV[1]) or '0')
        local back = math.min(used, tonumber(ARGV[2]))
        if back > 0 then redis.call('HINCRBY', KEYS[1], ARGV[1], string.format('-%d', back)) end
        return back
        """;

    private static readonly int SecondsKept = (int)TimeSpan.FromDays(DaysKept).TotalSeconds;

    private readonly RedisSession session;

    /// <param name="redis">Stays the caller's: the store does not close it.</param>
    /// <param name="name">The name of the gallery store.</param>
    /// <param name="options">How long Redis is waited for.</param>
    public RedisQuotaStore(IConnectionMultiplexer redis, string name, RedisStoreOptions options) =>
        session = new RedisSession(redis, new RedisKeys(name), options);

    /// <inheritdoc/>
    public async ValueTask<long> TakeAsync(
        string account, int day, long wanted, long quota, CancellationToken cancel) =>
        (long)await session.RepeatAsync(
            _ => session.RunAsync(
                Take, [session.Keys.Uses(day)], [account, wanted, quota, SecondsKept]),
            cancel);

    /// <inheritdoc/>
    public async ValueTask ReturnAsync(string account, int day, long left, CancellationToken cancel)
    {
        try
        {
            // Once: what is brought back twice would be given twice.
            await session.RunAsync(BringBack, [session.Keys.Uses(day)], [account, left]).WaitAsync(cancel);
        }
        catch (Exception fault) when (RedisFaults.IsOurs(fault))
        {
            throw session.Unusable(fault);
        }
    }
}
