using MatchCluster.Matching.Bytes;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Galleries.Images;

/// <summary>
/// Finds the rows of an encounter in an image that is older than the store: rows of the very record that the store
/// holds are still right.
/// </summary>
internal sealed class ImageIndex
{
    private readonly GalleryImage image;
    private readonly Dictionary<(string PersonId, string EncounterId), Place> places = [];

    /// <exception cref="InvalidDataException">The image is damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public ImageIndex(GalleryImage image)
    {
        this.image = image;
        foreach (ImagePlace block in image.Blocks())
        {
            using ImageBlock read = image.Read(block);
            foreach (ImageRows one in read.Encounters)
            {
                places[(one.Facts.PersonId, one.Facts.EncounterId)] =
                    new Place(one.Facts.RecordId, block, one.Offset, one.Rows.Length, Crc32C.Of(one.Rows.Span, []));
            }
        }
    }

    /// <summary>The rows of this record; null where the image has another one or none. Any thread may ask.</summary>
    public EncounterRows? Find(StoredEncounter stored)
    {
        if (stored.Content.Value is not { } encounter
            || !places.TryGetValue((stored.PersonId, stored.EncounterId), out Place place)
            || place.RecordId != encounter.RecordId)
        {
            return null;
        }

        try
        {
            // The block was checked when it was read whole; this part of it is compared with what it was then.
            byte[] rows = image.ReadRows(place.Block, place.Offset, place.Length);
            return Crc32C.Of(rows, []) == place.Checksum ? EncounterRows.FromImage(rows) : null;
        }
        catch (Exception lost) when (lost is IOException or InvalidDataException)
        {
            return null;
        }
    }

    private readonly record struct Place(Guid RecordId, ImagePlace Block, int Offset, int Length, uint Checksum);
}
