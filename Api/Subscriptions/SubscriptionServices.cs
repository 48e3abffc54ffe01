using MatchCluster.Api.Searching;
using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Subscriptions;
using MatchCluster.Matching.Tasks;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Api.Subscriptions;

/// <summary>What the application needs for subscriptions.</summary>
internal static class SubscriptionServices
{
    public static void AddSubscriptions(
        this IServiceCollection services, Backend backend, SubscriptionStores? stores)
    {
        services.AddSingleton<AlertMetrics>();
        if (stores is null || backend.Feed is null || backend.Copy is not null)
        {
            return;
        }

        services.AddSingleton(stores);
        services.AddSingleton<AlertDesk>();
        services.AddSingleton<WrapBacks>();
        services.AddSingleton<EnrolmentTeller>();
        if (backend.Agreements is not null)
        {
            // Added last: it stands before the opener of cases, and hands the search on to it.
            services.AddSingleton<ICaseOpener, WrapBackTeller>();
            services.AddSingleton<IEnrolmentNotes, EnrolmentNotes>();
        }

        services.AddHostedService<AlertWatcher>();
    }
}

/// <summary>The files of an embedded server's subscriptions.</summary>
internal sealed class SubscriptionFiles : IAsyncDisposable
{
    private readonly SqliteTaskStore book;
    private readonly SqliteAlertStore alerts;

    private SubscriptionFiles(SqliteTaskStore book, SqliteAlertStore alerts, int threads)
    {
        (this.book, this.alerts) = (book, alerts);
        Stores = new SubscriptionStores(new SubscriptionBook(book, TimeProvider.System), alerts, threads);
    }

    public SubscriptionStores Stores { get; }

    /// <summary>Opens the files of a data directory, or makes them.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="keys">Keys that samples are sealed with; null keeps them in the clear.</param>
    /// <param name="threads">Threads that compare; 0 takes one per core.</param>
    /// <exception cref="StoreException">They cannot be used.</exception>
    public static SubscriptionFiles Open(string directory, KeyRing? keys, int threads) => new(
        SqliteTaskStore.Open(directory, keys, SubscriptionBook.Limits, SubscriptionBook.FileName),
        SqliteAlertStore.Open(directory), threads);

    /// <summary>Writes every subscription again, so that today's keys seal it. It may be run again.</summary>
    public async Task RenewAsync(CancellationToken cancel)
    {
        string? after = null;
        while (await Stores.Book.ListAsync(null, after, 1000, cancel) is { Count: > 0 } ids)
        {
            foreach (string id in ids)
            {
                await Stores.Book.RenewAsync(id, cancel);
            }

            after = ids[^1];
        }
    }

    public async ValueTask DisposeAsync()
    {
        await book.DisposeAsync();
        await alerts.DisposeAsync();
    }
}
