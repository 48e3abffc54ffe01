namespace MatchCluster.Matching.Seam;

/// <summary>
/// The order in which galleries are enrolled into by those who must know everybody in them: one holder of a gallery at
/// a time, among all processes that serve it.
/// </summary>
public interface IGalleryTurns
{
    /// <summary>
    /// Waits for the turns of all of these galleries; null where they were not free within the time.
    /// </summary>
    /// <param name="galleries">Each once, in ordinal order: holders of several never wait for each other.</param>
    /// <param name="within">How long to wait.</param>
    /// <param name="cancel">Gives up waiting.</param>
    /// <exception cref="Storage.StoreException">The turns are kept elsewhere and cannot be reached.</exception>
    ValueTask<IGalleryTurn?> TakeAsync(IReadOnlyList<string> galleries, TimeSpan within, CancellationToken cancel);
}

/// <summary>Turns that are held; disposing lets them go.</summary>
public interface IGalleryTurn : IAsyncDisposable
{
    /// <summary>
    /// What searches and writes carry so that a later holder fences them; none where no holder can outlive its turn.
    /// </summary>
    IReadOnlyList<GalleryLease> Leases { get; }
}
