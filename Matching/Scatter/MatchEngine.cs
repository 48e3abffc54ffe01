using MatchCluster.Matching.Model;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Scatter;

/// <summary>
/// The engine in one process: every partition of a store, with its own threads. Opening returns at once; the
/// partitions load in the background and say how far they are. The store stays the caller's to dispose of, after
/// the engine.
/// </summary>
public sealed class MatchEngine : IPartitionDirectory, IAsyncDisposable
{
    private readonly PartitionHost host;
    private readonly LocalPartition[] partitions;

    private MatchEngine(IGalleryStore store, MatchEngineOptions options)
    {
        host = new PartitionHost(store, options.Threads, options.Clock, options.MemoryBytes, options.ImageDirectory);
        partitions = [.. Enumerable.Range(0, host.PartitionCount).Select(n => host.Open(new PartitionId(n)))];
        All = partitions;
        Loaded = FinishLoadingAsync();
    }

    public IReadOnlyList<IPartition> All { get; }

    /// <summary>Threads that scan.</summary>
    public int Threads => host.Threads;

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

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(partitions.Select(partition => partition.DisposeAsync().AsTask()));
        await Loaded;
        host.Dispose();
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
    /// Bytes that the galleries may take; 0 takes <see cref="Limits.MemoryShare"/> of what the process may use.
    /// </summary>
    public long MemoryBytes { get; init; }

    /// <summary>
    /// An existing directory in which partitions leave their rows when they close and find them when they open; null
    /// where every open makes them anew.
    /// </summary>
    public string? ImageDirectory { get; init; }
}
