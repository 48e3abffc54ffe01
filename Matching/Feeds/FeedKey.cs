using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Feeds;

/// <summary>
/// What encounters are hashed with for the state of one gallery in its change log. Unlike the store's own key it is
/// given to whoever may read the whole log, so that a copy can be held against the original; it says nothing about
/// other galleries.
/// </summary>
public sealed class FeedKey
{
    /// <summary>Length of a key.</summary>
    public const int Bytes = 32;

    private readonly byte[] key;

    /// <param name="key">The key, 32 bytes.</param>
    public FeedKey(ReadOnlySpan<byte> key)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(key.Length, Bytes);
        this.key = key.ToArray();
    }

    /// <summary>The key itself.</summary>
    public ReadOnlyMemory<byte> Key => key;

    /// <summary>The part of one encounter: HMAC-SHA-256 of its ids and its version.</summary>
    /// <remarks>
    /// Text: lengths of the person's id and its own (4 bytes each, little-endian), both ids (UTF-8), the id of its
    /// record (16, big-endian). Every change of an encounter, of its status too, renews the record's id.
    /// </remarks>
    public StateHash Of(string personId, string encounterId, Guid recordId)
    {
        int person = Encoding.UTF8.GetByteCount(personId);
        int encounter = Encoding.UTF8.GetByteCount(encounterId);
        int length = 8 + person + encounter + 16;
        Span<byte> text = length <= 512 ? stackalloc byte[length] : new byte[length];
        BinaryPrimitives.WriteInt32LittleEndian(text, person);
        BinaryPrimitives.WriteInt32LittleEndian(text[4..], encounter);
        Encoding.UTF8.GetBytes(personId, text[8..]);
        Encoding.UTF8.GetBytes(encounterId, text[(8 + person)..]);
        recordId.TryWriteBytes(text[(8 + person + encounter)..], bigEndian: true, out _);
        Span<byte> hash = stackalloc byte[StateHash.Bytes];
        HMACSHA256.HashData(key, text, hash);
        return new StateHash(hash);
    }
}

/// <summary>The keys of all galleries of a store, each made from the store's key and the gallery's name.</summary>
/// <param name="storeKey">The store's key, equal for everybody who opens the store.</param>
public sealed class FeedKeys(byte[] storeKey)
{
    private const int MostKept = 4096;
    private static readonly byte[] Purpose = "matchcluster change log 1\0"u8.ToArray();

    private readonly ConcurrentDictionary<string, FeedKey> kept = new(StringComparer.Ordinal);

    /// <summary>The key of a gallery.</summary>
    public FeedKey Of(string gallery)
    {
        if (kept.TryGetValue(gallery, out FeedKey? known))
        {
            return known;
        }

        FeedKey made = new(HMACSHA256.HashData(storeKey, (byte[])[.. Purpose, .. Encoding.UTF8.GetBytes(gallery)]));
        if (kept.Count < MostKept)
        {
            kept.TryAdd(gallery, made);
        }

        return made;
    }
}
