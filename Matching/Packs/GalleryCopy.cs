using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Packs;

/// <summary>A gallery that was made of a pack, as a server serves it.</summary>
/// <param name="Note">The pack.</param>
/// <param name="Hits">Where its hits are recorded.</param>
public sealed record GalleryCopy(PackNote Note, PackHits Hits) : IAsyncDisposable
{
    /// <summary>The copy of a data directory; null where it is none.</summary>
    /// <param name="directory">The data directory.</param>
    /// <param name="calibration">Id of what fingers are scored by here.</param>
    /// <param name="clock">Times of hits.</param>
    /// <exception cref="StoreException">
    /// It cannot be read, or its fingers would be scored by other curves than at its origin.
    /// </exception>
    public static GalleryCopy? Open(string directory, string calibration, TimeProvider clock)
    {
        if (PackNote.Read(directory) is not { } note)
        {
            return null;
        }

        return note.Manifest.Calibration == calibration ? new GalleryCopy(note, PackHits.Open(directory, clock))
            : throw new StoreException(
                $"{directory} is a copy whose origin scores fingers by {note.Manifest.Calibration}, and this server "
                + $"by {calibration}; give it the same --calibration and --calibration-margin");
    }

    public ValueTask DisposeAsync() => Hits.DisposeAsync();
}
