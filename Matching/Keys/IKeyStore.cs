namespace MatchCluster.Matching.Keys;

/// <summary>
/// Where the wrapped keys lie, beside the data: a table of the database, or a hash in Redis. What these methods
/// have done is as durable as an append of records.
/// </summary>
public interface IKeyStore
{
    /// <summary>Every entry, in no order.</summary>
    ValueTask<IReadOnlyList<WrappedKey>> ReadKeysAsync(CancellationToken cancel);

    /// <summary>Adds an entry where there is none of that gallery and number.</summary>
    /// <returns>False where somebody else was earlier; nothing was changed then.</returns>
    ValueTask<bool> TryAddKeyAsync(WrappedKey key, CancellationToken cancel);

    /// <summary>
    /// Replaces entries, all at once; one that is gone meanwhile stays gone, because its gallery was deleted.
    /// </summary>
    ValueTask ReplaceKeysAsync(IReadOnlyList<WrappedKey> keys, CancellationToken cancel);

    /// <summary>
    /// Destroys entries: when it returns, their bytes are in no file of the store any more, as far as the store decides
    /// that.
    /// </summary>
    ValueTask RemoveKeysAsync(string gallery, IReadOnlyList<int> numbers, CancellationToken cancel);
}
