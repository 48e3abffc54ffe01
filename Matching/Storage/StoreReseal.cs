using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Storage;

/// <summary>
/// Seals a whole store again that nobody else has open: what is plain or sealed with older keys is written with the
/// latest ones. It may be cut off at any time and run again.
/// </summary>
public static class StoreReseal
{
    /// <summary>Name of the blob that says that nothing in the store is plain.</summary>
    private const string DoneName = "records-sealed";

    /// <param name="store">A store with keys.</param>
    /// <param name="cancel">Ends it early.</param>
    /// <exception cref="StoreException">It has no keys, or cannot be read or written.</exception>
    public static async Task<ResealCount> RunAsync(IGalleryStore store, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(store);
        KeyRing keys = store.Keys ?? throw new StoreException("the store has no keys to seal with");
        ResealCount count = default;
        for (int number = 0; number < store.PartitionCount; number++)
        {
            count += await RunAsync(store, new PartitionId(number), cancel);
        }

        await FinishAsync(store, keys, count, cancel);
        return count;
    }

    /// <summary>
    /// Whether something may be plain or sealed with an older key: nobody has sealed the whole store yet, or a gallery
    /// has an older key.
    /// </summary>
    public static async Task<bool> IsNeededAsync(IGalleryStore store, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(store);
        return store.Keys is { } keys
            && (keys.All.Any(key => !key.IsCurrent && key.State == KeyState.InUse)
                || await store.ReadBlobAsync(DoneName, cancel) is null);
    }

    /// <summary>
    /// After every partition was sealed again: notes it, and destroys keys that nothing is sealed with any more. Where
    /// a record could not be read nobody knows what sealed it: then they stay.
    /// </summary>
    internal static async Task FinishAsync(
        IGalleryStore store, KeyRing keys, ResealCount found, CancellationToken cancel)
    {
        if (found.Unreadable > 0)
        {
            return;
        }

        foreach (string gallery in keys.All.Where(key => !key.IsCurrent && key.State == KeyState.InUse)
            .Select(key => key.Gallery).Distinct(StringComparer.Ordinal))
        {
            await keys.RemoveOldAsync(gallery, cancel);
        }

        await store.WriteBlobAsync(DoneName, new byte[] { 1 }, cancel);
    }

    private static async Task<ResealCount> RunAsync(
        IGalleryStore store, PartitionId partition, CancellationToken cancel)
    {
        ResealCount count = default;
        long epoch = 0;
        await foreach (IReadOnlyList<StoredEncounter> chunk in store.ReadAllAsync(partition, cancel))
        {
            List<StoreWrite> stale = [];
            int unreadable = 0;
            foreach (StoredEncounter stored in chunk.Where(one => one.IsStale && one.Content.IsAccepted))
            {
                Decoded<Encounter> whole = await store.ReadPicturesAsync(partition, stored.Content.Value!, cancel);
                unreadable += whole.IsAccepted ? 0 : 1;
                if (whole.IsAccepted)
                {
                    stale.Add(StoreWrite.Put(whole.Value));
                }
            }

            if (stale.Count > 0)
            {
                epoch = epoch > 0 ? epoch : await store.OpenEpochAsync(partition, cancel);
                AppendResult result = await store.AppendAsync(partition, epoch, stale, cancel);
                if (result.Outcome != AppendOutcome.Applied)
                {
                    throw new StoreException(
                        $"partition {partition} was {result.Outcome} while it was sealed again"
                        + (result.Outage is { } outage ? $": {outage.Reason}" : "; is a server using it?"));
                }
            }

            count += new ResealCount(
                chunk.Count, stale.Count, unreadable + chunk.Count(stored => !stored.Content.IsAccepted));
        }

        return count;
    }
}
