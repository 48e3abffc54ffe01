using MatchCluster.Matching.Partitions;

namespace MatchCluster.Matching.Storage;

/// <summary>The embedded store: one SQLite database in a data directory that one process owns.</summary>
public sealed class SqliteGalleryStore : IGalleryStore
{
    private SqliteGalleryStore(int partitions) => PartitionCount = partitions;

    public int PartitionCount { get; }

    /// <summary>Opens the store of a directory, or creates it.</summary>
    /// <param name="directory">Created where it is missing; one process at a time owns it.</param>
    /// <param name="partitions">Wanted partition count; null takes the stored one.</param>
    /// <param name="defaultPartitions">Partition count of a new store where none is wanted.</param>
    /// <exception cref="StoreException">
    /// It is in use, is no gallery store, cannot be written, or has another partition count.
    /// </exception>
    public static ValueTask<SqliteGalleryStore> OpenAsync(
        string directory, int? partitions, int defaultPartitions, CancellationToken cancel) =>
        throw new NotImplementedException();

    public ValueTask<long> OpenEpochAsync(PartitionId partition, CancellationToken cancel) =>
        throw new NotImplementedException();

    public ValueTask<AppendResult> AppendAsync(
        PartitionId partition, long epoch, IReadOnlyList<StoreWrite> writes, CancellationToken cancel) =>
        throw new NotImplementedException();

    public ValueTask<long> CountAsync(PartitionId partition, CancellationToken cancel) =>
        throw new NotImplementedException();

    public IAsyncEnumerable<IReadOnlyList<StoredEncounter>> ReadAllAsync(
        PartitionId partition, CancellationToken cancel) => throw new NotImplementedException();

    public ValueTask<IReadOnlyList<StoredEncounter>> ReadPersonAsync(
        PartitionId partition, string personId, CancellationToken cancel) => throw new NotImplementedException();

    public ValueTask<byte[]?> ReadBlobAsync(string name, CancellationToken cancel) =>
        throw new NotImplementedException();

    public ValueTask WriteBlobAsync(string name, ReadOnlyMemory<byte> value, CancellationToken cancel) =>
        throw new NotImplementedException();

    public ValueTask<long> SizeInBytesAsync(CancellationToken cancel) => throw new NotImplementedException();

    public ValueTask CompactAsync(CancellationToken cancel) => throw new NotImplementedException();

    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
