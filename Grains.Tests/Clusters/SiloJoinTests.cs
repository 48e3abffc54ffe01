using MatchCluster.Grains.Clients;
using MatchCluster.Grains.Silos;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Scatter;

namespace MatchCluster.Grains.Tests.Clusters;

public sealed class SiloJoinTests
{
    private const int Enrolled = 30;
    private const int Partitions = 12;

    [Fact]
    public async Task A_silo_that_joins_gets_its_share_and_every_search_meanwhile_is_complete_or_says_it_is_not()
    {
        await using PartitionCluster cluster = await PartitionCluster.StartAsync(silos: 2, Partitions);
        GrainDirectory directory = await cluster.ReadyAsync();
        await People.EnrolAsync(directory, 0, Enrolled);
        SearchRoot root = new(directory, TimeProvider.System);
        await SearchAsync(root);

        await cluster.JoinAsync();
        string[] wanted = Rendezvous.Assign(Partitions, ["Silo_0", "Silo_1", "Silo_2"]);
        await PartitionWaits.UntilAsync(
            async () =>
            {
                await SearchAsync(root);
                return string.Join(' ', cluster.Owners());
            },
            owners => owners == string.Join(' ', wanted));

        await PartitionCluster.ReadyAsync(directory);
        IdentifyAnswer answer = await People.FindAsync(root, 0);
        Assert.True(answer.Coverage.IsComplete);
        Assert.Equal(Enrolled, answer.Candidates.Count);
    }

    private static async Task SearchAsync(SearchRoot root)
    {
        IdentifyAnswer answer = await People.FindAsync(root, 1, SearchBudget.Of(TimeSpan.FromSeconds(5)));
        Assert.Null(answer.Refusal);
        Assert.Equal(Enrolled, answer.Coverage.IdentitiesHeld);
        Assert.Equal(answer.Coverage.IdentitiesSearched, answer.Candidates.Count);
        Assert.Equal(answer.Coverage.IsComplete, answer.Candidates.Count == Enrolled);
    }
}
