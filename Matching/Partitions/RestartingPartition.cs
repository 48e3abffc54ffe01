using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Partitions;

/// <summary>
/// A partition of this process that is opened again by itself after it stopped: its store was full or away, memory ran
/// out, a write was left in doubt. Each try waits longer than the one before. Meanwhile it answers as the one that
/// stopped does, with the reason. What no try can mend (damage, a gallery that does not fit) is left to the operator.
/// </summary>
/// <remarks>
/// One that somebody else opened after it stays as it is: two processes that take it from each other in turns would
/// both answer, each without what the other wrote last.
/// </remarks>
internal sealed class RestartingPartition : IPartition, IAsyncDisposable
{
    /// <summary>The first pause, and the longest one: a load takes what searches could use.</summary>
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>One that held for so long begins with the first pause again.</summary>
    private static readonly TimeSpan HoldsAfter = TimeSpan.FromMinutes(1);

    private readonly Func<LocalPartition> open;
    private readonly TimeProvider clock;
    private readonly CancellationTokenSource stopping = new();
    private readonly Lazy<Task> closed;
    private readonly Task watching;
    private volatile LocalPartition current;

    /// <param name="open">Opens the partition.</param>
    /// <param name="clock">Measures the pauses.</param>
    /// <param name="stopped">Told each time it stops: the reason, and what was thrown.</param>
    /// <param name="reopened">Run each time it is loaded again.</param>
    public RestartingPartition(
        Func<LocalPartition> open, TimeProvider clock, Action<PartitionId, Outage, Exception?> stopped,
        Func<LocalPartition, Task> reopened)
    {
        this.open = open;
        this.clock = clock;
        current = open();
        Loading = current.Loading;
        closed = new Lazy<Task>(CloseAsync);
        watching = Task.Run(() => WatchAsync(stopped, reopened));
    }

    public PartitionId Id => current.Id;

    /// <summary>Completes when it is ready or has failed for the first time; never faults.</summary>
    public Task Loading { get; }

    /// <summary>Encounters that are in the middle of a move now.</summary>
    public IReadOnlyList<Encounter> Moved => current.Moved;

    /// <summary>Encounters that the load found in the middle of a move; complete once loaded.</summary>
    public IReadOnlyList<Encounter> FoundMoving => current.FoundMoving;

    /// <summary>Seals again what is plain or sealed with older keys.</summary>
    /// <exception cref="StoreException">It is not open now, or cannot be read or written.</exception>
    public Task<ResealCount> ResealAsync(CancellationToken cancel) => current.ResealAsync(cancel);

    public ValueTask<PartitionAnswer> SearchAsync(SearchBatch batch, SearchBudget budget) =>
        current.SearchAsync(batch, budget);

    public ValueTask<WriteAck> ApplyAsync(WriteBatch writes, SearchBudget budget) =>
        current.ApplyAsync(writes, budget);

    public ValueTask<ReadAnswer> ReadAsync(ReadQuery query, SearchBudget budget) => current.ReadAsync(query, budget);

    public async ValueTask<PartitionStatus> StatusAsync(CancellationToken cancel)
    {
        LocalPartition asked = current;
        PartitionStatus status = await asked.StatusAsync(cancel);
        return status.State != PartitionState.Failed ? status : status with
        {
            Reason = status.Reason + (MayHelp(asked)
                ? "; it is opened again by itself" : "; the server has to be started again once that is mended"),
        };
    }

    /// <summary>Ends it; a second call waits for the first.</summary>
    public ValueTask DisposeAsync() => new(closed.Value);

    private static bool MayHelp(LocalPartition failed) => !failed.HasNewerOwner
        && failed.Stopped is { IsCompletedSuccessfully: true, Result.MayRetry: true };

    private async Task CloseAsync()
    {
        await stopping.CancelAsync();
        await watching;
        await current.DisposeAsync();
        stopping.Dispose();
    }

    private async Task WatchAsync(
        Action<PartitionId, Outage, Exception?> stopped, Func<LocalPartition, Task> reopened)
    {
        TimeSpan pause = FirstPause;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                long opened = clock.GetTimestamp();
                Outage reason = await current.Stopped.WaitAsync(stopping.Token);
                stopped(Id, reason, current.Cause);
                if (!MayHelp(current))
                {
                    return;
                }

                pause = clock.GetElapsedTime(opened) > HoldsAfter ? FirstPause : pause;
                await Task.Delay(pause, clock, stopping.Token);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
                await OpenAgainAsync(reopened);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception)
            {
                // Not even the try could be made (memory): the one that stopped stays, and the next round tries again.
                await Task.Delay(LongestPause, clock, stopping.Token).ContinueWith(_ => { }, TaskScheduler.Default);
            }
        }
    }

    private async Task OpenAgainAsync(Func<LocalPartition, Task> reopened)
    {
        await current.DisposeAsync();
        LocalPartition next = open();
        current = next;
        await next.Loading;
        if (!next.HasFailed)
        {
            await reopened(next);
        }
    }
}
