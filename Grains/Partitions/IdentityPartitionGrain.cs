using MatchCluster.Grains.Silos;
using MatchCluster.Matching.Partitions;
using Orleans.Placement;

namespace MatchCluster.Grains.Partitions;

/// <summary>
/// Owns one partition while it is active: opens it, hands it calls, closes it. No logic. A second activation of the
/// same partition takes the store's epoch, the first one's next append is refused, and the first one leaves. So does
/// one whose load failed: the next call opens it anew.
/// </summary>
[KeepAlive]
[Immovable]
[PartitionPlacement]
[GrainType("identity-partition")]
public sealed class IdentityPartitionGrain(PartitionHost host, LocalPartitions local) : Grain, IIdentityPartitionGrain
{
    private LocalPartition? partition;
    private PartitionEndpoint? endpoint;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        long number = this.GetPrimaryKeyLong();
        if (number >= 0 && number < host.PartitionCount)
        {
            partition = host.Open(new PartitionId((int)number));
            endpoint = new PartitionEndpoint(partition);
            local.Add(partition.Id.Number, GrainContext);
        }

        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (partition is not null)
        {
            local.Remove(partition.Id.Number, GrainContext);
            await partition.DisposeAsync();
        }
    }

    public Task<PartitionFrame> SearchAsync(
        PartitionFrame batch, long budgetMilliseconds, CancellationToken cancel) =>
        WatchedAsync(Opened().SearchAsync(batch, budgetMilliseconds, cancel));

    public Task<PartitionFrame> ApplyAsync(
        PartitionFrame writes, long budgetMilliseconds, CancellationToken cancel) =>
        WatchedAsync(Opened().ApplyAsync(writes, budgetMilliseconds, cancel));

    public Task<PartitionFrame> ReadAsync(PartitionFrame query, long budgetMilliseconds, CancellationToken cancel) =>
        WatchedAsync(Opened().ReadAsync(query, budgetMilliseconds, cancel));

    public Task<PartitionFrame> StatusAsync(CancellationToken cancel) =>
        WatchedAsync(Opened().StatusAsync(cancel));

    public Task<int> CountPartitionsAsync() => Task.FromResult(host.PartitionCount);

    private PartitionEndpoint Opened()
    {
        if (endpoint is not null)
        {
            return endpoint;
        }

        this.DeactivateOnIdle();
        throw new CallRejectedException(
            $"partition {this.GetPrimaryKeyLong()}, wanted 0 to {host.PartitionCount - 1},"
            + " as the silo's store has them");
    }

    private async Task<PartitionFrame> WatchedAsync(Task<PartitionFrame> call)
    {
        PartitionFrame frame = await call;
        if (partition!.HasFailed)
        {
            this.DeactivateOnIdle();
        }

        return frame;
    }
}
