using System.Collections.Concurrent;
using MatchCluster.Grains.Catalogue;
using MatchCluster.Grains.Clients;
using MatchCluster.Grains.Silos;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;
using Orleans.TestingHost;

namespace MatchCluster.Grains.Tests.Clusters;

/// <summary>
/// A partition opens on the silo where it belongs: opened elsewhere it would be loaded there, moved and loaded again,
/// and nobody could search it meanwhile.
/// </summary>
public sealed class PlacementTests
{
    private const int Partitions = 12;

    [Fact]
    public async Task What_a_killed_silo_had_is_opened_once_where_the_catalogue_wants_it_and_the_rest_stays()
    {
        // The front end has placed every partition before the third silo came: what it heard then is old.
        ConcurrentQueue<int> opened = new();
        await using PartitionCluster cluster = await PartitionCluster.StartAsync(
            silos: 3, Partitions, frontEnds: 1, opened: opened.Enqueue);
        GrainDirectory directory = await GrainDirectory.ConnectAsync(cluster.FrontEnd);
        await cluster.SettledAsync(directory, "Silo_1:6 Silo_2:6");
        await People.EnrolAsync(directory, 0, 30);
        await cluster.JoinAsync();
        await cluster.SettledAsync(directory, "Silo_1:4 Silo_2:4 Silo_3:4");
        InProcessSiloHandle victim = cluster.Silos.Single(silo => silo.Name == "Silo_2");
        int[] lost = [.. cluster.Owners().Index().Where(one => one.Item == "Silo_2").Select(one => one.Index)];
        opened.Clear();

        Task killed = cluster.KillAsync(victim);
        SearchRoot root = new(directory, TimeProvider.System);
        bool isComplete = false;
        for (int answers = 0; !isComplete; answers++)
        {
            Assert.True(answers < 2000, "no complete answer after 2000 searches");
            bool isAfterwards = killed.IsCompleted;
            IdentifyAnswer answer = await People.FindAsync(root, 0, SearchBudget.Of(TimeSpan.FromSeconds(2)));
            isComplete = isAfterwards && answer.Coverage.IsComplete;
        }

        await killed;
        await cluster.SettledAsync(directory, "Silo_1:6 Silo_3:6");
        Assert.Equal(lost, opened.Order());
        CatalogueView catalogue = await cluster.Client.GetGrain<ICatalogueGrain>(ICatalogueGrain.Key).ReadAsync();
        Assert.Equal(catalogue.Owners.Silos, cluster.Owners());
    }

    [Theory]
    [InlineData(PartitionState.Loading, 0, 100, false)]
    [InlineData(PartitionState.Loading, 49, 100, false)]
    [InlineData(PartitionState.Loading, 50, 100, true)]
    [InlineData(PartitionState.Loading, 0, 0, false)]
    [InlineData(PartitionState.Ready, 100, 100, false)]
    [InlineData(PartitionState.Failed, 60, 100, false)]
    public async Task A_load_at_the_wrong_place_is_let_finish_only_where_most_of_it_is_done(
        PartitionState state, long loaded, long toLoad, bool isLetFinish) => Assert.Equal(
        isLetFinish, await PartitionKeeper.IsHalfLoadedAsync(new Loading(state, loaded, toLoad)));

    private sealed class Loading(PartitionState state, long loaded, long toLoad) : IPartition
    {
        public PartitionId Id => new(0);

        public ValueTask<PartitionStatus> StatusAsync(CancellationToken cancel) => ValueTask.FromResult(
            new PartitionStatus { Partition = Id, State = state, Loaded = loaded, ToLoad = toLoad });

        public ValueTask<PartitionAnswer> SearchAsync(SearchBatch batch, SearchBudget budget) =>
            throw new NotSupportedException();

        public ValueTask<WriteAck> ApplyAsync(WriteBatch writes, SearchBudget budget) =>
            throw new NotSupportedException();

        public ValueTask<ReadAnswer> ReadAsync(ReadQuery query, SearchBudget budget) =>
            throw new NotSupportedException();
    }
}
