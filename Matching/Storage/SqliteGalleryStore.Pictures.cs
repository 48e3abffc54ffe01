using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Storage;

/// <summary>Pictures of encounters, in a table of their own that no load reads.</summary>
public sealed partial class SqliteGalleryStore
{
    /// <summary>
    /// Whether the table is there. It is set after the commit that made it: an append that comes later sees it.
    /// </summary>
    private volatile bool hasPictures;

    public async ValueTask<Decoded<Encounter>> ReadPicturesAsync(
        PartitionId partition, Encounter encounter, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(encounter);
        StoreArguments.CheckPartition(partition, PartitionCount);
        byte[]? stored = encounter.Pictures.Count == 0 || !hasPictures ? null
            : await readers.ReadAsync(
                reader => reader.ReadPictures(
                    partition.Number, StoreArguments.Key(encounter.PersonId),
                    StoreArguments.Key(encounter.EncounterId)),
                cancel);
        return PictureSeal.Open(Keys, encounter, stored);
    }

    /// <summary>Before the first append that brings pictures.</summary>
    private async ValueTask MakeRoomForPicturesAsync(IReadOnlyList<StoreWrite> writes, CancellationToken cancel)
    {
        if (hasPictures || seal is null || SealedWrites.WithoutKeys(writes) is null)
        {
            return;
        }

        await writer.RunAsync(
            session =>
            {
                SqliteSchema.AddPictures(session.Connection);
                return true;
            },
            Unusable<bool>, 0, cancel);
        hasPictures = true;
    }
}
