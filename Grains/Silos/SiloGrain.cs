using MatchCluster.Grains.Contracts;
using MatchCluster.Grains.Placements;
using Orleans.Placement;

namespace MatchCluster.Grains.Silos;

/// <summary>
/// The grain of the silo it is named after; it passes calls to <see cref="SiloEndpoint"/> <see cref="Standbys"/>
/// and <see cref="SiloKeys"/>.
/// </summary>
[KeepAlive]
[Immovable]
[SiloPlacement]
[GrainType("silo")]
internal sealed class SiloGrain(SiloEndpoint endpoint, Standbys standbys, SiloKeys keys) : Grain, ISiloGrain
{
    public Task<SiloAnswers> SearchAsync(SiloSearch search, CancellationToken cancel) =>
        Task.Run(() => endpoint.SearchAsync(search, cancel), CancellationToken.None);

    public Task PingAsync() => Task.CompletedTask;

    public Task<SiloAnswers> StatusAsync(CancellationToken cancel) => endpoint.StatusAsync(cancel);

    public Task<WarmState> WarmAsync(int partition, PartitionFrame from) => standbys.WarmAsync(partition, from);

    public Task<WarmState> CatchUpAsync(int partition, PartitionFrame changes, CancellationToken cancel) =>
        standbys.CatchUpAsync(partition, changes, cancel);

    public Task<KeyReply> ChangeKeysAsync(KeyRequest request, CancellationToken cancel) =>
        keys.RunAsync(request, cancel);

    public Task CoolAsync(int partition) => standbys.CoolAsync(partition);
}
