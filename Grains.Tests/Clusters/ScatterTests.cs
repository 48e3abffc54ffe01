using MatchCluster.Grains.Clients;
using MatchCluster.Grains.Silos;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Grains.Tests.Clusters;

public sealed class ScatterTests
{
    private const int Enrolled = 40;
    private const int Partitions = 12;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_cluster_answers_exactly_what_the_embedded_engine_answers(int silos)
    {
        await using MemoryGalleryStore store = new(Partitions);
        await using MatchEngine engine = MatchEngine.Open(store, new MatchEngineOptions { Threads = 1 });
        await engine.Loaded;
        await People.EnrolAsync(engine, 0, Enrolled);
        await using PartitionCluster cluster = await PartitionCluster.StartAsync(silos, Partitions);
        GrainDirectory directory = await cluster.ReadyAsync();
        await People.EnrolAsync(directory, 0, Enrolled);

        SearchRoot embedded = new(engine, TimeProvider.System);
        SearchRoot clustered = new(directory, TimeProvider.System);
        for (int person = 0; person < 5; person++)
        {
            IdentifyAnswer expected = await People.FindAsync(embedded, person);
            IdentifyAnswer answer = await People.FindAsync(clustered, person);
            Assert.Equal(Enrolled, answer.Candidates.Count);
            Assert.Equal(People.Flat(expected), People.Flat(answer));
            Assert.True(answer.Coverage.IsComplete);
        }
    }

    [Fact]
    public async Task Partitions_are_where_the_rendezvous_puts_them()
    {
        await using PartitionCluster cluster = await PartitionCluster.StartAsync(silos: 3, Partitions);
        await cluster.ReadyAsync();
        Assert.Equal(Rendezvous.Assign(Partitions, ["Silo_0", "Silo_1", "Silo_2"]), cluster.Owners());
    }

    [Fact]
    public async Task A_member_without_partitions_hosts_none_and_searches_them_all()
    {
        await using PartitionCluster cluster = await PartitionCluster.StartAsync(silos: 3, Partitions, frontEnds: 1);
        GrainDirectory directory = await GrainDirectory.ConnectAsync(cluster.FrontEnd);
        await PartitionCluster.ReadyAsync(directory);
        await People.EnrolAsync(directory, 0, 10);
        IdentifyAnswer answer = await People.FindAsync(new SearchRoot(directory, TimeProvider.System), 3);

        Assert.Equal(Matching.Tests.TestPeople.IdOf(3), answer.Candidates[0].PersonId);
        Assert.True(answer.Coverage.IsComplete);
        Assert.Equal(Rendezvous.Assign(Partitions, ["Silo_1", "Silo_2"]), cluster.Owners());
    }
}
