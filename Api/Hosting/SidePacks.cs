using MatchCluster.Api.Options;
using MatchCluster.Api.Subscriptions;
using MatchCluster.Matching.Feeds;
using MatchCluster.Matching.Packs;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Api.Hosting;

/// <summary>What an embedded server has of change logs, and of what follows them: packs and subscriptions.</summary>
/// <param name="Feed">The change logs; null where none are kept.</param>
/// <param name="Desk">What packs are made with; null where the server serves one itself.</param>
/// <param name="Copy">The pack that it serves; null where it is no copy.</param>
/// <param name="Subscriptions">Where subscriptions are kept; null where none are.</param>
internal sealed record SidePacks(
    ChangeFeed? Feed, PackDesk? Desk, GalleryCopy? Copy, SubscriptionFiles? Subscriptions = null) : IAsyncDisposable
{
    /// <exception cref="StoreException">A file of the data directory cannot be used.</exception>
    public static async Task<SidePacks> OpenAsync(
        ServerOptions options, IGalleryStore store, CancellationToken cancel)
    {
        ChangeFeed? feed = await store.OpenFeedAsync(cancel);
        if (options.Data is not null)
        {
            PackImport.CleanUp(options.Data);
        }

        if (!Directory.Exists(options.Data))
        {
            return new SidePacks(feed, null, null);
        }

        GalleryCopy? copy = GalleryCopy.Open(options.Data, options.Calibration.Id, TimeProvider.System);
        PackDesk? desk = copy is null && options.DemoPeople is null
            ? await PackDesk.OpenAsync(options.Data, store, cancel) : null;
        return new SidePacks(
            feed, desk, copy,
            feed is null || copy is not null ? null
                : SubscriptionFiles.Open(options.Data, store.Keys, options.Threads));
    }

    public async ValueTask DisposeAsync()
    {
        await (Desk?.DisposeAsync() ?? default);
        await (Subscriptions?.DisposeAsync() ?? default);
        await (Copy?.DisposeAsync() ?? default);
    }
}
