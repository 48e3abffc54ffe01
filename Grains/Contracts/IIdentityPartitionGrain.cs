using Orleans.Concurrency;

namespace MatchCluster.Grains.Contracts;

/// <summary>
/// One partition of the gallery, keyed by its number. Calls carry frames, so that the engine's types need no
/// attributes and a silo of another version is noticed by the frame's header. Every call interleaves: a search must
/// never wait for another, the engine's own queues decide.
/// </summary>
[Alias("matchcluster.identity-partition")]
public interface IIdentityPartitionGrain : IGrainWithIntegerKey
{
    /// <summary>A search batch in, a partition answer out.</summary>
    /// <param name="batch">The searches.</param>
    /// <param name="budgetMilliseconds">Time the caller has left; clocks of two machines are never compared.</param>
    /// <param name="cancel">Ends the scan early.</param>
    /// <exception cref="CallRejectedException">The frame is none, or the partition does not exist.</exception>
    [AlwaysInterleave]
    [Alias("search")]
    Task<PartitionFrame> SearchAsync(PartitionFrame batch, long budgetMilliseconds, CancellationToken cancel);

    /// <summary>A write batch in, a write ack out.</summary>
    [AlwaysInterleave]
    [Alias("apply")]
    Task<PartitionFrame> ApplyAsync(PartitionFrame writes, long budgetMilliseconds, CancellationToken cancel);

    /// <summary>A read query in, a read answer out.</summary>
    [AlwaysInterleave]
    [Alias("read")]
    Task<PartitionFrame> ReadAsync(PartitionFrame query, long budgetMilliseconds, CancellationToken cancel);

    /// <summary>The partition's status.</summary>
    [AlwaysInterleave]
    [Alias("status")]
    Task<PartitionFrame> StatusAsync(CancellationToken cancel);
}
