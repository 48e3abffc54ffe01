using MatchCluster.Api.Http;
using MatchCluster.Api.Subscriptions;
using MatchCluster.Matching.Cases;
using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace MatchCluster.Api.Hosting;

/// <summary>
/// Says once how samples are stored, and encrypts in the background what is not yet as it should be: at the start, and
/// after the key of a gallery was rotated.
/// </summary>
internal sealed class SealedStore(
    IGalleryStore store, MatchEngine engine, SqliteCaseSamples? probes, SubscriptionFiles? subscriptions = null)
    : IAsyncDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly Lock door = new();
    private ILogger log = NullLogger.Instance;
    private Task running = Task.CompletedTask;

    public void Start(ILogger to)
    {
        log = to;
        if (store.Keys is { } keys)
        {
            log.StoresEncrypted(keys.MasterKeyId);
            Begin();
        }
        else
        {
            log.StoresInTheClear();
        }
    }

    /// <summary>Encrypts what is plain or under older keys, after what is already busy with that.</summary>
    public void Begin()
    {
        lock (door)
        {
            running = stopping.IsCancellationRequested ? running : RunAsync(running);
        }
    }

    /// <summary>Ends it; the next start goes on.</summary>
    public async ValueTask DisposeAsync()
    {
        Task last;
        lock (door)
        {
            stopping.Cancel();
            last = running;
        }

        await last;
        stopping.Dispose();
    }

    private async Task RunAsync(Task before)
    {
        await before;
        try
        {
            if (probes is not null && await probes.RenewAsync(stopping.Token) is > 0 and var renewed)
            {
                log.ProbesRenewed(renewed);
            }

            if (await StoreReseal.IsNeededAsync(store, stopping.Token))
            {
                await (subscriptions?.RenewAsync(stopping.Token) ?? Task.CompletedTask);
                ResealCount count = await engine.ResealAsync(stopping.Token);
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
