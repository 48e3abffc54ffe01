namespace MatchCluster.Matching.Feeds;

/// <summary>
/// The change logs of all galleries of a store. A change is written in one transaction with what it tells of: it is
/// there exactly if the write is. Whoever has seen sequence n of a gallery never finds anything new at or before n.
/// </summary>
public interface IChangeLog
{
    /// <summary>
    /// The changes after a position, at most so many. What was acked before the call is among them. A position that
    /// the log does not keep (<see cref="ChangePage.Lacks"/>) gives none.
    /// </summary>
    /// <param name="gallery">Name of the gallery; one that nobody ever named has an empty log.</param>
    /// <param name="after">The last sequence that was seen; 0 from the beginning.</param>
    /// <param name="most">1 to <see cref="Limits.ChangesPerRead"/>.</param>
    /// <param name="cancel">Ends it early.</param>
    ValueTask<ChangePage> ReadAsync(string gallery, long after, int most, CancellationToken cancel);

    /// <summary>How far the log of a gallery is.</summary>
    async ValueTask<ChangePosition> PositionAsync(string gallery, CancellationToken cancel) =>
        (await ReadAsync(gallery, long.MaxValue, 1, cancel)).Position;
}
