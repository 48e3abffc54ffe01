using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Scan;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Matching.Tests.Partitions;

/// <summary>
/// A record that cannot be read is never passed over in silence, never written over, and can be deleted.
/// </summary>
public sealed class UnreadableRecordTests : IAsyncLifetime
{
    private readonly FaultyStore store = new(new MemoryGalleryStore(1));
    private readonly ScanThreads threads = new(1);
    private LocalPartition partition = null!;

    private static SearchBudget Budget => SearchBudget.Of(TimeSpan.FromSeconds(60));

    public async Task InitializeAsync()
    {
        await OpenAsync();
        foreach (int person in new[] { 0, 1, 2 })
        {
            Assert.True((await ApplyAsync(new Write.Create(EncounterOf(person)))).IsApplied);
        }

        store.Damaged = IdOf(1);
        await OpenAsync();
    }

    public async Task DisposeAsync()
    {
        await partition.DisposeAsync();
        threads.Dispose();
        await store.DisposeAsync();
    }

    [Fact]
    public async Task A_search_counts_it_as_held_and_not_searched()
    {
        PartitionAnswer answer = await SearchAsync();

        Assert.Equal(PartitionOutcome.Partial, answer.Outcome);
        Assert.Equal("1 records of partition 0 cannot be read", answer.Reason);
        Assert.Equal((3L, 2L), (answer.IdentitiesHeld, answer.IdentitiesSearched));
        Assert.Equal((3L, 2L), (answer.Results[0].Count!.Held, answer.Results[0].Count!.Searched));
        Assert.Equal(3, (await partition.StatusAsync(default)).Held);
    }

    [Fact]
    public async Task Only_a_verification_of_its_own_person_is_not_complete()
    {
        PartitionAnswer own = await SearchAsync(IdOf(1));
        Assert.Equal(PartitionOutcome.Partial, own.Outcome);
        Assert.True(own.Results[0].PersonKnown);
        Assert.Equal(PartitionOutcome.Complete, (await SearchAsync(IdOf(0))).Outcome);
    }

    [Fact]
    public async Task Nothing_is_written_over_it()
    {
        Encounter again = EncounterOf(1);
        Write[] writes = [new Write.Create(again), new Write.Update(again)];
        foreach (Write write in writes)
        {
            Refusal? refusal = (await ApplyAsync(write)).Refusal;
            Assert.Equal(RefusalKind.Invalid, refusal?.Kind);
            Assert.Contains("cannot be read", refusal!.Reason, StringComparison.Ordinal);
        }

        Assert.Equal(1, (await partition.StatusAsync(default)).Unreadable);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Deleted_it_is_gone_and_searches_are_complete_again(bool wholePerson)
    {
        Encounter damaged = EncounterOf(1);
        Write delete = wholePerson
            ? new Write.DeletePerson(damaged.PersonId) : new Write.Delete(damaged.PersonId, damaged.EncounterId);
        Assert.True((await ApplyAsync(delete)).IsApplied);
        Assert.Equal(RefusalKind.Unknown, (await ApplyAsync(delete)).Refusal?.Kind);
        Assert.Equal(PartitionOutcome.Complete, (await SearchAsync()).Outcome);

        store.Damaged = null;
        await OpenAsync();
        PartitionAnswer answer = await SearchAsync();
        Assert.Equal((PartitionOutcome.Complete, 2L), (answer.Outcome, answer.IdentitiesHeld));
        Assert.True((await ApplyAsync(new Write.Create(damaged))).IsApplied);
    }

    private async Task OpenAsync()
    {
        if (partition is not null)
        {
            await partition.DisposeAsync();
        }

        partition = new(new PartitionId(0), store, threads, TimeProvider.System, MemoryBudget.Unlimited);
        await partition.Loading;
    }

    private async Task<PartitionAnswer> SearchAsync(string? onlyPerson = null) => await partition.SearchAsync(
        new SearchBatch(
        [
            new Search
            {
                Probe = ProbeOf(0), Gallery = "G", MaxCandidates = 5, Threshold = 0, OnlyPerson = onlyPerson,
            },
        ]),
        Budget);

    private async Task<WriteResult> ApplyAsync(Write write) =>
        (await partition.ApplyAsync(new WriteBatch([write]), Budget)).Results[0];
}
