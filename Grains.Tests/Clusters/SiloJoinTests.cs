using MatchCluster.Grains.Clients;
using MatchCluster.Matching.Scatter;
using Orleans.TestingHost;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Grains.Tests.Clusters;

/// <summary>Silos that come and go in good order: nothing is searched less, nothing written is lost.</summary>
public sealed class SiloJoinTests
{
    private const int Enrolled = 30;
    private const int Partitions = 12;

    [Fact]
    public async Task A_silo_that_joins_gets_its_share_and_every_search_meanwhile_is_complete()
    {
        await using PartitionCluster cluster = await PartitionCluster.StartAsync(silos: 2, Partitions);
        GrainDirectory directory = await cluster.ReadyAsync();
        await cluster.SettledAsync(directory, "Silo_0:6 Silo_1:6");
        string?[] before = cluster.Owners();
        await using Traffic traffic = await Traffic.StartAsync(directory, Enrolled);

        await cluster.JoinAsync();
        await traffic.UntilAsync(() => cluster.Loads() is [_, _, "Silo_2:4"]);
        await traffic.StopAsync();

        Assert.Equal(["Silo_0:4", "Silo_1:4", "Silo_2:4"], cluster.Loads());
        Assert.Equal(4, before.Zip(cluster.Owners()).Count(pair => pair.First != pair.Second));
        Assert.Equal(0, traffic.Partial);
        await traffic.AllAckedAreFoundAsync();
    }

    [Fact]
    public async Task A_silo_that_stops_hands_its_partitions_on_first_and_every_search_meanwhile_is_complete()
    {
        await using PartitionCluster cluster = await PartitionCluster.StartAsync(silos: 4, Partitions, frontEnds: 1);
        GrainDirectory directory = await GrainDirectory.ConnectAsync(cluster.FrontEnd);
        await cluster.SettledAsync(directory, "Silo_1:4 Silo_2:4 Silo_3:4");
        string?[] before = cluster.Owners();
        await using Traffic traffic = await Traffic.StartAsync(directory, Enrolled);

        InProcessSiloHandle leaving = cluster.Silos.Single(silo => silo.Name == "Silo_2");
        await cluster.StopAsync(leaving);
        await traffic.UntilAsync(() => true);
        await traffic.StopAsync();

        Assert.Equal(["Silo_1:6", "Silo_3:6"], cluster.Loads());
        Assert.Equal(4, before.Zip(cluster.Owners()).Count(pair => pair.First != pair.Second));
        Assert.Equal(0, traffic.Partial);
        await traffic.AllAckedAreFoundAsync();
    }

    [Fact]
    public async Task The_last_silo_stops_and_what_was_acked_is_in_the_store()
    {
        await using PartitionCluster cluster = await PartitionCluster.StartAsync(silos: 1, partitions: 2);
        GrainDirectory directory = await cluster.ReadyAsync();
        await People.EnrolAsync(directory, 0, 5);
        await cluster.StopAsync(cluster.Silos[0]);

        await using MatchEngine engine = MatchEngine.Open(cluster.Store, new MatchEngineOptions { Threads = 1 });
        await engine.Loaded;
        IdentifyAnswer answer = await People.FindAsync(new SearchRoot(engine, TimeProvider.System), 3);
        Assert.Equal(5, answer.Candidates.Count);
        Assert.Equal(IdOf(3), answer.Candidates[0].PersonId);
    }
}
