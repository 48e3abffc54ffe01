namespace MatchCluster.Matching.Packs;

/// <summary>A pack that was made here.</summary>
/// <param name="PackId">Its name.</param>
/// <param name="GalleryId">The gallery.</param>
/// <param name="Recipient">Public keys of whom it is for, in PEM.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Expires">Until when it may be searched.</param>
/// <param name="Encounters">How many it holds.</param>
public sealed record IssuedPack(
    string PackId, string GalleryId, string Recipient, DateTimeOffset Created, DateTimeOffset Expires,
    long Encounters);

/// <summary>Where it is remembered which packs were made, and what their copies report.</summary>
public interface IPackStore
{
    /// <summary>Remembers a pack, before it leaves.</summary>
    ValueTask AddAsync(IssuedPack pack, CancellationToken cancel);

    /// <summary>A pack that was made here; null where there is none of that name.</summary>
    ValueTask<IssuedPack?> FindAsync(string packId, CancellationToken cancel);

    /// <summary>Adds hits of a pack, each once however often it is reported.</summary>
    /// <returns>How many were new.</returns>
    ValueTask<int> AddHitsAsync(string packId, IReadOnlyList<PackHit> hits, CancellationToken cancel);

    /// <summary>Hits in the order in which they came, after so many.</summary>
    ValueTask<IReadOnlyList<PackHit>> ReadHitsAsync(string packId, long after, int most, CancellationToken cancel);
}
