using MatchCluster.Grains.Catalogue;
using MatchCluster.Grains.Contracts;
using MatchCluster.Matching.Keys;

namespace MatchCluster.Grains.Clients;

/// <summary>The keys of a cluster's store: any silo does what is asked of them.</summary>
internal sealed class ClusterKeys(ClusterFrontEnd cluster, IGrainFactory grains) : IGalleryKeys
{
    /// <summary>A silo waits for the others before a gallery's keys are closed, and for Redis' file after.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(28);

    public async Task<KeyList> ListAsync(CancellationToken cancel)
    {
        KeyReply reply = await AskAsync(KeyWork.List, "", cancel);
        return new KeyList(
            reply.MasterKeyId,
            [
                .. reply.Keys.Select(key => new KeyFacts(
                    key.Gallery, key.Number, key.IsClosing ? KeyState.Closing : KeyState.InUse, key.Created,
                    key.IsCurrent)),
            ]);
    }

    public Task CloseAsync(string gallery, CancellationToken cancel) => AskAsync(KeyWork.Close, gallery, cancel);

    public Task ReopenAsync(string gallery, CancellationToken cancel) => AskAsync(KeyWork.Reopen, gallery, cancel);

    public Task DestroyAsync(string gallery, CancellationToken cancel) => AskAsync(KeyWork.Destroy, gallery, cancel);

    public async Task<int?> RotateAsync(string gallery, CancellationToken cancel) =>
        (await AskAsync(KeyWork.Rotate, gallery, cancel)).Number;

    public async Task<int> RewrapAsync(CancellationToken cancel) =>
        (await AskAsync(KeyWork.Rewrap, "", cancel)).Number ?? 0;

    private async Task<KeyReply> AskAsync(KeyWork work, string gallery, CancellationToken cancel)
    {
        CatalogueView? members = await cluster.ReadAsync(cancel);
        string silo = members?.Members.FirstOrDefault(card => card.Partitions is not null)?.Name
            ?? throw new KeyException("no silo can be asked now");
        Reply<KeyReply> reply = await GrainCall.OnceAsync(
            $"silo {silo}",
            token => grains.GetGrain<ISiloGrain>(silo).ChangeKeysAsync(new KeyRequest(work, gallery), token),
            Patience, cancel);
        return (reply.Answer?.Failure ?? reply.Failure?.Reason) is { } failure ? throw new KeyException(failure)
            : reply.Answer!;
    }
}
