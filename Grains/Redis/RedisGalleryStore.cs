using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using MatchCluster.Matching.Feeds;
using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using StackExchange.Redis;

namespace MatchCluster.Grains.Redis;

/// <summary>
/// The cluster's store: every partition is four keys in one slot of a Redis or Redis Cluster. Any number of
/// processes may open it; the epoch says which of them writes a partition. An append is as durable as the
/// server's append-only file makes it (<see cref="Durability"/>).
/// </summary>
/// <remarks>
/// Where the connection is lost in the middle of an append, it is sent again under its id until its
/// outcome is known, or for <see cref="RedisStoreOptions.SettleWithin"/>; it is never applied twice.
/// </remarks>
public sealed class RedisGalleryStore : IGalleryStore
{
    /// <summary>Silos look at the keys again before they seal where they have not for so long.</summary>
    private static readonly TimeSpan KeysTrusted = TimeSpan.FromSeconds(2);

    private readonly RedisSession session;
    private readonly RedisReader reader;
    private readonly RedisAdmission admission = new();
    private readonly RedisLane[] lanes;
    private readonly RedisFeed? feed;
    private RecordSeal? seal;
    private volatile bool saysItKeepsPictures;

    private RedisGalleryStore(RedisSession session, int partitions, RedisDurability durability, int changesKept)
    {
        feed = changesKept > 0 ? new RedisFeed(session, partitions, changesKept) : null;
        this.session = session;
        reader = new RedisReader(session);
        RedisGroupIds ids = new();
        lanes = [.. Enumerable.Range(0, partitions).Select(
            partition => new RedisLane(new RedisChain(session, partition, ids), admission))];
        Durability = durability.ToString();
    }

    public int PartitionCount => lanes.Length;

    public KeyRing? Keys => seal?.Keys;

    /// <inheritdoc/>
    public IChangeLog? Changes => feed;

    /// <summary>
    /// What an ack is worth on this server, in words, as it was configured when the store opened.
    /// </summary>
    public string Durability { get; }

    /// <summary>Opens the gallery of a name, or creates it, on any server.</summary>
    /// <param name="redis">Stays the caller's: the store does not close it.</param>
    /// <param name="name">1..64 letters, digits, '-', '_' and '.'.</param>
    /// <param name="partitions">Wanted partition count; null takes the stored one.</param>
    /// <param name="defaultPartitions">Partition count of a new gallery where none is wanted.</param>
    /// <exception cref="StoreException">
    /// Redis cannot be reached or written, deletes keys by itself or has another time than this machine; the keys
    /// of that name are not ours, or have another version or partition count.
    /// </exception>
    public static ValueTask<RedisGalleryStore> OpenAsync(
        IConnectionMultiplexer redis,
        string name,
        int? partitions,
        int defaultPartitions,
        CancellationToken cancel) =>
        OpenAsync(redis, name, partitions, defaultPartitions, new RedisStoreOptions(), cancel);

    /// <inheritdoc cref="OpenAsync(IConnectionMultiplexer, string, int?, int, CancellationToken)"/>
    public static async ValueTask<RedisGalleryStore> OpenAsync(
        IConnectionMultiplexer redis,
        string name,
        int? partitions,
        int defaultPartitions,
        RedisStoreOptions options,
        CancellationToken cancel)
    {
        StoreArguments.CheckPartitionCount(partitions ?? defaultPartitions);
        MasterKey? master = Read(options.MasterKey);
        RedisSession session = new(redis, new RedisKeys(name), options);
        RedisDurability durability = await RedisDurability.CheckAsync(session, options.RequireAof, cancel);
        await RedisClock.CheckAsync(session, options.Clock, cancel);
        int count = await RedisMarker.OpenAsync(session, partitions, defaultPartitions, options, cancel);
        RedisGalleryStore store = new(session, count, durability, options.ChangesKept);
        if (master is not null)
        {
            store.seal = new RecordSeal(await OpenKeysAsync(session, options, master, cancel));
            store.reader.Seal = store.seal;
        }

        return store;
    }

    public async ValueTask<long> OpenEpochAsync(PartitionId partition, CancellationToken cancel)
    {
        Check(partition);
        RedisKey[] keys = [session.Keys.State(partition.Number)];

        // Taken twice where an answer was lost: the next epoch but one serves as well.
        return (long)await session.RepeatAsync(
            _ => session.RunAsync(RedisScripts.OpenEpoch, keys, [RedisLimits.EpochsRemembered]), cancel);
    }

    public ValueTask<AppendResult> AppendAsync(
        PartitionId partition, long epoch, IReadOnlyList<StoreWrite> writes, CancellationToken cancel) =>
        AppendAsync(partition, epoch, writes, [], cancel);

    public async ValueTask<AppendResult> AppendAsync(
        PartitionId partition, long epoch, IReadOnlyList<StoreWrite> writes, IReadOnlyList<GalleryLease> leases,
        CancellationToken cancel)
    {
        Check(partition);
        SealedWrites sealedWrites = await SealedWrites.OfAsync(writes, seal, cancel);
        if (sealedWrites.Outage is { } outage)
        {
            return Failed(outage);
        }

        RedisAppend append = new(epoch, sealedWrites.Writes, leases);
        if (append.BringsPictures && !saysItKeepsPictures)
        {
            await RedisMarker.KeepsPicturesAsync(session, cancel);
            saysItKeepsPictures = true;
        }

        cancel.ThrowIfCancellationRequested();
        if (append.Bytes > RedisLimits.AppendBytes)
        {
            return Failed(new Outage(
                $"an append of {append.Bytes} bytes in {append.Count} writes, wanted at most "
                + $"{RedisLimits.AppendBytes} bytes; split it",
                MayRetry: false));
        }

        if (admission.TryEnter(append.Bytes) is { } full)
        {
            return Failed(full);
        }

        append.WithdrawOn(cancel);
        lanes[partition.Number].Offer(append);
        AppendResult result = await append.Answered;
        if (feed is not null && result.Outcome == AppendOutcome.Applied && writes.Any(write => write.Changes.Count > 0))
        {
            feed.TakeSoon(partition.Number);
        }

        return result;
    }

    public async ValueTask<long> CountAsync(PartitionId partition, CancellationToken cancel)
    {
        Check(partition);
        return await reader.CountAsync(partition.Number, cancel);
    }

    public async ValueTask<PartitionDigest?> DigestAsync(PartitionId partition, CancellationToken cancel)
    {
        Check(partition);
        return RedisDigests.Decode((RedisResult[])(await session.RepeatAsync(
            _ => session.RunAsync(RedisDigests.Read, DigestKeys(partition), []), cancel))!);
    }

    public async ValueTask KeepDigestAsync(
        PartitionId partition, long epoch, PartitionDigest digest, CancellationToken cancel)
    {
        Check(partition);
        RedisValue[] arguments = RedisDigests.Arguments(epoch, digest);
        await session.RepeatAsync(
            _ => session.RunAsync(RedisDigests.Keep, DigestKeys(partition), arguments), cancel);
    }

    public async ValueTask BeginChangesAsync(
        PartitionId partition, long epoch, IReadOnlyDictionary<string, GalleryState> states, CancellationToken cancel)
    {
        Check(partition);
        if (feed is not null)
        {
            await feed.BeginAsync(partition.Number, epoch, states, cancel);
        }
    }

    public async IAsyncEnumerable<IReadOnlyList<StoredEncounter>> ReadAllAsync(
        PartitionId partition, [EnumeratorCancellation] CancellationToken cancel)
    {
        Check(partition);
        RedisChunk chunk = default;
        do
        {
            chunk = await reader.ReadAfterAsync(partition.Number, chunk.LastMember, cancel);
            if (chunk.Encounters.Count > 0)
            {
                yield return chunk.Encounters;
            }
        }
        while (!chunk.IsLast);
    }

    public async ValueTask<IReadOnlyList<StoredEncounter>> ReadPersonAsync(
        PartitionId partition, string personId, CancellationToken cancel)
    {
        Check(partition);
        return StrictUtf8.TryEncode(personId) is { } key
            ? await reader.ReadPersonAsync(partition.Number, key, cancel)
            : [];
    }

    public async ValueTask<Decoded<Encounter>> ReadPicturesAsync(
        PartitionId partition, Encounter encounter, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(encounter);
        Check(partition);
        return encounter.Pictures.Count == 0 ? encounter
            : PictureSeal.Open(
                Keys, encounter, await reader.ReadPicturesAsync(
                    partition.Number, StoreArguments.Key(encounter.PersonId),
                    StoreArguments.Key(encounter.EncounterId), cancel));
    }

    public async ValueTask<byte[]?> ReadBlobAsync(string name, CancellationToken cancel)
    {
        admission.CheckOpen();
        byte[] key = StoreArguments.Key(name);
        return await session.RepeatAsync(
            db => db.HashGetAsync(session.Keys.Blobs, key, CommandFlags.DemandMaster), cancel);
    }

    /// <summary>Silos that make it at once agree on one.</summary>
    public async ValueTask<byte[]> StateKeyAsync(CancellationToken cancel)
    {
        admission.CheckOpen();
        byte[] made = RandomNumberGenerator.GetBytes(StateHash.Bytes);
        await session.RepeatAsync(
            db => db.HashSetAsync(session.Keys.Blobs, IGalleryStore.StateKeyName, made, When.NotExists), cancel);
        return (byte[])(await session.RepeatAsync(
            db => db.HashGetAsync(session.Keys.Blobs, IGalleryStore.StateKeyName, CommandFlags.DemandMaster), cancel))!;
    }

    /// <inheritdoc/>
    /// <exception cref="StoreException">Redis refused it or its answer was lost; write it again.</exception>
    public async ValueTask WriteBlobAsync(string name, ReadOnlyMemory<byte> value, CancellationToken cancel)
    {
        admission.CheckOpen();
        StoreArguments.CheckBlob(value);
        byte[] key = StoreArguments.Key(name);
        cancel.ThrowIfCancellationRequested();
        try
        {
            // Once only: a second copy might overwrite a later value.
            await session.Database.HashSetAsync(session.Keys.Blobs, key, value.ToArray());
        }
        catch (Exception fault) when (RedisFaults.IsOurs(fault))
        {
            throw session.Unusable(fault);
        }
    }

    /// <summary>
    /// Bytes of Redis' memory that the gallery takes, as Redis estimates them from samples (MEMORY USAGE);
    /// its files are larger until Redis rewrites them.
    /// </summary>
    public async ValueTask<long> SizeInBytesAsync(CancellationToken cancel)
    {
        admission.CheckOpen();
        IEnumerable<RedisKey> keys = Enumerable.Range(0, PartitionCount).SelectMany(session.Keys.Partition);
        long bytes = 0;
        foreach (RedisKey[] some in keys.Append(session.Keys.Blobs).Chunk(RedisLimits.PartitionsAsked))
        {
            RedisResult[] sizes = await session.RepeatAsync(
                db => Task.WhenAll(some.Select(key => db.ExecuteAsync("MEMORY", "USAGE", key))), cancel);
            bytes += sizes.Sum(size => size.IsNull ? 0 : (long)size);
        }

        return bytes;
    }

    /// <summary>
    /// Redis frees what is deleted at once and rewrites its file by itself; this asks its allocator to hand
    /// free pages to the system, where the server and the user's rights allow that.
    /// </summary>
    public async ValueTask CompactAsync(CancellationToken cancel)
    {
        admission.CheckOpen();
        foreach (IServer server in session.Primaries)
        {
            try
            {
                await server.ExecuteAsync("MEMORY", "PURGE").WaitAsync(cancel);
            }
            catch (RedisServerException)
            {
                // Another allocator, or not for this user: the pages are used again by what comes next.
            }
            catch (Exception fault) when (RedisFaults.IsOurs(fault))
            {
                throw session.Unusable(fault);
            }
        }
    }

    /// <summary>Writes what waits; the connection stays open for its owner.</summary>
    public async ValueTask DisposeAsync()
    {
        await admission.CloseAsync();
        if (feed is not null)
        {
            await feed.CloseAsync();
        }

        seal?.Keys.Dispose();
    }

    private static MasterKey? Read(MasterKeySource? source)
    {
        try
        {
            return source?.Read();
        }
        catch (KeyException wrong)
        {
            throw new StoreException(wrong.Message, wrong);
        }
    }

    private static async Task<KeyRing> OpenKeysAsync(
        RedisSession session, RedisStoreOptions options, MasterKey master, CancellationToken cancel)
    {
        try
        {
            return await KeyRing.OpenAsync(
                new RedisKeyTable(session, options.Clock), options.MasterKey!, master, KeysTrusted, options.Clock,
                cancel);
        }
        catch (KeyException wrong)
        {
            throw new StoreException($"{session.Keys}: {wrong.Message}", wrong);
        }
    }

    private RedisKey[] DigestKeys(PartitionId partition) =>
        [session.Keys.State(partition.Number), session.Keys.Records(partition.Number)];

    private static AppendResult Failed(Outage outage) => new(AppendOutcome.Failed, Outage: outage);

    private void Check(PartitionId partition)
    {
        admission.CheckOpen();
        StoreArguments.CheckPartition(partition, PartitionCount);
    }
}
