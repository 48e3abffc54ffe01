using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Partitions;

/// <summary>
/// Reads a partition through and has its writer store again what is plain or sealed with older keys: in small batches,
/// so that other writes come in between.
/// </summary>
internal static class PartitionReseal
{
    private const int EncountersPerBatch = 64;

    private static readonly TimeSpan WhileFull = TimeSpan.FromMilliseconds(50);

    public static async Task<ResealCount> RunAsync(
        PartitionId partition, IGalleryStore store, PartitionWriter writer, CancellationToken cancel)
    {
        ResealCount count = default;
        await foreach (IReadOnlyList<StoredEncounter> chunk in store.ReadAllAsync(partition, cancel))
        {
            Write[] stale =
            [
                .. chunk.Where(stored => stored.IsStale && stored.Content.IsAccepted).Select(
                    stored => new Write.Reseal(stored.PersonId, stored.EncounterId, stored.Content.Value!.RecordId)),
            ];
            int unreadable = 0;
            foreach (Write[] part in stale.Chunk(EncountersPerBatch))
            {
                unreadable += await WriteAsync(writer, part, cancel);
            }

            count += new ResealCount(
                chunk.Count, stale.Length, unreadable + chunk.Count(stored => !stored.Content.IsAccepted));
        }

        return count;
    }

    /// <returns>How many stay as they are, because their pictures cannot be read.</returns>
    private static async Task<int> WriteAsync(PartitionWriter writer, Write[] part, CancellationToken cancel)
    {
        PendingBatch pending = new(new WriteBatch(part));
        while (!writer.TryEnqueue(pending))
        {
            await Task.Delay(WhileFull, cancel);
        }

        WriteAck ack = await pending.Done;
        if (ack.Results.Select(result => result.Outage).FirstOrDefault(outage => outage is not null) is { } broken)
        {
            throw new StoreException(broken, "sealing again");
        }

        return ack.Results.Count(result => result.Refusal is { } kept && kept != MoveStage.Changed);
    }
}
