using MatchCluster.Grains.Contracts;
using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Grains.Silos;

/// <summary>Does at a silo what a front end asks of the keys: the front end has no master key.</summary>
internal sealed class SiloKeys(IGalleryStore store)
{
    public async Task<KeyReply> RunAsync(KeyRequest request, CancellationToken cancel)
    {
        if (store.Keys is not { } keys)
        {
            return new KeyReply(null, [], null, null);
        }

        try
        {
            int? number = null;
            switch (request.Work)
            {
                case KeyWork.Close:
                    await keys.CloseAsync(request.Gallery, cancel);
                    break;
                case KeyWork.Reopen:
                    await keys.ReopenAsync(request.Gallery, cancel);
                    break;
                case KeyWork.Destroy:
                    await keys.DestroyAsync(request.Gallery, cancel);
                    break;
                case KeyWork.Rotate:
                    number = await keys.RotateAsync(request.Gallery, cancel);
                    break;
                case KeyWork.Rewrap:
                    number = await keys.RewrapAsync(cancel);
                    break;
                case KeyWork.List:
                    await keys.RefreshAsync(cancel);
                    break;
                default:
                    return new KeyReply(null, [], null, $"the work {request.Work} is not known");
            }

            return new KeyReply(keys.MasterKeyId, [.. keys.All.Select(Of)], number, null);
        }
        catch (Exception failed) when (failed is KeyException or StoreException)
        {
            return new KeyReply(keys.MasterKeyId, [], null, failed.Message);
        }
    }

    private static KeyLine Of(KeyFacts key) =>
        new(key.Gallery, key.Number, key.State == KeyState.Closing, key.Created, key.IsCurrent);
}
