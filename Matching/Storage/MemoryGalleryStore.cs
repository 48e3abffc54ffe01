using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Storage;

/// <summary>
/// A store that ends with its process, for tests and demonstrations. It keeps the encoded bytes, so that what
/// works with it works with a store on disk. Its appends are durable as long as the process lives.
/// </summary>
public sealed class MemoryGalleryStore : IGalleryStore
{
    private readonly MemoryPartition[] partitions;
    private readonly ConcurrentDictionary<string, byte[]> blobs = new(StringComparer.Ordinal);
    private volatile bool disposed;

    /// <param name="partitions">1..<see cref="Limits.Partitions"/>.</param>
    public MemoryGalleryStore(int partitions)
    {
        StoreArguments.CheckPartitionCount(partitions);
        this.partitions = new MemoryPartition[partitions];
        for (int i = 0; i < partitions; i++)
        {
            this.partitions[i] = new MemoryPartition();
        }
    }

    public int PartitionCount => partitions.Length;

    public ValueTask<long> OpenEpochAsync(PartitionId partition, CancellationToken cancel) =>
        ValueTask.FromResult(Held(partition, cancel).OpenEpoch());

    public ValueTask<AppendResult> AppendAsync(
        PartitionId partition, long epoch, IReadOnlyList<StoreWrite> writes, CancellationToken cancel) =>
        ValueTask.FromResult(SealedWrites.WithoutKeys(writes) is { } outage
            ? new AppendResult(AppendOutcome.Failed, Outage: outage)
            : Held(partition, cancel).Append(epoch, EncodedWrite.Of(writes)));

    public ValueTask<long> CountAsync(PartitionId partition, CancellationToken cancel) =>
        ValueTask.FromResult(Held(partition, cancel).Count());

    public ValueTask<PartitionDigest?> DigestAsync(PartitionId partition, CancellationToken cancel) =>
        ValueTask.FromResult<PartitionDigest?>(Held(partition, cancel).Digest());

    public async IAsyncEnumerable<IReadOnlyList<StoredEncounter>> ReadAllAsync(
        PartitionId partition, [EnumeratorCancellation] CancellationToken cancel)
    {
        List<StoredEncounter> chunk = [];
        long bytes = 0;
        foreach (MemoryRecord record in Held(partition, cancel).Picture())
        {
            if (chunk.Count > 0 && (chunk.Count == Limits.StoreChunkEncounters
                || bytes + record.Record.Length > Limits.StoreChunkBytes))
            {
                yield return chunk;

                // As a store on disk does: the next chunk is made elsewhere, not on the caller's stack.
                await Task.Yield();
                cancel.ThrowIfCancellationRequested();
                chunk = [];
                bytes = 0;
            }

            chunk.Add(record.Read());
            bytes += record.Record.Length;
        }

        if (chunk.Count > 0)
        {
            yield return chunk;
        }
    }

    public ValueTask<IReadOnlyList<StoredEncounter>> ReadPersonAsync(
        PartitionId partition, string personId, CancellationToken cancel) =>
        ValueTask.FromResult<IReadOnlyList<StoredEncounter>>(
            Held(partition, cancel).Picture(personId).ConvertAll(record => record.Read()));

    public ValueTask<byte[]?> ReadBlobAsync(string name, CancellationToken cancel)
    {
        Check(cancel);
        byte[]? copy = blobs.TryGetValue(name, out byte[]? value) ? [.. value] : null;
        return ValueTask.FromResult(copy);
    }

    public ValueTask WriteBlobAsync(string name, ReadOnlyMemory<byte> value, CancellationToken cancel)
    {
        Check(cancel);
        StoreArguments.Key(name);
        StoreArguments.CheckBlob(value);
        blobs[name] = value.ToArray();
        return ValueTask.CompletedTask;
    }

    public ValueTask<byte[]> StateKeyAsync(CancellationToken cancel)
    {
        Check(cancel);
        return ValueTask.FromResult(blobs.GetOrAdd(
            IGalleryStore.StateKeyName, _ => RandomNumberGenerator.GetBytes(StateHash.Bytes)));
    }

    public ValueTask<long> SizeInBytesAsync(CancellationToken cancel)
    {
        Check(cancel);
        return ValueTask.FromResult(0L);
    }

    public ValueTask CompactAsync(CancellationToken cancel)
    {
        Check(cancel);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        disposed = true;
        return ValueTask.CompletedTask;
    }

    private void Check(CancellationToken cancel)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        cancel.ThrowIfCancellationRequested();
    }

    private MemoryPartition Held(PartitionId partition, CancellationToken cancel)
    {
        Check(cancel);
        StoreArguments.CheckPartition(partition, partitions.Length);
        return partitions[partition.Number];
    }
}
