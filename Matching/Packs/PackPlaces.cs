namespace MatchCluster.Matching.Packs;

/// <summary>
/// Places for packs that are made or on their way to their readers: each has a file on the disk until its reader has
/// all of it, so a slow reader must not have many of them, and one partner must not have all.
/// </summary>
/// <param name="most">Packs at a time.</param>
/// <param name="mostOfOne">Packs of one partner at a time; no limit where partners are not known.</param>
public sealed class PackPlaces(int most, int mostOfOne)
{
    private readonly Lock guard = new();
    private readonly Dictionary<string, int> taken = new(StringComparer.Ordinal);

    /// <summary>Takes a place, which ends with what is returned; null where there is none for this partner.</summary>
    public IDisposable? Take(string partner)
    {
        ArgumentNullException.ThrowIfNull(partner);
        lock (guard)
        {
            int own = taken.GetValueOrDefault(partner);
            if (taken.Values.Sum() >= most || (partner.Length > 0 && own >= mostOfOne))
            {
                return null;
            }

            taken[partner] = own + 1;
            return new Place(this, partner);
        }
    }

    private void Leave(string partner)
    {
        lock (guard)
        {
            if (--taken[partner] == 0)
            {
                taken.Remove(partner);
            }
        }
    }

    private sealed class Place(PackPlaces places, string partner) : IDisposable
    {
        private int isLeft;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref isLeft, 1) == 0)
            {
                places.Leave(partner);
            }
        }
    }
}
