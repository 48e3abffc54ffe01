using MatchCluster.Grains.Clients;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;
using Orleans.TestingHost;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Grains.Tests.Clusters;

public sealed class SiloLossTests
{
    private const int Enrolled = 30;
    private const int Partitions = 12;

    /// <summary>A search ends at it, however long the cluster needs.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    /// <summary>Below Orleans' own time-out, far beyond what a busy machine adds to the deadline.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_a_silo_is_killed_every_answer_is_complete_or_says_it_is_not_and_all_acked_is_found_again(
        bool fromAMember)
    {
        await using PartitionCluster cluster = await PartitionCluster.StartAsync(silos: 4, Partitions, frontEnds: 1);
        GrainDirectory directory = await GrainDirectory.ConnectAsync(fromAMember ? cluster.FrontEnd : cluster.Client);
        await cluster.SettledAsync(directory, "Silo_1:4 Silo_2:4 Silo_3:4");
        await People.EnrolAsync(directory, 0, Enrolled);
        InProcessSiloHandle victim = cluster.Silos.Single(silo => silo.Name == "Silo_2");

        // A partition that is gone is counted with what it last said it holds.
        SearchRoot root = new(directory, TimeProvider.System);
        Assert.Equal(Enrolled, (await People.FindAsync(root, 0)).Coverage.IdentitiesSearched);

        Task killed = cluster.KillAsync(victim);
        await CompleteAgainAsync(root, killed);

        await cluster.SettledAsync(directory, "Silo_1:6 Silo_3:6");
        await People.EnrolAsync(directory, Enrolled, 5);
        await AllAreFoundAsync(directory, Enrolled + 5);
    }

    /// <summary>
    /// Searches until one after the kill is complete, and holds every answer to its word. How many answers that
    /// takes is not bounded: while a silo is known to be silent, incomplete ones come within milliseconds.
    /// </summary>
    private static async Task CompleteAgainAsync(SearchRoot root, Task killed)
    {
        int answers = 0;
        await PartitionWaits.UntilAsync(
            async () =>
            {
                bool isAfterwards = killed.IsCompleted;
                IdentifyAnswer answer = await People.FindAsync(
                    root, answers++ % Enrolled, SearchBudget.Of(Deadline)).WaitAsync(Patience);
                Coverage coverage = answer.Coverage;
                Assert.Equal(Enrolled, coverage.IdentitiesHeld);
                Assert.Equal(coverage.IdentitiesSearched, answer.Candidates.Count);
                Assert.Equal(coverage.IsComplete, coverage.Missing.Count == 0);
                return (IsAfterwards: isAfterwards, Coverage: coverage);
            },
            seen => seen.IsAfterwards && seen.Coverage.IsComplete);
        await killed;
    }

    private static async Task AllAreFoundAsync(GrainDirectory directory, int people)
    {
        SearchRoot root = new(directory, TimeProvider.System);
        EncounterRoot encounters = new(directory);
        for (int person = 0; person < people; person++)
        {
            ReadAnswer read = await encounters.ReadPersonAsync(IdOf(person), People.Budget);
            Assert.Equal("E1", Assert.Single(read.Encounters).EncounterId);
        }

        IdentifyAnswer answer = await People.FindAsync(root, people - 1);
        Assert.True(answer.Coverage.IsComplete);
        Assert.Equal(people, answer.Candidates.Count);
        Assert.Equal(IdOf(people - 1), answer.Candidates[0].PersonId);
    }
}
