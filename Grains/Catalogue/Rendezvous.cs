using MatchCluster.Matching.Scatter;

namespace MatchCluster.Grains.Catalogue;

/// <summary>
/// Which silo shall own which partition: rendezvous hashing (Thaler and Ravishankar 1998) on the silos' names with
/// exact shares, moving no more than a change of the silos asks for. Every pair of a partition and a silo has a score.
/// A partition stays where it is while its silo is there and within its share; what is left over or has lost its silo
/// goes, pairs of the best score first, to silos below their share. Loads differ by one at most; a silo that joins
/// gets its share and nothing else moves; of a silo that leaves only its own partitions move.
/// </summary>
public static class Rendezvous
{
    /// <summary>The owner of every partition, by number, where nothing is placed yet.</summary>
    public static string[] Assign(int partitions, IReadOnlyCollection<string> names)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(partitions, 1);
        return Assign(new string?[partitions], names);
    }

    /// <summary>The silo that a partition belongs to most, whatever the others hold.</summary>
    public static string Nearest(long partition, IEnumerable<string> names) =>
        names.OrderByDescending(name => Score(name, partition)).ThenBy(name => name, StringComparer.Ordinal).First();

    /// <summary>The owner of every partition, by number.</summary>
    /// <param name="current">Where each is now; null or a silo that is not named where it is nowhere.</param>
    /// <param name="names">Names of the silos, in any order; at least one, each once.</param>
    public static string[] Assign(IReadOnlyList<string?> current, IReadOnlyCollection<string> names)
    {
        ArgumentNullException.ThrowIfNull(current);
        ArgumentNullException.ThrowIfNull(names);
        string[] silos = [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (silos.Length == 0 || silos.Length != names.Count)
        {
            throw new ArgumentException(
                $"{names.Count} names of {silos.Length} silos, wanted each once", nameof(names));
        }

        int[] owners = [.. current.Select(name => name is null ? -1 : Array.BinarySearch(silos, name,
            StringComparer.Ordinal))];
        int[] shares = Shares(owners, silos.Length);
        GiveUpSurplus(owners, shares, silos);
        FillUp(owners, shares, silos);
        return [.. owners.Select(owner => silos[owner])];
    }

    /// <summary>
    /// Partitions over silos, rounded down, and one more for as many as it takes: those that have the most now, so
    /// that as few as can be move.
    /// </summary>
    private static int[] Shares(int[] owners, int silos)
    {
        int[] loads = Loads(owners, silos);
        int[] shares = new int[silos];
        Array.Fill(shares, owners.Length / silos);
        foreach (int silo in Enumerable.Range(0, silos).OrderByDescending(silo => loads[silo])
            .Take(owners.Length % silos))
        {
            shares[silo]++;
        }

        return shares;
    }

    /// <summary>A silo above its share gives up the partitions that belong to it least.</summary>
    private static void GiveUpSurplus(int[] owners, int[] shares, string[] silos)
    {
        int[] loads = Loads(owners, silos.Length);
        Pair[] held = [.. Enumerable.Range(0, owners.Length).Where(partition => owners[partition] >= 0)
            .Select(partition => new Pair(Score(silos[owners[partition]], partition), partition, owners[partition]))];
        Array.Sort(held);
        foreach (Pair pair in held.Reverse())
        {
            if (loads[pair.Silo] > shares[pair.Silo])
            {
                loads[pair.Silo]--;
                owners[pair.Partition] = -1;
            }
        }
    }

    private static void FillUp(int[] owners, int[] shares, string[] silos)
    {
        int[] loads = Loads(owners, silos.Length);
        int[] free = [.. Enumerable.Range(0, owners.Length).Where(partition => owners[partition] < 0)];
        Pair[] pairs = [.. Enumerable.Range(0, silos.Length).Where(silo => loads[silo] < shares[silo])
            .SelectMany(silo => free.Select(p => new Pair(Score(silos[silo], p), p, silo)))];
        Array.Sort(pairs);
        foreach (Pair pair in pairs)
        {
            if (owners[pair.Partition] < 0 && loads[pair.Silo] < shares[pair.Silo])
            {
                owners[pair.Partition] = pair.Silo;
                loads[pair.Silo]++;
            }
        }
    }

    private static int[] Loads(int[] owners, int silos)
    {
        int[] loads = new int[silos];
        foreach (int owner in owners.Where(owner => owner >= 0))
        {
            loads[owner]++;
        }

        return loads;
    }

    /// <summary>Frozen: silos of two versions must agree.</summary>
    private static ulong Score(string silo, long partition) =>
        Placement.Mix(Placement.Fnv1a(silo) ^ Placement.Mix((ulong)partition + 1));

    /// <summary>Sorts best score first; partition and silo settle a tie.</summary>
    private readonly record struct Pair(ulong Score, int Partition, int Silo) : IComparable<Pair>
    {
        public int CompareTo(Pair other) => Score != other.Score ? other.Score.CompareTo(Score)
            : Partition != other.Partition ? Partition.CompareTo(other.Partition)
            : Silo.CompareTo(other.Silo);
    }
}
