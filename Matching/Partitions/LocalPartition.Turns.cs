using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Partitions;

/// <content>Searches in turns of galleries.</content>
public sealed partial class LocalPartition
{
    /// <summary>
    /// Notes the holders of turns at the writer and in the store: who held them before writes nothing here any more,
    /// and all that they have written is visible, because the writer makes it so before it goes on. The append also
    /// shows that nobody else owns the partition.
    /// </summary>
    /// <returns>Why it could not; null where it is done.</returns>
    private async ValueTask<Outage?> FenceAsync(IReadOnlyList<GalleryLease> leases)
    {
        PendingBatch pending = new(new WriteBatch([]) { Leases = leases });
        if (writer is null || !writer.TryEnqueue(pending))
        {
            return new Outage($"partition {Id} has too many write batches waiting", MayRetry: true);
        }

        await pending.Done;
        return pending.Outage;
    }
}
