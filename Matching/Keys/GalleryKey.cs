namespace MatchCluster.Matching.Keys;

/// <summary>What a gallery's key may be used for.</summary>
public enum KeyState : byte
{
    /// <summary>New records are sealed with the latest key of this state; older ones open what they sealed.</summary>
    InUse = 1,

    /// <summary>The gallery is being deleted: the key opens what it sealed, and seals nothing any more.</summary>
    Closing = 2,
}

/// <summary>A key of a gallery in memory.</summary>
/// <param name="Gallery">Its gallery; empty for the store's own key, which no gallery can have as its name.</param>
/// <param name="Number">1 for a gallery's first key, one more with every rotation.</param>
/// <param name="Id">Names it in what it sealed; never used again.</param>
/// <param name="State">What it may be used for.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Key">The 256 bits.</param>
internal sealed record GalleryKey(
    string Gallery, int Number, Guid Id, KeyState State, DateTimeOffset Created, byte[] Key)
{
    public const int Bytes = 32;

    /// <summary>No key in a message or log.</summary>
    public override string ToString() => $"key {Number} of gallery '{Gallery}'";
}

/// <summary>A key of a gallery as the store keeps it: wrapped with the master key.</summary>
/// <param name="Gallery">Its gallery.</param>
/// <param name="Number">Its number: a store has one entry of a gallery and number.</param>
/// <param name="Entry">The bytes, as <see cref="KeyCodec"/> writes them.</param>
public sealed record WrappedKey(string Gallery, int Number, byte[] Entry);

/// <summary>What an administrator may know of a key.</summary>
/// <param name="Gallery">Its gallery; empty for the store's own.</param>
/// <param name="Number">1 for the first, one more with every rotation.</param>
/// <param name="State">What it may be used for.</param>
/// <param name="Created">When it was made.</param>
/// <param name="IsCurrent">Whether new records are sealed with it.</param>
public readonly record struct KeyFacts(
    string Gallery, int Number, KeyState State, DateTimeOffset Created, bool IsCurrent);
