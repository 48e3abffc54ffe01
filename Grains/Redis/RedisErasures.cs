using System.Text.Json;
using System.Text.Json.Serialization;
using MatchCluster.Matching.Audit;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Storage;
using StackExchange.Redis;

namespace MatchCluster.Grains.Redis;

/// <summary>
/// What silos erase because it has expired, noted in Redis before it is erased, until a front end has written it into
/// the audit log. A cluster whose front ends keep no such log notes nothing.
/// </summary>
public sealed class RedisErasures : IErasureOutbox
{
    /// <summary>
    /// Notes that wait at most; then nothing is erased before a front end takes some. A note is some KB.
    /// </summary>
    public const int MostWaiting = 10_000;

    /// <summary>Encounters of one note, which becomes one row.</summary>
    private const int EncountersPerNote = 100;

    /// <summary>How long notes are of whoever took them.</summary>
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    /// <summary>
    /// KEYS whether notes are wanted, notes. ARGV notes at most, then the new ones. Answers 0 where there is no room. A
    /// call that is repeated finds its last note in its place.
    /// </summary>
    private const string Note =
        """
        if redis.call('EXISTS', KEYS[1]) == 0 then return 1 end
        if redis.call('LINDEX', KEYS[2], -1) == ARGV[#ARGV] then return 1 end
        if redis.call('LLEN', KEYS[2]) + #ARGV - 1 > tonumber(ARGV[1]) then return 0 end
        for i = 2, #ARGV do redis.call('RPUSH', KEYS[2], ARGV[i]) end
        return 1
        """;

    /// <summary>KEYS notes, who has them. ARGV who asks, milliseconds, notes at most. Answers the oldest.</summary>
    private const string Take =
        """
        local holder = redis.call('GET', KEYS[2])
        if holder and holder ~= ARGV[1] then return {} end
        local notes = redis.call('LRANGE', KEYS[1], 0, ARGV[3] - 1)
        if #notes > 0 then redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2]) end
        return notes
        """;

    /// <summary>KEYS notes, who has them. ARGV who asks, how many go, the last of them.</summary>
    private const string Remove =
        """
        if redis.call('LINDEX', KEYS[1], ARGV[2] - 1) == ARGV[3] then
          redis.call('LTRIM', KEYS[1], ARGV[2], -1)
        end
        if redis.call('GET', KEYS[2]) == ARGV[1] then redis.call('DEL', KEYS[2]) end
        return 1
        """;

    private readonly RedisSession session;
    private readonly TimeProvider clock;
    private readonly string self = Guid.NewGuid().ToString("N");
    private readonly RedisKey wanted;
    private readonly RedisKey notes;
    private readonly RedisKey holder;

    /// <param name="redis">Stays the caller's.</param>
    /// <param name="name">The name of the gallery store.</param>
    /// <param name="options">How long Redis is waited for.</param>
    public RedisErasures(IConnectionMultiplexer redis, string name, RedisStoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        session = new RedisSession(redis, new RedisKeys(name), options);
        clock = options.Clock;
        wanted = session.Keys.Erasures("wanted");
        notes = session.Keys.Erasures("notes");
        holder = session.Keys.Erasures("holder");
    }

    /// <summary>Notes what a silo is about to erase.</summary>
    /// <inheritdoc cref="ErasureRecording"/>
    public async Task<Outage?> NoteAsync(IReadOnlyList<ErasedEncounter> erased)
    {
        DateTimeOffset now = clock.GetUtcNow();
        RedisValue[] arguments =
        [
            MostWaiting,
            .. erased.Chunk(EncountersPerNote).Select(some => (RedisValue)JsonSerializer.SerializeToUtf8Bytes(
                new NotedErasure(
                    Guid.NewGuid(), now,
                    [.. some.SelectMany(one => one.Galleries).Distinct().Order(StringComparer.Ordinal)],
                    [.. some.Select(one => one.PersonId).Distinct()]),
                ErasureJson.Default.NotedErasure)),
        ];
        try
        {
            RedisResult done = await session.RepeatAsync(
                _ => session.RunAsync(Note, [wanted, notes], arguments), CancellationToken.None);
            return (int)done == 1 ? null : new Outage(
                $"{MostWaiting} notes of erasures wait for a front end that writes the audit log", MayRetry: true);
        }
        catch (StoreException fault)
        {
            return fault.Outage;
        }
    }

    public async ValueTask BeginAsync(CancellationToken cancel) =>
        await session.RepeatAsync(database => database.StringSetAsync(wanted, 1), cancel);

    public async ValueTask<IReadOnlyList<NotedErasure>> TakeAsync(int most, CancellationToken cancel)
    {
        RedisResult found = await session.RepeatAsync(
            _ => session.RunAsync(Take, [notes, holder], [self, (long)Lease.TotalMilliseconds, most]), cancel);
        return [.. ((RedisValue[])found!).Select(Read)];
    }

    public async ValueTask RemoveAsync(IReadOnlyList<NotedErasure> recorded, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(recorded);
        if (recorded.Count == 0)
        {
            return;
        }

        byte[] last = JsonSerializer.SerializeToUtf8Bytes(recorded[^1], ErasureJson.Default.NotedErasure);
        await session.RepeatAsync(
            _ => session.RunAsync(Remove, [notes, holder], [self, recorded.Count, last]), cancel);
    }

    private NotedErasure Read(RedisValue note)
    {
        try
        {
            return JsonSerializer.Deserialize((byte[])note!, ErasureJson.Default.NotedErasure)
                ?? throw new StoreException($"{session.Keys}: a note of an erasure is null");
        }
        catch (JsonException wrong)
        {
            throw new StoreException($"{session.Keys}: a note of an erasure cannot be read: {wrong.Message}");
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(NotedErasure))]
internal sealed partial class ErasureJson : JsonSerializerContext;
