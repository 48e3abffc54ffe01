namespace MatchCluster.Matching.Audit;

/// <summary>
/// What silos are about to erase because it has expired, on its way into the audit log of their cluster. Silos have no
/// keys of the log: they note before they erase, and front ends make rows of the notes.
/// </summary>
public interface IErasureOutbox
{
    /// <summary>From now on nothing is erased that is not noted. It may be said again.</summary>
    /// <exception cref="Storage.StoreException">It cannot be said now.</exception>
    ValueTask BeginAsync(CancellationToken cancel);

    /// <summary>
    /// The oldest notes. They are this caller's for a while, and nobody else reads any meanwhile; none where they are
    /// somebody else's.
    /// </summary>
    /// <param name="most">Notes at most.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="Storage.StoreException">They cannot be read now.</exception>
    ValueTask<IReadOnlyList<NotedErasure>> TakeAsync(int most, CancellationToken cancel);

    /// <summary>
    /// Removes notes that were taken and have their rows. What somebody else removed meanwhile stays as it is.
    /// </summary>
    /// <exception cref="Storage.StoreException">They cannot be removed now, and are recorded once more.</exception>
    ValueTask RemoveAsync(IReadOnlyList<NotedErasure> recorded, CancellationToken cancel);
}

/// <summary>Encounters that a silo was about to erase.</summary>
/// <param name="Id">Tells it apart from every other note.</param>
/// <param name="At">When it was noted.</param>
/// <param name="Galleries">The galleries that they were in, each once.</param>
/// <param name="Persons">Whose they were, each once.</param>
public sealed record NotedErasure(
    Guid Id, DateTimeOffset At, IReadOnlyList<string> Galleries, IReadOnlyList<string> Persons);
