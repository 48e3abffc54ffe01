namespace MatchCluster.Matching.Seam;

/// <summary>
/// Says that whoever asks holds the turn of a gallery: nobody else enrols into it by turns meanwhile. A holder that was
/// paused past its time is told apart by the number: partitions write nothing for a lower one than they have seen.
/// </summary>
/// <param name="Gallery">The gallery.</param>
/// <param name="Epoch">
/// Of two holders the later one has the higher number; 0 to <see cref="HighestEpoch"/>.
/// </param>
public readonly record struct GalleryLease(string Gallery, long Epoch)
{
    /// <summary>Numbers up to here are exact wherever they are compared.</summary>
    public const long HighestEpoch = 1L << 53;
}
