using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Feeds;

/// <summary>Turns a write into the changes that the logs of the galleries get.</summary>
/// <param name="keys">Keys of the galleries.</param>
/// <param name="clock">Times of changes.</param>
public sealed class FeedNotes(FeedKeys keys, TimeProvider clock)
{
    /// <summary>The changes of one write, one for each gallery that it is seen from.</summary>
    /// <param name="personId">Whose encounter it is.</param>
    /// <param name="encounterId">Which encounter.</param>
    /// <param name="before">What was here; null where it is new.</param>
    /// <param name="after">What is here afterwards; null where it goes.</param>
    public IReadOnlyList<FeedEntry> Of(string personId, string encounterId, FeedVersion? before, FeedVersion? after)
    {
        DateTimeOffset now = clock.GetUtcNow();
        List<FeedEntry> entries = [];
        foreach (string gallery in after?.Galleries ?? [])
        {
            FeedKey key = keys.Of(gallery);
            FeedVersion came = after!.Value;
            StateHash hash = key.Of(personId, encounterId, came.RecordId);
            if (before is { } old && old.Galleries.Contains(gallery))
            {
                StateHash former = key.Of(personId, encounterId, old.RecordId);
                entries.Add(new FeedEntry(
                    gallery, KindOf(old, came), personId, encounterId, came.RecordId, now,
                    new GalleryState(hash - former, 0)));
            }
            else
            {
                entries.Add(new FeedEntry(
                    gallery, ChangeKind.Added, personId, encounterId, came.RecordId, now, new GalleryState(hash, 1)));
            }
        }

        foreach (string gallery in before?.Galleries ?? [])
        {
            if (after is { } kept && kept.Galleries.Contains(gallery))
            {
                continue;
            }

            FeedVersion went = before!.Value;
            ChangeKind kind = after is null && went.HasExpired ? ChangeKind.Expired : ChangeKind.Deleted;
            entries.Add(new FeedEntry(
                gallery, kind, personId, encounterId, went.RecordId, now,
                new GalleryState(-keys.Of(gallery).Of(personId, encounterId, went.RecordId), -1)));
        }

        return entries;
    }

    private static ChangeKind KindOf(in FeedVersion before, in FeedVersion after) =>
        before.IsActive != after.IsActive ? ChangeKind.StatusChanged : ChangeKind.Updated;
}
