using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Partitions;

/// <summary>
/// Erases what has expired from the store of one partition. Searches pass over it from the moment that it expires; this
/// only makes room and lets nothing lie about. What a legal hold keeps is asked again at each round.
/// </summary>
internal sealed class ExpiredErasure(IPartition partition, GalleryTable table, TimeProvider clock)
{
    /// <summary>Runs until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        using PeriodicTimer timer = new(Limits.EraseEvery, clock);
        try
        {
            do
            {
                await EraseAsync(cancel);
            }
            while (await timer.WaitForNextTickAsync(cancel));
        }
        catch (OperationCanceledException)
        {
            // The partition closes.
        }
    }

    private async Task EraseAsync(CancellationToken cancel)
    {
        foreach (var some in table.ExpiredAt(clock.GetUtcNow()).Chunk(Limits.WritesPerBatch))
        {
            cancel.ThrowIfCancellationRequested();

            // An outage ends the partition or passes by: whoever is still there is erased at a later round.
            await partition.ApplyAsync(
                new WriteBatch([.. some.Select(one => new Write.Delete(one.PersonId, one.EncounterId, one.RecordId))]),
                SearchBudget.Of(Limits.LongestDeadline, clock, cancel));
        }
    }
}
