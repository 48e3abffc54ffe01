using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Storage;

/// <summary>The writes of an append as bytes, with the keys that they were sealed with.</summary>
/// <param name="Writes">The writes; empty where they cannot be sealed.</param>
/// <param name="Keys">Ids of the keys; none where nothing is sealed.</param>
/// <param name="Seal">What sealed them; null where nothing is sealed.</param>
/// <param name="Outage">Why they cannot be sealed now; null where they were.</param>
internal readonly record struct SealedWrites(
    EncodedWrite[] Writes, IReadOnlyList<Guid> Keys, RecordSeal? Seal, Outage? Outage)
{
    /// <summary>
    /// A key was rotated or closed between sealing and commit; sealed again, the writes may be committed.
    /// </summary>
    public static readonly Outage KeyIsGone =
        new("a gallery of it is being deleted, or its key was just rotated; try again in a moment", MayRetry: true);

    public long Bytes => Writes.Sum(write => write.Bytes);

    /// <summary>Encodes and seals every write before the first one is applied.</summary>
    /// <exception cref="StoreException">The keys cannot be read.</exception>
    public static async ValueTask<SealedWrites> OfAsync(
        IReadOnlyList<StoreWrite> writes, RecordSeal? seal, CancellationToken cancel)
    {
        if (seal is null)
        {
            return WithoutKeys(writes) is { } refused ? new SealedWrites([], [], null, refused)
                : new SealedWrites(EncodedWrite.Of(writes), [], null, null);
        }

        HashSet<string> galleries = new(
            writes.SelectMany(write => write.Encounter?.Galleries ?? []), StringComparer.Ordinal);
        try
        {
            Outage? outage = await seal.Keys.EnsureAsync(galleries, cancel);
            return outage is null ? Of(writes, seal) : new SealedWrites([], [], seal, outage);
        }
        catch (KeyException lost)
        {
            throw new StoreException(lost.Message, lost);
        }
    }

    /// <summary>Why a store without keys cannot take the writes, or null.</summary>
    public static Outage? WithoutKeys(IReadOnlyList<StoreWrite> writes) =>
        writes.Any(write => write.Encounter is { Pictures.Count: > 0 }) ? NeedsKeys : null;

    private static readonly Outage NeedsKeys = new(
        "pictures are kept only where records are encrypted: give the server a master key, or send templates",
        MayRetry: false);

    /// <summary>
    /// Why the writes may not be committed any more: a key that sealed them is about to be destroyed. Asked where
    /// nothing can come between the answer and the commit.
    /// </summary>
    public Outage? Refused() => Seal is null || Seal.MaySeal(Keys) ? null : KeyIsGone;

    private static SealedWrites Of(IReadOnlyList<StoreWrite> writes, RecordSeal seal)
    {
        List<Guid> keys = [];
        EncodedWrite[] encoded = new EncodedWrite[writes.Count];
        for (int i = 0; i < encoded.Length; i++)
        {
            encoded[i] = EncodedWrite.Of(writes[i], seal, keys);
            if (writes[i].Encounter is not null && encoded[i].Record is null)
            {
                return new SealedWrites([], [], seal, KeyIsGone);
            }
        }

        return new SealedWrites(encoded, [.. keys.Distinct()], seal, null);
    }
}
