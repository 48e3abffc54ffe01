using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Grains.Tests.Clusters;

/// <summary>
/// The store as each silo of a test sees it: a silo disposes of its store, and the shared one must outlive it
/// as a server does.
/// </summary>
internal sealed class SharedStore(IGalleryStore inner, Action<int>? opened = null) : IGalleryStore
{
    public int PartitionCount => inner.PartitionCount;

    public ValueTask<long> OpenEpochAsync(PartitionId partition, CancellationToken cancel)
    {
        opened?.Invoke(partition.Number);
        return inner.OpenEpochAsync(partition, cancel);
    }

    public ValueTask<AppendResult> AppendAsync(
        PartitionId partition, long epoch, IReadOnlyList<StoreWrite> writes, CancellationToken cancel) =>
        inner.AppendAsync(partition, epoch, writes, cancel);

    public ValueTask<long> CountAsync(PartitionId partition, CancellationToken cancel) =>
        inner.CountAsync(partition, cancel);

    public ValueTask<PartitionDigest?> DigestAsync(PartitionId partition, CancellationToken cancel) =>
        inner.DigestAsync(partition, cancel);

    public ValueTask KeepDigestAsync(
        PartitionId partition, long epoch, PartitionDigest digest, CancellationToken cancel) =>
        inner.KeepDigestAsync(partition, epoch, digest, cancel);

    public IAsyncEnumerable<IReadOnlyList<StoredEncounter>> ReadAllAsync(
        PartitionId partition, CancellationToken cancel) =>
        inner.ReadAllAsync(partition, cancel);

    public ValueTask<IReadOnlyList<StoredEncounter>> ReadPersonAsync(
        PartitionId partition, string personId, CancellationToken cancel) =>
        inner.ReadPersonAsync(partition, personId, cancel);

    public ValueTask<byte[]?> ReadBlobAsync(string name, CancellationToken cancel) => inner.ReadBlobAsync(name, cancel);

    public ValueTask WriteBlobAsync(string name, ReadOnlyMemory<byte> value, CancellationToken cancel) =>
        inner.WriteBlobAsync(name, value, cancel);

    public ValueTask<byte[]> StateKeyAsync(CancellationToken cancel) => inner.StateKeyAsync(cancel);

    public ValueTask<long> SizeInBytesAsync(CancellationToken cancel) => inner.SizeInBytesAsync(cancel);

    public ValueTask CompactAsync(CancellationToken cancel) => inner.CompactAsync(cancel);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
