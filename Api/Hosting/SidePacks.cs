using MatchCluster.Api.Options;
using MatchCluster.Matching.Feeds;
using MatchCluster.Matching.Packs;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Api.Hosting;

/// <summary>What an embedded server has of change logs and packs.</summary>
/// <param name="Feed">The change logs; null where none are kept.</param>
/// <param name="Desk">What packs are made with; null where the server serves one itself.</param>
/// <param name="Copy">The pack that it serves; null where it is no copy.</param>
internal sealed record SidePacks(ChangeFeed? Feed, PackDesk? Desk, GalleryCopy? Copy) : IAsyncDisposable
{
    /// <exception cref="StoreException">A file of the data directory cannot be used.</exception>
    public static async Task<SidePacks> OpenAsync(
        ServerOptions options, IGalleryStore store, CancellationToken cancel)
    {
        ChangeFeed? feed = await store.OpenFeedAsync(cancel);
        if (!Directory.Exists(options.Data))
        {
            return new SidePacks(feed, null, null);
        }

        GalleryCopy? copy = GalleryCopy.Open(options.Data, options.Calibration.Id, TimeProvider.System);
        PackDesk? desk = copy is null && options.DemoPeople is null
            ? await PackDesk.OpenAsync(options.Data, store, cancel) : null;
        return new SidePacks(feed, desk, copy);
    }

    public async ValueTask DisposeAsync()
    {
        await (Desk?.DisposeAsync() ?? default);
        await (Copy?.DisposeAsync() ?? default);
    }
}
