using System.Buffers.Binary;
using MatchCluster.Matching.Cases;
using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Storage;
using StackExchange.Redis;

namespace MatchCluster.Grains.Redis;

/// <summary>
/// The probes of a cluster's cases, which every front end reads: a key for each case, with the time of its end (8
/// bytes, milliseconds of Unix time) before its bytes. Redis deletes it then by itself.
/// </summary>
/// <remarks>
/// What is deleted is still in the append-only file until Redis rewrites that; where the cluster is encrypted it is
/// useless without the key of its gallery.
/// </remarks>
public sealed class RedisCaseSamples : ICaseSamples
{
    private readonly RedisSession session;
    private readonly ProbeCodec codec;

    /// <param name="redis">Stays the caller's: the store does not close it.</param>
    /// <param name="name">The name of the gallery store.</param>
    /// <param name="options">How long Redis is waited for.</param>
    /// <param name="keys">Keys of the galleries, which probes are sealed with; null keeps them in the clear.</param>
    public RedisCaseSamples(IConnectionMultiplexer redis, string name, RedisStoreOptions options, KeyRing? keys)
    {
        session = new RedisSession(redis, new RedisKeys(name), options);
        codec = new ProbeCodec(keys, session.Keys.ToString());
    }

    /// <inheritdoc/>
    public async ValueTask PutAsync(
        string caseId, string gallery, IReadOnlyList<Sample> samples, DateTimeOffset expires,
        CancellationToken cancel)
    {
        await codec.PrepareAsync(gallery, cancel);
        byte[] probe = codec.Encode(caseId, gallery, samples);
        long end = expires.ToUnixTimeMilliseconds();
        byte[] value = new byte[sizeof(long) + probe.Length];
        BinaryPrimitives.WriteInt64LittleEndian(value, end);
        probe.CopyTo(value.AsSpan(sizeof(long)));

        // One command: a key without an end would be kept for ever.
        await session.RepeatAsync(
            database => database.ExecuteAsync("SET", session.Keys.Probe(caseId), value, "PXAT", end), cancel);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Sample>?> ReadAsync(
        string caseId, DateTimeOffset now, CancellationToken cancel)
    {
        RedisValue held = await session.RepeatAsync(
            database => database.StringGetAsync(session.Keys.Probe(caseId), CommandFlags.DemandMaster), cancel);
        if (held.IsNull)
        {
            return null;
        }

        byte[] value = held!;
        return value.Length <= sizeof(long)
            ? throw new StoreException($"{session.Keys}: found {value.Length} bytes of a probe, wanted more")
            : now.ToUnixTimeMilliseconds() >= BinaryPrimitives.ReadInt64LittleEndian(value) ? null
            : await codec.DecodeAsync(caseId, value[sizeof(long)..], cancel);
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(string caseId, CancellationToken cancel) =>
        await session.RepeatAsync(database => database.KeyDeleteAsync(session.Keys.Probe(caseId)), cancel);

    /// <summary>Redis has deleted them.</summary>
    public ValueTask<int> PurgeAsync(DateTimeOffset now, CancellationToken cancel) => ValueTask.FromResult(0);
}
