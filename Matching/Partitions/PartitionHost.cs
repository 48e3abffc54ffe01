using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Galleries.Images;
using MatchCluster.Matching.Scan;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Partitions;

/// <summary>
/// What the partitions of one process share: the store and the threads that scan. The embedded engine opens every
/// partition of the store with it, a silo those that are placed there. The store stays the caller's to dispose of.
/// </summary>
/// <param name="store">Where the encounters are.</param>
/// <param name="threads">Threads that scan; 0 takes one per core.</param>
/// <param name="clock">Time of writes and of scans.</param>
/// <param name="memoryBytes">
/// What their galleries may take together; 0 takes <see cref="Limits.MemoryShare"/> of what the process may use.
/// </param>
/// <param name="imageDirectory">
/// Where closed partitions leave their rows, so that they open in seconds; null where they do not.
/// </param>
/// <param name="calibration">What fingers are scored by; null takes the committed curves.</param>
/// <param name="recording">Records what has expired before it is erased; null records nothing.</param>
public sealed class PartitionHost(
    IGalleryStore store, int threads, TimeProvider clock, long memoryBytes = 0, string? imageDirectory = null,
    ScoreCalibration? calibration = null, ErasureRecording? recording = null)
    : IDisposable
{
    private readonly MemoryBudget memory = new(memoryBytes > 0 ? memoryBytes : DefaultMemoryBytes);
    private readonly GalleryImages? images = imageDirectory is null
        ? null : new GalleryImages(imageDirectory, keys: store.Keys);
    private readonly ScanThreads scanning = new(
        threads > 0 ? threads : Environment.ProcessorCount, calibration);

    /// <summary>Number of threads that scan.</summary>
    public int Threads => scanning.Count;

    /// <summary>The threads themselves.</summary>
    internal ScanThreads Scanning => scanning;

    /// <summary>Bytes that galleries may take where nothing else is said.</summary>
    public static long DefaultMemoryBytes =>
        (long)(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes * Limits.MemoryShare);

    /// <summary>Bytes that the galleries of this process may take.</summary>
    public long MemoryLimitBytes => memory.Limit;

    /// <summary>Bytes that they take now.</summary>
    public long MemoryBytes => memory.Used;

    /// <summary>Partitions of the store.</summary>
    public int PartitionCount => store.PartitionCount;

    /// <summary>
    /// Takes ownership of a partition and begins to load it; returns at once. The caller disposes of it, before the
    /// host.
    /// </summary>
    /// <param name="id">The partition.</param>
    /// <param name="standby">What was loaded of it before; it is this partition's from now on.</param>
    /// <param name="last">
    /// The last changes of the owner before, where they are known: only those are read again.
    /// </param>
    public LocalPartition Open(PartitionId id, StandbyPartition? standby = null, JournalTail? last = null)
    {
        Check(id);
        if (standby is not null && standby.Id != id)
        {
            throw new ArgumentException($"partition {standby.Id} was loaded, wanted {id}", nameof(standby));
        }

        return new LocalPartition(id, store, scanning, clock, memory, images, standby, last, recording);
    }

    /// <summary>
    /// Begins to load a partition that somebody else owns and will hand over; returns at once. The caller disposes of
    /// it or opens the partition with it.
    /// </summary>
    /// <param name="id">The partition.</param>
    /// <param name="from">
    /// The owner's mark, taken before this call: what it changes from then on must be caught up.
    /// </param>
    public StandbyPartition Warm(PartitionId id, JournalMark from)
    {
        Check(id);
        return new StandbyPartition(id, from, store, scanning, memory);
    }

    /// <summary>
    /// Seals a store again that nobody has open (<see cref="StoreReseal"/>), and takes away the rows beside it that lie
    /// there in the clear or under older keys: the next load makes them from templates.
    /// </summary>
    /// <exception cref="StoreException">It has no keys, or cannot be read or written.</exception>
    public static async Task<ResealCount> ResealStoreAsync(
        IGalleryStore store, string imageDirectory, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(store);
        GalleryImages there = new(imageDirectory);
        for (int number = 0; number < store.PartitionCount; number++)
        {
            new PartitionImage(new PartitionId(number), there, store).BeforeErasure();
        }

        return await StoreReseal.RunAsync(store, cancel);
    }

    public void Dispose() => scanning.Dispose();

    private void Check(PartitionId id)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(id.Number);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(id.Number, store.PartitionCount);
    }
}
