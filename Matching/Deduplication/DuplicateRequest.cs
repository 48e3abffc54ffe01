using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Deduplication;

/// <summary>A gallery that is to be compared with itself.</summary>
/// <param name="Gallery">The gallery, or <see cref="Search.AllGalleries"/>.</param>
/// <param name="Threshold">Score (-10 log10 FMR) from which a pair of persons is one.</param>
public sealed record DuplicateRequest(string Gallery, double Threshold)
{
    /// <summary>
    /// Chance that a job over a gallery without duplicates reports any pair, where nobody states a threshold.
    /// </summary>
    public const double DefaultFalsePairs = 0.01;

    /// <summary>Score every pair in full; otherwise fingers pass a first stage, as in a search.</summary>
    public bool Exhaustive { get; init; }

    /// <summary>
    /// The threshold at which a gallery without duplicates reports any pair with a chance: FPIR(n) of the number of
    /// pairs n = N (N - 1) / 2 in the place of the number of identities.
    /// </summary>
    /// <param name="falsePairs">The chance, inside (0, 1).</param>
    /// <param name="identities">Identities of the gallery, N.</param>
    public static double ThresholdFor(double falsePairs, long identities) =>
        Fpir.ThresholdFor(falsePairs, Math.Max(1, PairsOf(identities)));

    /// <summary>Pairs of so many persons.</summary>
    public static long PairsOf(long identities) => identities * (identities - 1) / 2;
}

/// <summary>How far a walk is: everybody up to this person of this partition has been compared.</summary>
/// <param name="Partition">The partition whose persons are the probes now.</param>
/// <param name="After">The last of its persons that is done; null at its beginning.</param>
public sealed record DuplicateCursor(int Partition, string? After)
{
    public static DuplicateCursor Start { get; } = new(0, null);

    /// <summary>
    /// Only persons stored or changed since then, and each of them against everybody; null for the walk over all.
    /// </summary>
    public DateTimeOffset? Since { get; init; }
}

/// <summary>Two persons that may be one, with the evidence.</summary>
/// <param name="PersonId">The one whose samples were the probe.</param>
/// <param name="Encounters">Its encounters.</param>
/// <param name="OtherId">The one that was found.</param>
/// <param name="Score">Fused score, -10 log10 FMR.</param>
/// <param name="Details">The best comparison of each sample.</param>
public sealed record DuplicatePair(
    string PersonId, IReadOnlyList<string> Encounters, string OtherId, double Score, IReadOnlyList<HitDetail> Details);

/// <summary>What one step of a walk found; everything up to its cursor is compared.</summary>
/// <param name="Cursor">Where the walk goes on.</param>
/// <param name="Persons">Persons that were probes.</param>
/// <param name="Pairs">Pairs of persons that were compared.</param>
/// <param name="Found">Those of them that reached the threshold.</param>
public sealed record DuplicateStep(
    DuplicateCursor Cursor, int Persons, long Pairs, IReadOnlyList<DuplicatePair> Found)
{
    /// <summary>Persons without a sample that can be compared.</summary>
    public int WithoutSamples { get; init; }

    /// <summary>Persons with more pairs than a list holds: some of their pairs are not here.</summary>
    public int Cut { get; init; }

    /// <summary>Identities whose records cannot be read, so that nothing was compared with them.</summary>
    public long Unreadable { get; init; }

    /// <summary>Comparisons of samples, in full.</summary>
    public long Comparisons { get; init; }
}
