using MatchCluster.Matching.Subscriptions;

namespace MatchCluster.Api.Subscriptions;

/// <summary>The wrap-backs of all owners as of a moment ago: every search and enrolment asks for them.</summary>
internal sealed class WrapBacks(SubscriptionStores stores, TimeProvider clock) : IDisposable
{
    private const int Page = 1000;

    /// <summary>How old what is known may be.</summary>
    private static readonly TimeSpan LooksEvery = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim guard = new(1);
    private Dictionary<string, Subscription> known = new(StringComparer.Ordinal);
    private long looked;

    public void Dispose() => guard.Dispose();

    /// <summary>Those that last still.</summary>
    /// <exception cref="Matching.Storage.StoreException">They cannot be read.</exception>
    public async ValueTask<IReadOnlyList<Subscription>> AllAsync(CancellationToken cancel)
    {
        DateTimeOffset now = clock.GetUtcNow();
        return [.. (await KnownAsync(LooksEvery, cancel)).Values.Where(one => one.ExpiresAt > now)];
    }

    /// <summary>Those that are told of enrolments too.</summary>
    /// <exception cref="Matching.Storage.StoreException">They cannot be read.</exception>
    public async ValueTask<IReadOnlyList<Subscription>> OfEnrolmentsAsync(CancellationToken cancel) =>
        Told(await AllAsync(cancel));

    /// <summary>Those that are told of enrolments too, as of now and not of a moment ago.</summary>
    /// <exception cref="Matching.Storage.StoreException">They cannot be read.</exception>
    public async ValueTask<IReadOnlyList<Subscription>> OfEnrolmentsNowAsync(CancellationToken cancel)
    {
        DateTimeOffset now = clock.GetUtcNow();
        return Told((await KnownAsync(TimeSpan.Zero, cancel)).Values.Where(one => one.ExpiresAt > now));
    }

    private static IReadOnlyList<Subscription> Told(IEnumerable<Subscription> all) =>
        [.. all.Where(one => one.Threshold > 0)];

    /// <param name="oldest">What was read so long ago is read again.</param>
    /// <param name="cancel">Ends it early.</param>
    private async ValueTask<Dictionary<string, Subscription>> KnownAsync(TimeSpan oldest, CancellationToken cancel)
    {
        if (Volatile.Read(ref looked) is var last and not 0 && clock.GetElapsedTime(last) < oldest)
        {
            return known;
        }

        await guard.WaitAsync(cancel);
        try
        {
            if (looked != 0 && clock.GetElapsedTime(looked) < oldest)
            {
                return known;
            }

            long began = clock.GetTimestamp();
            Dictionary<string, Subscription> read = new(StringComparer.Ordinal);
            string? after = null;
            while (await stores.Book.ListWrapBacksAsync(after, Page, cancel) is { Count: > 0 } ids)
            {
                foreach (string id in ids)
                {
                    if ((known.GetValueOrDefault(id) ?? await stores.Book.FindAsync(id, cancel)) is { } one)
                    {
                        read[id] = one;
                    }
                }

                after = ids[^1];
            }

            known = read;
            Volatile.Write(ref looked, began);
            return read;
        }
        finally
        {
            guard.Release();
        }
    }
}
