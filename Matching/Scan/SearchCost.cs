using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Scan;

/// <summary>
/// What searches will probably cost; 1 is one sample searched as usual. Only ratios count: how long a unit takes
/// follows from the gallery and the machine.
/// </summary>
public static class SearchCost
{
    /// <summary>
    /// A sample scored against everybody in full, against one that a first stage lets pass: 18,600 a second and thread
    /// against 0.6 M (docs/fingers.md).
    /// </summary>
    public const double Exhaustive = 32;

    /// <summary>The cost of one search as partitions see it.</summary>
    public static double Of(Search search)
    {
        ArgumentNullException.ThrowIfNull(search);
        return Math.Max(1, search.Probe.Fingers.Count + search.Probe.Irises.Count)
            * (search.Exhaustive ? Exhaustive : 1);
    }

    /// <summary>The cost of a batch.</summary>
    public static double Of(SearchBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return batch.Searches.Sum(Of);
    }
}
