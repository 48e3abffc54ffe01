using MatchCluster.Matching.Feeds;
using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Storage;

/// <summary>
/// The store in which encounters outlive the process. One contract test holds every adapter. The store knows
/// encounters, not rows: rows are rebuilt from it at load.
/// </summary>
public interface IGalleryStore : IAsyncDisposable
{
    /// <summary>Name of the blob of <see cref="StateKeyAsync"/>.</summary>
    internal const string StateKeyName = "state-key";

    /// <summary>Partitions this gallery was created with; never changes while it is open.</summary>
    int PartitionCount { get; }

    /// <summary>
    /// Takes ownership of a partition: increments its stored epoch and returns it. Every append carries the
    /// epoch and the store refuses an older one, so that of two owners the older loses. What a read that begins
    /// when it has returned shows of older epochs is final: none of their appends is written any more.
    /// </summary>
    /// <exception cref="StoreException">The store cannot be reached or written.</exception>
    ValueTask<long> OpenEpochAsync(PartitionId partition, CancellationToken cancel);

    /// <summary>
    /// Applies the writes of one partition in order, all or none, durably: when it returns <see
    /// cref="AppendOutcome.Applied"/> they survive kill -9 and loss of power. Appends of several callers may
    /// share one commit (group commit). A token that fires before the commit began withdraws the append;
    /// after that it completes.
    /// </summary>
    /// <exception cref="OperationCanceledException">It was withdrawn; nothing was written.</exception>
    ValueTask<AppendResult> AppendAsync(
        PartitionId partition, long epoch, IReadOnlyList<StoreWrite> writes, CancellationToken cancel);

    /// <summary>
    /// An append in turns of galleries: nothing is written where the partition has seen a later holder of one of them
    /// (<see cref="AppendOutcome.Overtaken"/>); otherwise these are the holders that it has seen, durably, and the
    /// check, the note and the writes are one act. Without writes it only notes the holders.
    /// </summary>
    /// <remarks>A store of one process needs none: nobody there is given a lease.</remarks>
    ValueTask<AppendResult> AppendAsync(
        PartitionId partition, long epoch, IReadOnlyList<StoreWrite> writes, IReadOnlyList<GalleryLease> leases,
        CancellationToken cancel) => leases.Count == 0
            ? AppendAsync(partition, epoch, writes, cancel)
            : throw new NotSupportedException("this store is of one process and fences no holder of a gallery's turn");

    /// <summary>Encounters held by a partition: what a load will read.</summary>
    ValueTask<long> CountAsync(PartitionId partition, CancellationToken cancel);

    /// <summary>
    /// What a partition holds by the count that was brought forward with every append: what a load has to find. Null
    /// where nobody has counted yet, because an older version wrote the records.
    /// </summary>
    ValueTask<PartitionDigest?> DigestAsync(PartitionId partition, CancellationToken cancel) =>
        ValueTask.FromResult<PartitionDigest?>(null);

    /// <summary>
    /// Begins to count a partition that has no digest with what its owner has found in it; nothing where it has one or
    /// has a newer owner.
    /// </summary>
    ValueTask KeepDigestAsync(
        PartitionId partition, long epoch, PartitionDigest digest, CancellationToken cancel) => default;

    /// <summary>
    /// Every encounter of a partition, ordered by person id then encounter id (<see cref="Utf8Order"/>), in
    /// chunks of at most <see cref="Limits.StoreChunkEncounters"/> and <see cref="Limits.StoreChunkBytes"/>.
    /// Each chunk is one picture of the store; writes that fall between two chunks are seen by the later one.
    /// </summary>
    IAsyncEnumerable<IReadOnlyList<StoredEncounter>> ReadAllAsync(
        PartitionId partition, CancellationToken cancel);

    /// <summary>
    /// The encounters of one person, ordered by encounter id (<see cref="Utf8Order"/>); empty where there is
    /// none. An append that was acked before is seen.
    /// </summary>
    ValueTask<IReadOnlyList<StoredEncounter>> ReadPersonAsync(
        PartitionId partition, string personId, CancellationToken cancel);

    /// <summary>
    /// An encounter, as it was read, with the bytes of its pictures; or why they cannot be read. Pictures are written,
    /// replaced and removed by the append that writes their encounter.
    /// </summary>
    ValueTask<Decoded<Encounter>> ReadPicturesAsync(
        PartitionId partition, Encounter encounter, CancellationToken cancel) =>
        ValueTask.FromResult(PictureSeal.Open(Keys, encounter, null));

    /// <summary>Small configuration by name; null where there is none.</summary>
    ValueTask<byte[]?> ReadBlobAsync(string name, CancellationToken cancel);

    /// <summary>Stores small configuration durably.</summary>
    ValueTask WriteBlobAsync(string name, ReadOnlyMemory<byte> value, CancellationToken cancel);

    /// <summary>
    /// The key that encounters are hashed with for the state of a gallery, made at the first call; all partitions
    /// have the same, whoever owns them.
    /// </summary>
    ValueTask<byte[]> StateKeyAsync(CancellationToken cancel);

    /// <summary>Keys that records are sealed with; null where they are stored in the clear.</summary>
    KeyRing? Keys => null;

    /// <summary>The change logs of its galleries; null where it keeps none.</summary>
    IChangeLog? Changes => null;

    /// <summary>The change logs with the keys of their states; null where none are kept.</summary>
    async ValueTask<ChangeFeed?> OpenFeedAsync(CancellationToken cancel) =>
        Changes is { } log ? new ChangeFeed(log, new FeedKeys(await StateKeyAsync(cancel))) : null;

    /// <summary>
    /// Tells the change logs what a partition holds, before its owner writes for the first time. Where that is not what
    /// the log says, because something was written without it, nobody can read on from before this moment.
    /// </summary>
    /// <param name="partition">The partition.</param>
    /// <param name="epoch">The owner's epoch; nothing is told where there is a newer one.</param>
    /// <param name="states">What it holds of each gallery, by the <see cref="FeedKey"/> of the gallery.</param>
    /// <param name="cancel">Ends it early.</param>
    ValueTask BeginChangesAsync(
        PartitionId partition, long epoch, IReadOnlyDictionary<string, GalleryState> states,
        CancellationToken cancel) => default;

    /// <summary>Bytes on disk, 0 for a store that has none.</summary>
    ValueTask<long> SizeInBytesAsync(CancellationToken cancel);

    /// <summary>Gives space of deleted encounters back.</summary>
    ValueTask CompactAsync(CancellationToken cancel);
}

/// <summary>
/// One write: <see cref="Encounter"/> set is a put (insert or replace), null is a delete.
/// </summary>
public sealed record StoreWrite
{
    public required string PersonId { get; init; }

    public required string EncounterId { get; init; }

    public Encounter? Encounter { get; init; }

    /// <summary>What it is in the change logs; nothing where the store keeps none.</summary>
    public IReadOnlyList<FeedEntry> Changes { get; init; } = [];

    public static StoreWrite Put(Encounter encounter) =>
        new() { PersonId = encounter.PersonId, EncounterId = encounter.EncounterId, Encounter = encounter };

    public static StoreWrite Delete(string personId, string encounterId) =>
        new() { PersonId = personId, EncounterId = encounterId };
}

/// <summary>
/// An encounter as it was found, or the rejection where its stored bytes could not be read: a load reports
/// such a record and goes on, it is neither dropped silently nor does it stop the rest.
/// </summary>
public sealed record StoredEncounter(string PersonId, string EncounterId, Decoded<Encounter> Content)
{
    /// <summary>What the record contributes to its partition's <see cref="PartitionDigest"/>.</summary>
    public UInt128 Mark { get; init; }

    /// <summary>
    /// Whether a store with keys should write it again: it is plain, or an older key of a gallery sealed it.
    /// </summary>
    public bool IsStale { get; init; }

    /// <summary>Whether it cannot be read because every key that opens it is gone.</summary>
    internal bool LacksKey { get; init; }
}

public enum AppendOutcome
{
    /// <summary>The append is durable.</summary>
    Applied,

    /// <summary>Another owner opened the partition since; nothing was written.</summary>
    Fenced,

    /// <summary>
    /// Somebody else took the turn of a gallery since; nothing was written. The partition goes on.
    /// </summary>
    Overtaken,

    /// <summary>
    /// The store could not write; nothing of it is visible. Where the disk failed during the commit itself, a
    /// crash before the next commit may bring the append back whole: putting that encounter again is
    /// safe.
    /// </summary>
    Failed,

    /// <summary>
    /// The store cannot say whether it was written, and it still may be. The owner's memory is no longer what is
    /// stored: it must stop and open the partition again; after that this append is there whole, or never
    /// comes.
    /// </summary>
    Unknown,
}

/// <param name="Outcome">What happened.</param>
/// <param name="CurrentEpoch">The stored epoch, where it fenced the append.</param>
/// <param name="Outage">The reason, where it failed or is unknown.</param>
public readonly record struct AppendResult(
    AppendOutcome Outcome, long CurrentEpoch = 0, Outage? Outage = null);
