using MatchCluster.Grains.Clients;
using MatchCluster.Grains.Contracts;
using MatchCluster.Grains.Silos;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime.Placement;
using Orleans.TestingHost;

namespace MatchCluster.Grains.Tests.Clusters;

public sealed class HedgeTests
{
    private const int Partitions = 4;

    [Fact]
    public async Task A_search_at_a_silent_silo_is_asked_again_where_its_partitions_are_found_meanwhile()
    {
        SilentSilo silent = new("Silo_1");
        await using PartitionCluster cluster = await PartitionCluster.StartAsync(
            silos: 3, Partitions, frontEnds: 1,
            configure: (name, silo) => silo.AddIncomingGrainCallFilter(silent.For(name)));
        GrainDirectory directory = await GrainDirectory.ConnectAsync(cluster.FrontEnd);
        await cluster.SettledAsync(directory, "Silo_1:2 Silo_2:2");
        await People.EnrolAsync(directory, 0, 12);
        SearchRoot root = new(directory, TimeProvider.System);
        Assert.True((await People.FindAsync(root, 0)).Coverage.IsComplete);

        silent.Begin();
        Task<IdentifyAnswer> asked = People.FindAsync(root, 0);
        await silent.Arrived.WaitAsync(TimeSpan.FromSeconds(30));

        // Its partitions go to the other silo, which this front end learns from whoever asks for them next.
        InProcessSiloHandle from = cluster.Silos.Single(silo => silo.Name == "Silo_1");
        InProcessSiloHandle to = cluster.Silos.Single(silo => silo.Name == "Silo_2");
        foreach (HostedPartition hosted in
            from.ServiceProvider.GetRequiredService<HostedPartitions>().Active.Values)
        {
            hosted.Activation.Migrate(
                new Dictionary<string, object> { [IPlacementDirector.PlacementHintKey] = to.SiloAddress }, default);
            await hosted.Activation.Deactivated;
            IPartition moved = directory.All[hosted.Partition.Id.Number];
            await PartitionWaits.UntilReadyAsync(moved);
        }

        IdentifyAnswer answer = await asked.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.True(answer.Coverage.IsComplete, string.Join("; ", answer.Coverage.Missing));
        Assert.Equal(12, answer.Candidates.Count);
        Assert.False(silent.HasAnswered);
        silent.End();
    }

    /// <summary>A silo that takes searches of all its partitions and does not answer them.</summary>
    private sealed class SilentSilo(string name)
    {
        private readonly TaskCompletionSource arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private volatile bool isSilent;

        public Task Arrived => arrived.Task;

        public bool HasAnswered { get; private set; }

        public void Begin() => isSilent = true;

        public void End() => ended.TrySetResult();

        public IIncomingGrainCallFilter For(string silo) => new Filter(this, silo == name);

        private sealed class Filter(SilentSilo owner, bool isHere) : IIncomingGrainCallFilter
        {
            public async Task Invoke(IIncomingGrainCallContext context)
            {
                if (isHere && owner.isSilent && context.Grain is ISiloGrain
                    && context.MethodName == nameof(ISiloGrain.SearchAsync))
                {
                    owner.arrived.TrySetResult();
                    await owner.ended.Task;
                    owner.HasAnswered = true;
                }

                await context.Invoke();
            }
        }
    }
}
