using MatchCluster.Grains.Clients;
using MatchCluster.Grains.Tests.Clusters;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Tests.Partitions;

namespace MatchCluster.Grains.Tests.Clients;

/// <summary>The contract, held by a partition in another member of a cluster.</summary>
public sealed class GrainPartitionTests(GrainPartitionTests.Fixture fixture)
    : PartitionContract, IClassFixture<GrainPartitionTests.Fixture>
{
    protected override Task<IPartition> OpenAsync() => fixture.NextAsync();

    protected override Task CloseAsync() => Task.CompletedTask;

    /// <summary>Two silos that all tests share; each test has a partition of its own.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        private const int Tests = 64;

        private PartitionCluster? cluster;
        private GrainDirectory? directory;
        private int used;

        public async Task InitializeAsync()
        {
            cluster = await PartitionCluster.StartAsync(silos: 2, partitions: Tests);
            directory = await GrainDirectory.ConnectAsync(cluster.Client);
        }

        public async Task DisposeAsync() => await cluster!.DisposeAsync();

        public async Task<IPartition> NextAsync()
        {
            IPartition partition = directory!.All[Interlocked.Increment(ref used) - 1];
            await PartitionWaits.UntilReadyAsync(partition);
            return partition;
        }
    }
}
