using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Scan;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Scatter;

/// <summary>
/// The engine in one process: every partition of a store, with its own threads. Opening returns at once; the
/// partitions load in the background and say how far they are. The store stays the caller's to dispose of, after
/// the engine.
/// </summary>
public sealed class MatchEngine : IPartitionDirectory, IAsyncDisposable
{
    /// <summary>Name of a blob that is written when sealing begins.</summary>
    private const string ResealBegun = "reseal-begun";

    private readonly PartitionHost host;
    private readonly RestartingPartition[] partitions;
    private readonly TimeProvider clock;
    private readonly IGalleryStore store;

    private MatchEngine(IGalleryStore store, MatchEngineOptions options)
    {
        clock = options.Clock;
        this.store = store;
        host = new PartitionHost(
            store, options.Threads, options.Clock, options.MemoryBytes, options.ImageDirectory, options.Calibration,
            options.OnErasing);
        partitions =
        [
            .. Enumerable.Range(0, host.PartitionCount).Select(n => new RestartingPartition(
                () => host.Open(new PartitionId(n)), options.Clock, options.OnStopped, FinishMovesAsync)),
        ];
        All = partitions;
        Calls = new EngineCalls(host.Scanning);
        Loaded = FinishLoadingAsync();
    }

    public IReadOnlyList<IPartition> All { get; }

    /// <summary>Number of threads that scan.</summary>
    public int Threads => host.Threads;

    /// <summary>The threads for work of single calls that belongs to no partition.</summary>
    public EngineCalls Calls { get; }

    /// <summary>Bytes that the galleries may take.</summary>
    public long MemoryLimitBytes => host.MemoryLimitBytes;

    /// <summary>Bytes that they take now.</summary>
    public long MemoryBytes => host.MemoryBytes;

    /// <summary>Completes when every partition is loaded or has failed; their status says which.</summary>
    public Task Loaded { get; }

    public static MatchEngine Open(IGalleryStore store, MatchEngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(options);
        return new MatchEngine(store, options);
    }

    /// <summary>
    /// Seals again, beside searches and writes, what is plain or sealed with older keys, and then destroys the older
    /// keys. It may be cut off at any time and run again.
    /// </summary>
    /// <exception cref="StoreException">A partition is not open, or the store cannot be used.</exception>
    public async Task<ResealCount> ResealAsync(CancellationToken cancel)
    {
        KeyRing keys = store.Keys ?? throw new StoreException("the store has no keys to seal with");
        await Loaded;

        // Whatever was sealed with an older key and is on its way is written before this, and found below.
        await store.WriteBlobAsync(ResealBegun, new byte[] { 1 }, cancel);
        ResealCount count = default;
        foreach (RestartingPartition partition in partitions)
        {
            count += await partition.ResealAsync(cancel);
        }

        await StoreReseal.FinishAsync(store, keys, count, cancel);
        return count;
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(partitions.Select(partition => partition.DisposeAsync().AsTask()));
        await Loaded;
        host.Dispose();
    }

    /// <summary>
    /// A partition that was opened again may have been cut off in a move as well. The mover may still be busy in this
    /// process: what is not decided is taken back when it is certainly gone, by whoever meets it then.
    /// </summary>
    private async Task FinishMovesAsync(LocalPartition reopened)
    {
        await Loaded;
        await new MoveEnding(this).EndAsync(
            reopened.FoundMoving, moving => MoveEnding.IsAbandoned(moving, clock),
            SearchBudget.Of(Limits.LongestDeadline));
    }

    private async Task FinishLoadingAsync()
    {
        await Task.WhenAll(partitions.Select(partition => partition.Loading));
        Encounter[] moved = [.. partitions.SelectMany(partition => partition.FoundMoving)];
        await new MoveEnding(this).EndAsync(moved, moverIsGone: _ => true, SearchBudget.Of(Limits.LongestDeadline));
    }
}

/// <summary>How an embedded engine is built.</summary>
public sealed record MatchEngineOptions
{
    /// <summary>Threads that scan; 0 takes one per core.</summary>
    public int Threads { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>
    /// Told each time a partition stops: why, and what was thrown where something was. It is opened again by itself
    /// where that may help.
    /// </summary>
    public Action<PartitionId, Outage, Exception?> OnStopped { get; init; } = (_, _, _) => { };

    /// <summary>Records what has expired before it is erased; null records nothing.</summary>
    public ErasureRecording? OnErasing { get; init; }

    /// <summary>
    /// Bytes that the galleries may take; 0 takes <see cref="Limits.MemoryShare"/> of what the process may use.
    /// </summary>
    public long MemoryBytes { get; init; }

    /// <summary>
    /// An existing directory in which partitions leave their rows when they close and find them when they open; null
    /// where every open makes them again.
    /// </summary>
    public string? ImageDirectory { get; init; }

    /// <summary>What fingers are scored by.</summary>
    public ScoreCalibration Calibration { get; init; } = ScoreCalibration.Default;
}
