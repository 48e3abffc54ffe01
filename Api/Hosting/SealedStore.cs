using MatchCluster.Api.Http;
using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Api.Hosting;

/// <summary>Says once how samples are stored, and encrypts in the background what is not yet as it should be.</summary>
internal static class SealedStore
{
    public static async Task KeepAsync(
        IGalleryStore store, MatchEngine engine, ILogger log, CancellationToken stopping)
    {
        if (store.Keys is not { } keys)
        {
            log.StoresInTheClear();
            return;
        }

        log.StoresEncrypted(keys.MasterKeyId);
        await ResealAsync(store, engine, log, stopping);
    }

    /// <summary>Encrypts what is plain or under older keys, where something may be; never throws.</summary>
    public static async Task ResealAsync(
        IGalleryStore store, MatchEngine engine, ILogger log, CancellationToken stopping)
    {
        try
        {
            if (await StoreReseal.IsNeededAsync(store, stopping))
            {
                ResealCount count = await engine.ResealAsync(stopping);
                log.Resealed(count.Resealed, count.Records, count.Unreadable);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The next start goes on.
        }
        catch (Exception failed) when (failed is StoreException or KeyException or ObjectDisposedException)
        {
            log.ResealFailed(failed);
        }
    }
}
