using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Scatter;

/// <summary>
/// What each partition last said of whom a kind of search is about. Searches of one kind have equal
/// galleries, filters and places of samples. It stands in for a partition that does not answer, and gives
/// searches a floor under their threshold. No answer of a complete search depends on it.
/// </summary>
internal sealed class GalleryMemory(int partitions)
{
    /// <summary>Kinds that are remembered; beyond this number all are forgotten and learned again.</summary>
    private const int MostKinds = 256;

    private readonly Lock gate = new();
    private readonly Dictionary<string, SearchCount?[]> kinds = new(StringComparer.Ordinal);

    /// <summary>A text that is equal for searches whose counts are equal.</summary>
    public static string KindOf(Search search)
    {
        SearchFilter filter = search.Filter;
        ComparableKinds comparable = new(
            search.Probe, filter.Includes(Modality.Finger), filter.Includes(Modality.Iris));
        return $"{search.Gallery}\0{filter.YearOfBirthMin};{filter.YearOfBirthMax};{filter.Sex};"
            + comparable.Signature;
    }

    /// <summary>Notes what a partition said.</summary>
    public void Heard(string kind, int partition, SearchCount count)
    {
        lock (gate)
        {
            if (!kinds.TryGetValue(kind, out SearchCount?[]? counts))
            {
                if (kinds.Count == MostKinds)
                {
                    kinds.Clear();
                }

                kinds.Add(kind, counts = new SearchCount?[partitions]);
            }

            counts[partition] = count;
        }
    }

    /// <summary>What a partition last said; null where it never did.</summary>
    public SearchCount? Last(string kind, int partition)
    {
        lock (gate)
        {
            return kinds.TryGetValue(kind, out SearchCount?[]? counts) ? counts[partition] : null;
        }
    }

    /// <summary>Identities comparable in all partitions as they last said; null where one never did.</summary>
    public long? Comparable(string kind)
    {
        lock (gate)
        {
            return kinds.TryGetValue(kind, out SearchCount?[]? counts) && !counts.Contains(null)
                ? counts.Sum(count => count!.Comparable) : null;
        }
    }
}
