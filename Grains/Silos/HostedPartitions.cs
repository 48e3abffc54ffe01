using System.Collections.Concurrent;
using System.Diagnostics;
using MatchCluster.Matching.Partitions;

namespace MatchCluster.Grains.Silos;

/// <summary>The partitions that are active on this silo, as their grains come and go.</summary>
public sealed class HostedPartitions
{
    private readonly ConcurrentDictionary<int, HostedPartition> active = new();

    /// <summary>A picture of what is active now, by partition.</summary>
    public IReadOnlyDictionary<int, HostedPartition> Active => active.ToDictionary();

    public HostedPartition? Find(int partition) => active.GetValueOrDefault(partition);

    internal void Add(HostedPartition hosted) => active[hosted.Partition.Id.Number] = hosted;

    /// <summary>Forgets this activation, not one that took its place.</summary>
    internal void Remove(HostedPartition hosted) =>
        active.TryRemove(KeyValuePair.Create(hosted.Partition.Id.Number, hosted));
}

/// <summary>A partition and the activation that owns it.</summary>
/// <param name="partition">The engine's partition.</param>
/// <param name="activation">The grain's activation: it can be moved and ended by it.</param>
public sealed class HostedPartition(LocalPartition partition, IGrainContext activation)
{
    /// <summary>A load that failed costs as much again; until then the partition says why it is not there.</summary>
    private static readonly TimeSpan LoadAgainAfter = TimeSpan.FromSeconds(5);

    private readonly long opened = Stopwatch.GetTimestamp();
    private readonly Task<bool> hasServed = HasServedAsync(partition);

    public LocalPartition Partition { get; } = partition;

    public IGrainContext Activation { get; } = activation;

    /// <summary>
    /// Ends the activation of a partition that stopped for good, so that the next call opens it again.
    /// </summary>
    public void LeaveIfFailed()
    {
        bool mayTry = hasServed is { IsCompletedSuccessfully: true, Result: true }
            || Stopwatch.GetElapsedTime(opened) > LoadAgainAfter;
        if (Partition.HasFailed && mayTry)
        {
            Activation.Deactivate(new DeactivationReason(
                DeactivationReasonCode.ApplicationError, "the partition stopped; the next call opens it anew"));
        }
    }

    /// <summary>How far the silo that takes over has caught up; set before the activation is sent there.</summary>
    public JournalMark? HandedOver { get; set; }

    private static async Task<bool> HasServedAsync(LocalPartition partition)
    {
        await partition.Loading;
        return !partition.HasFailed;
    }
}
