using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using MatchCluster.Matching.Feeds;
using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;
using Microsoft.Data.Sqlite;

namespace MatchCluster.Matching.Storage;

/// <summary>
/// The embedded store: one SQLite database in a data directory that one process owns. Appends of all
/// partitions share commits (<see cref="SqliteWriter"/>); reads run beside them on connections of their own.
/// </summary>
public sealed partial class SqliteGalleryStore : IGalleryStore, IKeyStore
{
    /// <summary>Pages given back per step, 16 MiB: appends wait no longer than that takes.</summary>
    private const int PagesPerCompactStep = 4096;

    /// <summary>Rotations that an append may meet on its way.</summary>
    private const int SealingTries = 4;

    private static readonly TimeSpan CompactPatience = TimeSpan.FromSeconds(5);

    private readonly string path;
    private readonly DirectoryLock owner;
    private readonly SqliteWriter writer;
    private readonly SqliteReaders readers;
    private RecordSeal? seal;

    private SqliteGalleryStore(
        string path, int partitions, DirectoryLock owner, SqliteConnection connection, GalleryHead head,
        SqliteFeed? feed)
    {
        this.path = path;
        this.owner = owner;
        PartitionCount = partitions;
        readers = new SqliteReaders(path);
        writer = new SqliteWriter(connection, path, head, feed);
        Changes = feed is null ? null : new SqliteChangeLog(readers, path, partitions);
    }

    public int PartitionCount { get; }

    public KeyRing? Keys => seal?.Keys;

    /// <inheritdoc/>
    public IChangeLog? Changes { get; }

    /// <summary>Its directory.</summary>
    public string Directory => Path.GetDirectoryName(path)!;

    /// <summary>Transactions committed since the store was opened.</summary>
    internal long Commits => writer.Commits;

    /// <summary>Opens the store of a directory, or creates it.</summary>
    /// <param name="directory">Created where it is missing; one process at a time owns it.</param>
    /// <param name="partitions">Wanted partition count; null takes the stored one.</param>
    /// <param name="defaultPartitions">Partition count of a new store where none is wanted.</param>
    /// <param name="cancel">Ends it early.</param>
    /// <param name="masterKey">
    /// Where the master key comes from: records are sealed from now on. Null stores them in the clear.
    /// </param>
    /// <param name="changesKept">Changes that the log of each gallery keeps; 0 keeps no logs.</param>
    /// <exception cref="StoreException">
    /// It is in use, is no gallery store, cannot be written, has another partition count, or is encrypted and the
    /// master key is not here or is another one.
    /// </exception>
    public static async ValueTask<SqliteGalleryStore> OpenAsync(
        string directory, int? partitions, int defaultPartitions, CancellationToken cancel,
        MasterKeySource? masterKey = null, int changesKept = 0)
    {
        StoreArguments.CheckPartitionCount(partitions ?? defaultPartitions);
        MasterKey? master = ReadMaster(masterKey);
        SqliteGalleryStore store = await Task.Run(
            () => Open(
                Path.GetFullPath(directory), partitions, defaultPartitions, masterKey is not null, changesKept),
            cancel);
        if (master is null)
        {
            return store;
        }

        try
        {
            store.seal = new RecordSeal(
                await KeyRing.OpenAsync(store, masterKey!, master, trusted: null, TimeProvider.System, cancel));
            store.readers.Seal = store.seal;
            return store;
        }
        catch (KeyException wrong)
        {
            await store.DisposeAsync();
            throw new StoreException($"{directory}: {wrong.Message}", wrong);
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    public async ValueTask<long> OpenEpochAsync(PartitionId partition, CancellationToken cancel)
    {
        StoreArguments.CheckPartition(partition, PartitionCount);
        return await writer.RunAsync(
            session => session.OpenEpoch(partition.Number), Unusable<long>, 0, cancel);
    }

    public async ValueTask<AppendResult> AppendAsync(
        PartitionId partition, long epoch, IReadOnlyList<StoreWrite> writes, CancellationToken cancel)
    {
        StoreArguments.CheckPartition(partition, PartitionCount);
        await MakeRoomForPicturesAsync(writes, cancel);
        AppendResult result;
        int tries = SealingTries;
        do
        {
            SealedWrites sealedWrites = await SealedWrites.OfAsync(writes, seal, cancel);
            result = sealedWrites.Outage is { } outage ? Failed(outage) : await writer.RunAsync(
                session => Append(session, partition.Number, epoch, sealedWrites), Failed, sealedWrites.Bytes, cancel);
        }
        while (result.Outage == SealedWrites.KeyIsGone && --tries > 0);
        return result;
    }

    public async ValueTask<long> CountAsync(PartitionId partition, CancellationToken cancel)
    {
        StoreArguments.CheckPartition(partition, PartitionCount);
        return await readers.ReadAsync(reader => reader.Count(partition.Number), cancel);
    }

    public async ValueTask<PartitionDigest?> DigestAsync(PartitionId partition, CancellationToken cancel)
    {
        StoreArguments.CheckPartition(partition, PartitionCount);
        return await readers.ReadAsync(reader => reader.Digest(partition.Number), cancel);
    }

    public async ValueTask KeepDigestAsync(
        PartitionId partition, long epoch, PartitionDigest digest, CancellationToken cancel)
    {
        StoreArguments.CheckPartition(partition, PartitionCount);
        await writer.RunAsync(
            session =>
            {
                if (session.ReadEpoch(partition.Number) == epoch)
                {
                    session.KeepDigest(partition.Number, digest);
                }

                return true;
            },
            Unusable<bool>, PartitionDigest.Bytes, cancel);
    }

    public async ValueTask BeginChangesAsync(
        PartitionId partition, long epoch, IReadOnlyDictionary<string, GalleryState> states, CancellationToken cancel)
    {
        StoreArguments.CheckPartition(partition, PartitionCount);
        await writer.RunAsync(
            session => session.BeginChanges(partition.Number, epoch, states), Unusable<bool>, 0, cancel);
    }

    public async IAsyncEnumerable<IReadOnlyList<StoredEncounter>> ReadAllAsync(
        PartitionId partition, [EnumeratorCancellation] CancellationToken cancel)
    {
        StoreArguments.CheckPartition(partition, PartitionCount);

        // Identifiers are never empty: every key comes after the empty one.
        SqliteChunk chunk = new() { PersonId = [], EncounterId = [] };
        while (!chunk.IsLast)
        {
            SqliteChunk last = chunk;
            chunk = await readers.ReadAsync(
                reader => reader.ReadAfter(partition.Number, last.PersonId, last.EncounterId), cancel);
            if (chunk.Encounters.Count > 0)
            {
                yield return chunk.Encounters;
            }
        }
    }

    public async ValueTask<IReadOnlyList<StoredEncounter>> ReadPersonAsync(
        PartitionId partition, string personId, CancellationToken cancel)
    {
        StoreArguments.CheckPartition(partition, PartitionCount);
        return StrictUtf8.TryEncode(personId) is { } key
            ? await readers.ReadAsync(reader => reader.ReadPerson(partition.Number, key), cancel)
            : [];
    }

    public async ValueTask<byte[]?> ReadBlobAsync(string name, CancellationToken cancel)
    {
        byte[] key = StoreArguments.Key(name);
        return await readers.ReadAsync(reader => reader.ReadBlob(key), cancel);
    }

    public async ValueTask WriteBlobAsync(string name, ReadOnlyMemory<byte> value, CancellationToken cancel)
    {
        StoreArguments.CheckBlob(value);
        byte[] key = StoreArguments.Key(name);
        byte[] bytes = value.ToArray();
        await writer.RunAsync(
            session =>
            {
                session.WriteBlob(key, bytes);
                return true;
            },
            Unusable<bool>,
            bytes.Length,
            cancel);
    }

    public async ValueTask<byte[]> StateKeyAsync(CancellationToken cancel)
    {
        byte[] name = StoreArguments.Key(IGalleryStore.StateKeyName);
        if (await readers.ReadAsync(reader => reader.ReadBlob(name), cancel) is { } known)
        {
            return known;
        }

        byte[] made = RandomNumberGenerator.GetBytes(StateHash.Bytes);
        await writer.RunAsync(
            session =>
            {
                session.KeepBlob(name, made);
                return true;
            },
            Unusable<bool>,
            made.Length,
            cancel);
        return (await readers.ReadAsync(reader => reader.ReadBlob(name), cancel))!;
    }

    async ValueTask<IReadOnlyList<WrappedKey>> IKeyStore.ReadKeysAsync(CancellationToken cancel) =>
        await readers.ReadAsync(reader => reader.ReadKeys(), cancel);

    async ValueTask<bool> IKeyStore.TryAddKeyAsync(WrappedKey key, CancellationToken cancel) =>
        await writer.RunAsync(session => session.AddKey(key), Unusable<bool>, key.Entry.Length, cancel);

    async ValueTask IKeyStore.ReplaceKeysAsync(IReadOnlyList<WrappedKey> keys, CancellationToken cancel) =>
        await ChangeKeysAsync(session => keys.ToList().ForEach(session.ReplaceKey), cancel);

    async ValueTask IKeyStore.RemoveKeysAsync(
        string gallery, IReadOnlyList<int> numbers, CancellationToken cancel) =>
        await ChangeKeysAsync(
            session => numbers.ToList().ForEach(number => session.RemoveKey(gallery, number)), cancel);

    private async Task ChangeKeysAsync(Action<SqliteSession> change, CancellationToken cancel) =>
        await writer.RunAsync(
            session =>
            {
                change(session);
                return true;
            },
            Unusable<bool>, 0, cancel);

    /// <summary>The database and its log.</summary>
    public ValueTask<long> SizeInBytesAsync(CancellationToken cancel)
    {
        FileInfo log = new(path + "-wal");
        return ValueTask.FromResult(new FileInfo(path).Length + (log.Exists ? log.Length : 0));
    }

    /// <summary>
    /// Gives free pages back in steps, between which appends go on, and then empties the log.
    /// </summary>
    public async ValueTask CompactAsync(CancellationToken cancel)
    {
        while (await writer.RunAloneAsync(CompactStep, Unusable<bool>, cancel))
        {
        }
    }

    /// <summary>Writes what waits, then closes the files and gives the directory free.</summary>
    public async ValueTask DisposeAsync()
    {
        // The writer closes last of all connections, so that the log goes into the database and disappears.
        await readers.DisposeAsync();
        await writer.DisposeAsync();
        owner.Dispose();
        seal?.Keys.Dispose();
    }

    /// <summary>Runs something on the writer's connection between two groups.</summary>
    internal async Task RunOnWriterAsync(Action<SqliteConnection> action) =>
        await writer.RunAloneAsync(
            session =>
            {
                action(session.Connection);
                return true;
            },
            Unusable<bool>,
            CancellationToken.None);

    private static SqliteGalleryStore Open(
        string directory, int? partitions, int defaultPartitions, bool isSealed, int changesKept)
    {
        DirectoryLock owner = DirectoryLock.Acquire(directory);
        try
        {
            return Open(owner, directory, partitions, defaultPartitions, isSealed, changesKept);
        }
        catch
        {
            owner.Dispose();
            throw;
        }
    }

    private static SqliteGalleryStore Open(
        DirectoryLock owner, string directory, int? partitions, int defaultPartitions, bool isSealed, int changesKept)
    {
        string path = Path.Combine(directory, SqliteFile.Name);
        SqliteConnection? connection = null;
        GalleryHead? head = null;
        try
        {
            head = GalleryHead.Open(directory);
            head.CheckDatabaseIsThere(path);
            PrivateFiles.Create(path);
            connection = SqliteFile.OpenWriter(path);
            StoreFacts facts = SqliteSchema.Open(
                connection, path, partitions, defaultPartitions, mayCreate: !head.SaysThereWasAGallery(directory),
                isSealed);
            head.Check(facts, path);
            head.Follow(facts);
            SqliteFeed? feed = changesKept > 0 ? new SqliteFeed(connection, facts.Partitions, changesKept) : null;
            SqliteGalleryStore store = new(path, facts.Partitions, owner, connection, head, feed)
            {
                hasPictures = facts.HasPictures,
            };
            (connection, head) = (null, null);
            return store;
        }
        catch (SqliteException fault)
        {
            throw SqliteFaults.ExceptionOf(fault, path);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"data directory {directory} cannot be used: {failed.Message}", failed);
        }
        finally
        {
            connection?.Dispose();
            head?.Dispose();
        }
    }

    private AppendResult Append(
        SqliteSession session, int partition, long epoch, SealedWrites writes)
    {
        long current = session.ReadEpoch(partition);
        if (current != epoch)
        {
            return new AppendResult(AppendOutcome.Fenced, current);
        }

        if (writes.Refused() is { } outage)
        {
            return Failed(outage);
        }

        session.Put(partition, writes.Writes, hasPictures);
        return new AppendResult(AppendOutcome.Applied);
    }

    private static AppendResult Failed(Outage outage) => new(AppendOutcome.Failed, Outage: outage);

    /// <summary>Before anything of the directory is opened or changed.</summary>
    private static MasterKey? ReadMaster(MasterKeySource? source)
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

    /// <returns>Whether pages are left to give back.</returns>
    private static bool CompactStep(SqliteSession session)
    {
        SqliteFile.Run(session.Connection, $"PRAGMA incremental_vacuum({PagesPerCompactStep})");
        if (SqliteFile.Scalar(session.Connection, "PRAGMA freelist_count") is long and > 0)
        {
            return true;
        }

        SqliteFile.EmptyLog(session.Connection, CompactPatience);
        return false;
    }

    private T Unusable<T>(Outage outage) => throw new StoreException(outage, path);
}
