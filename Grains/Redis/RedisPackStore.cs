using MatchCluster.Matching.Packs;
using StackExchange.Redis;

namespace MatchCluster.Grains.Redis;

/// <summary>The packs of a cluster, in Redis: every front end takes the reports of a copy, each hit once.</summary>
public sealed class RedisPackStore : IPackStore
{
    /// <summary>KEYS ids, hits. ARGV pairs of id and hit. Answers how many were new.</summary>
    private const string AddHits =
        """
        local added = 0
        for i = 1, #ARGV, 2 do
          if redis.call('SADD', KEYS[1], ARGV[i]) == 1 then
            redis.call('RPUSH', KEYS[2], ARGV[i] .. ' ' .. ARGV[i + 1])
            added = added + 1
          end
        end
        return added
        """;

    private readonly RedisSession session;

    /// <param name="redis">Stays the caller's: the store does not close it.</param>
    /// <param name="name">The name of the gallery store.</param>
    /// <param name="options">How long Redis is waited for.</param>
    public RedisPackStore(IConnectionMultiplexer redis, string name, RedisStoreOptions options) =>
        session = new RedisSession(redis, new RedisKeys(name), options);

    /// <inheritdoc/>
    public async ValueTask AddAsync(IssuedPack pack, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(pack);
        await session.RepeatAsync(
            database => database.HashSetAsync(session.Keys.Packs, pack.PackId, IssuedPackCodec.Encode(pack)), cancel);
    }

    /// <inheritdoc/>
    public async ValueTask<IssuedPack?> FindAsync(string packId, CancellationToken cancel)
    {
        RedisValue stored = await session.RepeatAsync(
            database => database.HashGetAsync(session.Keys.Packs, packId, CommandFlags.DemandMaster), cancel);
        return stored.IsNull ? null : IssuedPackCodec.Decode((byte[])stored!);
    }

    /// <inheritdoc/>
    public async ValueTask<int> AddHitsAsync(
        string packId, IReadOnlyList<PackHit> hits, CancellationToken cancel)
    {
        RedisKey[] keys = [session.Keys.PackHitIds(packId), session.Keys.PackHits(packId)];
        RedisValue[] arguments = [.. hits.SelectMany(hit => new RedisValue[] { hit.HitId, hit.Json })];
        return (int)await session.RepeatAsync(_ => session.RunAsync(AddHits, keys, arguments), cancel);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<PackHit>> ReadHitsAsync(
        string packId, long after, int most, CancellationToken cancel)
    {
        RedisValue[] stored = await session.RepeatAsync(
            database => database.ListRangeAsync(
                session.Keys.PackHits(packId), after, after + most - 1, CommandFlags.DemandMaster),
            cancel);
        return [.. stored.Select(Read)];
    }

    private static PackHit Read(RedisValue stored)
    {
        byte[] bytes = stored!;
        int end = Array.IndexOf(bytes, (byte)' ');
        return new PackHit(System.Text.Encoding.UTF8.GetString(bytes, 0, end), bytes.AsMemory(end + 1));
    }
}
