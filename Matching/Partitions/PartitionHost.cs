using MatchCluster.Matching.Scan;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Partitions;

/// <summary>
/// What the partitions of one process share: the store and the threads that scan. The embedded engine opens every
/// partition of the store with it, a silo those that are placed there. The store stays the caller's to dispose of.
/// </summary>
/// <param name="store">Where the encounters are.</param>
/// <param name="threads">Threads that scan; 0 takes one per core.</param>
/// <param name="clock">Time of writes and of scans.</param>
public sealed class PartitionHost(IGalleryStore store, int threads, TimeProvider clock) : IDisposable
{
    private readonly ScanThreads scanning = new(threads > 0 ? threads : Environment.ProcessorCount);

    /// <summary>Threads that scan.</summary>
    public int Threads => scanning.Count;

    /// <summary>Partitions of the store.</summary>
    public int PartitionCount => store.PartitionCount;

    /// <summary>
    /// Takes ownership of a partition and begins to load it; returns at once. The caller disposes of it, before the
    /// host.
    /// </summary>
    public LocalPartition Open(PartitionId id)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(id.Number);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(id.Number, store.PartitionCount);
        return new LocalPartition(id, store, scanning, clock);
    }

    public void Dispose() => scanning.Dispose();
}
