using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Galleries.Images;
using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Partitions;

/// <summary>
/// The image of one partition over the partition's life: read when it loads, deleted before somebody in it is
/// deleted, written again when it closes.
/// </summary>
internal sealed class PartitionImage(PartitionId partition, GalleryImages images, IGalleryStore store)
{
    private bool isGone;

    /// <summary>
    /// The image, where this build can read it; another one is deleted, as it cannot be of use again.
    /// </summary>
    public GalleryImage? Take()
    {
        GalleryImage? image = images.Open(partition);
        try
        {
            images.DeleteUnfinished(partition);
            if (image is null)
            {
                images.Delete(partition);
            }
        }
        catch (Exception held) when (held is IOException or UnauthorizedAccessException)
        {
            // It is overwritten or deleted the next time.
        }

        return image;
    }

    /// <summary>
    /// Takes away an image that lies there in the clear although the store has keys, once its rows are loaded: the next
    /// close writes an encrypted one.
    /// </summary>
    public void DropPlain(bool isEncrypted)
    {
        if (store.Keys is not null && !isEncrypted)
        {
            BeforeErasure();
        }
    }

    /// <summary>
    /// Somebody is about to be deleted or replaced. The image still has that person's rows, and is worth less than what
    /// a deletion promises: it goes first, and the next close writes another one.
    /// </summary>
    /// <exception cref="StoreException">It cannot be deleted.</exception>
    public void BeforeErasure()
    {
        if (isGone)
        {
            return;
        }

        try
        {
            images.Delete(partition);
            isGone = true;
        }
        catch (Exception held) when (held is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(
                new(
                    "the rows that lie beside the store cannot be deleted; make the directory writable",
                    MayRetry: true),
                $"partition {partition}", held);
        }
    }

    /// <summary>
    /// Leaves the rows to the next owner. This comes after the last write, so that nothing is missing; an
    /// image whose partition was written to later by another owner is recognised by its epoch.
    /// </summary>
    /// <param name="epoch">The owner's epoch.</param>
    /// <param name="gallery">All that it holds.</param>
    /// <param name="unchanged">The image it was loaded from, where nothing was written since.</param>
    public async Task KeepAsync(long epoch, GallerySnapshot gallery, ImageHeader? unchanged)
    {
        try
        {
            Guid seal = Guid.NewGuid();
            if (store.Keys is { } keys && await keys.EnsureAsync(gallery.GalleriesInUse(), default) is not null)
            {
                // A gallery is being deleted: no rows of it stay on the disk.
                BeforeErasure();
                return;
            }

            if (await store.DigestAsync(partition, CancellationToken.None) is { } digest
                && digest.Encounters == gallery.Encounters
                && ((unchanged is { } there && images.SealAgain(partition, epoch, seal, there))
                    || await Task.Run(() => images.Write(partition, epoch, seal, digest, gallery))))
            {
                await store.WriteBlobAsync(
                    GalleryImages.SealName(partition), seal.ToByteArray(), CancellationToken.None);
            }
        }
        catch (Exception lost) when (lost is StoreException or KeyException)
        {
            // Without its seal the image is no more than rows that may still be right.
        }
    }
}
