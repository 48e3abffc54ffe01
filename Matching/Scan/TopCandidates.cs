namespace MatchCluster.Matching.Scan;

/// <summary>
/// Keeps the best k of what it is offered. The floor starts at the caller's threshold and rises to the k-th best
/// score, so that later identities are dismissed by one comparison. Order: higher score first, then the ordinally
/// smaller person id, so that the answer does not depend on who was scanned first.
/// </summary>
internal sealed class TopCandidates<TDetail>(int k, double threshold)
{
    private readonly List<Entry> heap = new(Math.Min(k, 64));
    private double kthBest = double.NegativeInfinity;

    /// <summary>A score below this cannot enter; one equal to it may, by its id.</summary>
    public double Floor => Math.Max(threshold, kthBest);

    /// <summary>Offers at or above the caller's threshold, kept or not.</summary>
    public long Reached { get; private set; }

    public bool MayEnter(double score, string personId)
    {
        Reached += score >= threshold ? 1 : 0;
        if (score < Floor)
        {
            return false;
        }

        return heap.Count < k || IsBetter(score, personId, heap[0]);
    }

    /// <summary>Keeps a score; the caller has asked <see cref="MayEnter"/>.</summary>
    public void Add(double score, string personId, TDetail detail)
    {
        Entry entry = new(score, personId, detail);
        if (heap.Count < k)
        {
            heap.Add(entry);
            Up(heap.Count - 1);
        }
        else
        {
            heap[0] = entry;
            Down(0);
        }

        if (heap.Count == k)
        {
            kthBest = heap[0].Score;
        }
    }

    /// <summary>What was kept, the best first.</summary>
    public IReadOnlyList<Entry> Ranked()
    {
        List<Entry> ranked = [.. heap];
        ranked.Sort((a, b) => IsBetter(a.Score, a.PersonId, b) ? -1 : IsBetter(b.Score, b.PersonId, a) ? 1 : 0);
        return ranked;
    }

    internal readonly record struct Entry(double Score, string PersonId, TDetail Detail);

    private static bool IsBetter(double score, string personId, in Entry than) =>
        score > than.Score
        || (score == than.Score && string.CompareOrdinal(personId, than.PersonId) < 0);

    private static bool IsWorse(in Entry a, in Entry than) => IsBetter(than.Score, than.PersonId, a);

    // The root is the worst of the kept, the next to go.
    private void Up(int i)
    {
        while (i > 0 && IsWorse(heap[i], heap[(i - 1) / 2]))
        {
            (heap[i], heap[(i - 1) / 2]) = (heap[(i - 1) / 2], heap[i]);
            i = (i - 1) / 2;
        }
    }

    private void Down(int i)
    {
        while (true)
        {
            int worst = i;
            for (int child = (2 * i) + 1; child <= (2 * i) + 2 && child < heap.Count; child++)
            {
                worst = IsWorse(heap[child], heap[worst]) ? child : worst;
            }

            if (worst == i)
            {
                return;
            }

            (heap[i], heap[worst]) = (heap[worst], heap[i]);
            i = worst;
        }
    }
}
