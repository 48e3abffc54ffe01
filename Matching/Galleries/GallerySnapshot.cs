using System.Collections.Immutable;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Galleries;

/// <summary>A segment as one snapshot sees it.</summary>
/// <param name="Segment">The memory, shared by every snapshot.</param>
/// <param name="Slots">Slots this snapshot may look at.</param>
/// <param name="Dead">One bit a slot, set where it was deleted or replaced; null where none is.</param>
/// <param name="DeadCount">Bits set in <paramref name="Dead"/>.</param>
internal readonly record struct SegmentView(Segment Segment, int Slots, ulong[]? Dead, int DeadCount)
{
    public bool IsDead(int slot) => Dead is not null && (Dead[slot >> 6] >> (slot & 63) & 1) != 0;
}

/// <summary>
/// A partition's gallery at one moment: immutable, taken once by a search and read to its end while writers go on.
/// </summary>
internal sealed class GallerySnapshot
{
    public static GallerySnapshot Empty { get; } = new();

    public ImmutableArray<SegmentView> Segments { get; init; } = [];

    /// <summary>Combinations of galleries by the number that slots carry.</summary>
    public string[][] GallerySets { get; init; } = [];

    /// <summary>Live encounters per gallery; a gallery exists while one names it.</summary>
    public ImmutableDictionary<string, long> Galleries { get; init; } =
        ImmutableDictionary.Create<string, long>(StringComparer.Ordinal);

    /// <summary>The state of each gallery with encounters; null where the table has no key for it.</summary>
    public ImmutableDictionary<string, StateHash>? States { get; init; }

    /// <summary>The state of all encounters.</summary>
    public StateHash State { get; init; }

    /// <summary>Persons with at least one live encounter.</summary>
    public long Identities { get; init; }

    /// <summary>Persons with an active encounter, by what a search needs to know to count them.</summary>
    public ImmutableDictionary<IdentityProfile, long> Profiles { get; init; } =
        ImmutableDictionary<IdentityProfile, long>.Empty;

    /// <summary>Number of live encounters.</summary>
    public long Encounters { get; init; }

    /// <summary>Finger rows of live encounters.</summary>
    public long FingerRows { get; init; }

    /// <summary>Iris rows of live encounters.</summary>
    public long IrisRows { get; init; }

    /// <summary>For each combination of galleries, whether a search of this gallery may see its encounters.</summary>
    public bool[] Visible(string gallery) => Array.ConvertAll(
        GallerySets, set => gallery == Search.AllGalleries || Array.IndexOf(set, gallery) >= 0);

    /// <summary>What a gallery holds; null where the table has no key for it.</summary>
    public GalleryState? StateOf(string gallery) =>
        States is null ? null
        : gallery == Search.AllGalleries ? new GalleryState(State, Encounters)
        : new GalleryState(States.GetValueOrDefault(gallery), Galleries.GetValueOrDefault(gallery));

    /// <summary>Every gallery that a live encounter names.</summary>
    public IReadOnlyList<string> GalleriesInUse() => [.. Galleries.Keys];

    public bool Knows(string gallery) =>
        gallery == Search.AllGalleries || Galleries.ContainsKey(gallery);
}
