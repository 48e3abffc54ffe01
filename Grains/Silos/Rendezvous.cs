using MatchCluster.Matching.Scatter;

namespace MatchCluster.Grains.Silos;

/// <summary>
/// Which silo owns which partition: rendezvous hashing (Thaler and Ravishankar 1998) on the silos' names with a bound
/// on their load. Every pair of a partition and a silo has a score; pairs are taken best first, and a silo that has
/// its share is passed over. The share is the ideal one rounded up, so that loads differ as little as they can; the
/// answer depends on the set of names alone, so that every silo computes the same one and a restart moves nothing.
/// A silo that joins or leaves moves its share and a few more, which the bound pushes on.
/// </summary>
public static class Rendezvous
{
    /// <summary>The owner of one partition.</summary>
    /// <param name="partition">0 .. <paramref name="partitions"/> - 1.</param>
    /// <param name="partitions">Partitions of the store.</param>
    /// <param name="names">Names of the silos, in any order; at least one, each once.</param>
    public static string Owner(int partition, int partitions, IReadOnlyCollection<string> names) =>
        Assign(partitions, names)[partition];

    /// <summary>The owner of every partition, by number.</summary>
    public static string[] Assign(int partitions, IReadOnlyCollection<string> names)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(partitions, 1);
        ArgumentNullException.ThrowIfNull(names);
        string[] silos = [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (silos.Length == 0 || silos.Length != names.Count)
        {
            throw new ArgumentException(
                $"{names.Count} names of {silos.Length} silos, wanted each once", nameof(names));
        }

        int share = (partitions + silos.Length - 1) / silos.Length;
        int[] loads = new int[silos.Length];
        string[] owners = new string[partitions];
        foreach (Pair pair in Ranked(partitions, silos))
        {
            if (owners[pair.Partition] is null && loads[pair.Silo] < share)
            {
                owners[pair.Partition] = silos[pair.Silo];
                loads[pair.Silo]++;
            }
        }

        return owners;
    }

    /// <summary>Best score first; partition and silo settle a tie.</summary>
    private static Pair[] Ranked(int partitions, string[] silos)
    {
        Pair[] pairs = new Pair[partitions * silos.Length];
        for (int silo = 0; silo < silos.Length; silo++)
        {
            ulong name = Placement.Fnv1a(silos[silo]);
            for (int partition = 0; partition < partitions; partition++)
            {
                ulong score = Placement.Mix(name ^ Placement.Mix((ulong)partition + 1));
                pairs[(silo * partitions) + partition] = new Pair(score, partition, silo);
            }
        }

        Array.Sort(pairs);
        return pairs;
    }

    private readonly record struct Pair(ulong Score, int Partition, int Silo) : IComparable<Pair>
    {
        public int CompareTo(Pair other) => Score != other.Score ? other.Score.CompareTo(Score)
            : Partition != other.Partition ? Partition.CompareTo(other.Partition)
            : Silo.CompareTo(other.Silo);
    }
}
