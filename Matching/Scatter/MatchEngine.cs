using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Scatter;

/// <summary>
/// The engine in one process: every partition of a store, with its own threads. Opening returns at once; the
/// partitions load in the background and say how far they are.
/// </summary>
public sealed class MatchEngine : IPartitionDirectory, IAsyncDisposable
{
    private MatchEngine(IReadOnlyList<IPartition> all) => All = all;

    public IReadOnlyList<IPartition> All { get; }

    /// <summary>Completes when every partition is loaded or has failed.</summary>
    public Task Loaded { get; } = Task.CompletedTask;

    public static MatchEngine Open(IGalleryStore store, MatchEngineOptions options) =>
        throw new NotImplementedException($"{store} {options}");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>How an embedded engine is built.</summary>
public sealed record MatchEngineOptions
{
    /// <summary>Threads that scan; 0 takes one per core.</summary>
    public int Threads { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
