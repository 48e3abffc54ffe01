using MatchCluster.Grains.Contracts;
using MatchCluster.Grains.Placements;
using MatchCluster.Matching.Frames;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Seam;
using Orleans.Placement;

namespace MatchCluster.Grains.Silos;

/// <summary>
/// Owns one partition while it is active: opens it, hands it calls, closes it, and carries what a hand-over
/// needs. The rules of searches and writes are the engine's. A second activation of the
/// partition takes the store's epoch, the first one's next append is refused, and the first one leaves. So
/// does one whose load failed: the next call opens it again. An activation that is handed over takes along
/// what changed since its new silo last caught up, and finds the rows loaded there.
/// </summary>
[KeepAlive]
[Immovable]
[PartitionPlacement]
[GrainType("identity-partition")]
internal sealed class IdentityPartitionGrain(
    PartitionHost host, HostedPartitions hosted, Standbys standbys, SiloInstruments instruments, ILocalSiloDetails silo)
    : Grain, IIdentityPartitionGrain, IGrainMigrationParticipant
{
    private const string ChangesKey = "matchcluster.changes";

    /// <summary>
    /// Taking over what is loaded takes milliseconds: callers wait for it. If it takes longer they are told.
    /// </summary>
    private static readonly TimeSpan TakeOverWithin = TimeSpan.FromSeconds(5);

    private HostedPartition? here;
    private PartitionEndpoint? endpoint;
    private JournalTail? changes;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        long number = this.GetPrimaryKeyLong();
        if (number < 0 || number >= host.PartitionCount)
        {
            return;
        }

        StandbyPartition? standby = standbys.Take((int)number);
        here = new HostedPartition(host.Open(new PartitionId((int)number), standby, changes), GrainContext);
        endpoint = new PartitionEndpoint(here.Partition);
        LocalPartition opened = here.Partition;
        _ = instruments.WatchLoadAsync((int)number, isStandby: false, opened.Loading, () => opened.HasFailed);
        if (standby is not null)
        {
            await Task.WhenAny(here.Partition.Loading, Task.Delay(TakeOverWithin, cancellationToken));
        }

        hosted.Add(here);
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (here is not null)
        {
            hosted.Remove(here);
            await here.Partition.DisposeAsync();
        }
    }

    /// <summary>Called when the partition is closed: nothing changes any more.</summary>
    public void OnDehydrate(IDehydrationContext dehydrationContext)
    {
        if (here is { HandedOver: { } mark } && here.Partition.ChangesSince(mark) is { } tail)
        {
            dehydrationContext.TryAddValue(ChangesKey, JournalTailFrame.Encode(tail));
        }
    }

    /// <summary>Without changes the partition is compared with the store: slower, and as right.</summary>
    public void OnRehydrate(IRehydrationContext rehydrationContext)
    {
        if (rehydrationContext.TryGetValue(ChangesKey, out byte[]? frame)
            && JournalTailFrame.Decode(frame) is { IsAccepted: true } decoded)
        {
            changes = decoded.Value;
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

    /// <summary>An answer says where it comes from, so that the next search goes there at once.</summary>
    private async Task<PartitionFrame> WatchedAsync(Task<PartitionFrame> call)
    {
        PartitionFrame frame = await call;
        here!.LeaveIfFailed();
        return new PartitionFrame(frame.Bytes, silo.Name);
    }
}
