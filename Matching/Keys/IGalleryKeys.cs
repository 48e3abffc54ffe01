namespace MatchCluster.Matching.Keys;

/// <summary>What an administrator does with keys: in this process, or at a silo of a cluster.</summary>
public interface IGalleryKeys
{
    /// <summary>Every key that there is, and the master key that wraps them.</summary>
    Task<KeyList> ListAsync(CancellationToken cancel);

    /// <summary>
    /// Lets a gallery's keys seal nothing any more: it is about to be deleted. When it returns, no process seals with
    /// them; what was sealed before may still wait for its commit. Nothing happens where the gallery has no key.
    /// </summary>
    Task CloseAsync(string gallery, CancellationToken cancel);

    /// <summary>Lets closed keys seal again: the gallery stays after all.</summary>
    Task ReopenAsync(string gallery, CancellationToken cancel);

    /// <summary>Destroys every key of a gallery: what they sealed can be read by nobody any more.</summary>
    Task DestroyAsync(string gallery, CancellationToken cancel);

    /// <summary>Gives a gallery a new key; older keys still open what they sealed.</summary>
    /// <returns>Its number; null where the gallery has no key to rotate.</returns>
    Task<int?> RotateAsync(string gallery, CancellationToken cancel);

    /// <summary>Reads the master key again where it comes from, and wraps every key with it.</summary>
    /// <returns>How many keys were wrapped.</returns>
    Task<int> RewrapAsync(CancellationToken cancel);
}

/// <summary>The keys of a store.</summary>
/// <param name="MasterKeyId">The id of the master key; null where samples are stored in the clear.</param>
/// <param name="Keys">By gallery and number.</param>
public sealed record KeyList(string? MasterKeyId, IReadOnlyList<KeyFacts> Keys);
