using MatchCluster.Grains.Clients;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Grains.Tests.Clusters;

/// <summary>Two owners of one partition at once: what the directory cannot rule out, the store fences.</summary>
public sealed class DuplicateActivationTests
{
    [Fact]
    public async Task The_older_owner_is_refused_leaves_and_its_successor_has_everything_that_was_acked_once()
    {
        await using PartitionCluster cluster = await PartitionCluster.StartAsync(silos: 2, partitions: 1);
        GrainDirectory directory = await cluster.ReadyAsync();
        IPartition grain = directory.All[0];
        Assert.True((await CreateAsync(grain, 0)).IsApplied);
        PartitionStatus before = await grain.StatusAsync(default);

        using PartitionHost host = new(new SharedStore(cluster.Store), threads: 1, TimeProvider.System);
        await using LocalPartition newer = host.Open(new PartitionId(0));
        await newer.Loading;
        Assert.True((await CreateAsync(newer, 1)).IsApplied);

        WriteResult fenced = await CreateAsync(grain, 2);
        Assert.Contains($"newer owner (epoch {before.Epoch + 1}, ours {before.Epoch})", fenced.Outage?.Reason);
        Assert.True(fenced.Outage?.MayRetry);

        PartitionStatus after = await PartitionWaits.UntilReadyAsync(grain);
        Assert.Equal(before.Epoch + 2, after.Epoch);
        Assert.True((await CreateAsync(grain, 2)).IsApplied);
        Assert.Contains("newer owner", (await CreateAsync(newer, 3)).Outage?.Reason);

        IdentifyAnswer answer = await People.FindAsync(new SearchRoot(directory, TimeProvider.System), 0);
        Assert.True(answer.Coverage.IsComplete);
        Assert.Equal(
            ((string[])[IdOf(0), IdOf(1), IdOf(2)]).Order(StringComparer.Ordinal),
            answer.Candidates.Select(c => c.PersonId).Order(StringComparer.Ordinal));
    }

    private static async Task<WriteResult> CreateAsync(IPartition partition, int person)
    {
        WriteBatch batch = new([new Write.Create(EncounterOf(person))]);
        return Assert.Single((await partition.ApplyAsync(batch, People.Budget)).Results);
    }
}
