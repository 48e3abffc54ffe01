using MatchCluster.Matching.Feeds;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Packs;

/// <summary>
/// Applies the changes of a gallery to a store that nobody has open otherwise, in their order. Doing a change again
/// changes nothing, so that whoever was cut off begins again at the last position that was noted.
/// </summary>
public sealed class FeedReplay
{
    private readonly IGalleryStore store;
    private readonly long[] epochs;

    private FeedReplay(IGalleryStore store, long[] epochs)
    {
        this.store = store;
        this.epochs = epochs;
    }

    /// <summary>Becomes the owner of every partition of a store.</summary>
    /// <exception cref="StoreException">The store cannot be used.</exception>
    public static async Task<FeedReplay> OpenAsync(IGalleryStore store, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(store);
        long[] epochs = new long[store.PartitionCount];
        for (int partition = 0; partition < epochs.Length; partition++)
        {
            epochs[partition] = await store.OpenEpochAsync(new PartitionId(partition), cancel);
        }

        return new FeedReplay(store, epochs);
    }

    /// <summary>Applies changes.</summary>
    /// <param name="changes">
    /// The changes, in order, each with its encounter; null where it is gone or superseded.
    /// </param>
    /// <param name="cancel">Ends it early, between two appends.</param>
    /// <exception cref="PackException">They could not be written.</exception>
    public async Task ApplyAsync(
        IEnumerable<(Change Change, Encounter? Content)> changes, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(changes);
        foreach (IGrouping<int, StoreWrite> some in changes.Select(one => WriteOf(one.Change, one.Content))
            .OfType<StoreWrite>().GroupBy(write => Placement.PartitionOf(write.PersonId, epochs.Length).Number))
        {
            AppendResult result = await store.AppendAsync(
                new PartitionId(some.Key), epochs[some.Key], [.. some], cancel);
            if (result.Outcome != AppendOutcome.Applied)
            {
                throw new PackException(
                    $"the copy cannot be written: {result.Outage?.Reason ?? result.Outcome.ToString()}");
            }
        }
    }

    /// <summary>What the store holds, by the key of the gallery's log.</summary>
    /// <exception cref="PackException">A record cannot be read.</exception>
    public static async Task<GalleryState> StateAsync(IGalleryStore store, FeedKey key, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(key);
        GalleryState state = default;
        for (int partition = 0; partition < store.PartitionCount; partition++)
        {
            await foreach (IReadOnlyList<StoredEncounter> some in store.ReadAllAsync(
                new PartitionId(partition), cancel))
            {
                foreach (StoredEncounter stored in some)
                {
                    Encounter found = stored.Content.Value
                        ?? throw new PackException($"a record of the copy cannot be read: {stored.Content.Rejection}");
                    state += new GalleryState(key.Of(found.PersonId, found.EncounterId, found.RecordId), 1);
                }
            }
        }

        return state;
    }

    private static StoreWrite? WriteOf(Change change, Encounter? content) =>
        change.IsGone ? StoreWrite.Delete(change.PersonId, change.EncounterId)
        : content is not null ? StoreWrite.Put(content) : null;
}
