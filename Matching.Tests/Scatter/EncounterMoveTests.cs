using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Matching.Tests.Scatter;

public sealed class EncounterMoveTests : IAsyncLifetime
{
    private const int Partitions = 4;

    private readonly MemoryGalleryStore store = new(Partitions);
    private MatchEngine engine = null!;
    private EncounterRoot root = null!;

    private static SearchBudget Budget => SearchBudget.Of(TimeSpan.FromSeconds(60));

    public static TheoryData<bool> SamePartition => [true, false];

    public async Task InitializeAsync() => await ReopenAsync();

    public async Task DisposeAsync()
    {
        await engine.DisposeAsync();
        await store.DisposeAsync();
    }

    [Theory]
    [MemberData(nameof(SamePartition))]
    public async Task Merging_moves_every_encounter_and_the_source_is_gone(bool samePartition)
    {
        (string target, string source) = await EnrolAsync(samePartition, "A", "B");
        Assert.True((await root.MergeAsync(target, source, Budget)).IsApplied);

        Assert.Equal(["A", "B", "T"], await EncountersOfAsync(target));
        Assert.Empty(await EncountersOfAsync(source));
        Assert.Equal(3, await CountAsync());
    }

    [Theory]
    [MemberData(nameof(SamePartition))]
    public async Task A_conflict_of_one_encounter_id_changes_nothing(bool samePartition)
    {
        (string target, string source) = await EnrolAsync(samePartition, "A", "T");
        Assert.Equal(RefusalKind.Conflict, (await root.MergeAsync(target, source, Budget)).Refusal?.Kind);

        Assert.Equal(["T"], await EncountersOfAsync(target));
        Assert.Equal(["A", "T"], await EncountersOfAsync(source));
    }

    [Theory]
    [MemberData(nameof(SamePartition))]
    public async Task Moving_takes_one_encounter_and_leaves_the_rest(bool samePartition)
    {
        (string target, string source) = await EnrolAsync(samePartition, "A", "B");
        Assert.True((await root.MoveAsync(target, source, "A", Budget)).IsApplied);
        Assert.Equal(["A", "T"], await EncountersOfAsync(target));
        Assert.Equal(["B"], await EncountersOfAsync(source));
        Assert.Equal(RefusalKind.Unknown, (await root.MoveAsync(target, source, "Z", Budget)).Refusal?.Kind);
        Assert.Equal(RefusalKind.Unknown, (await root.MoveAsync(target, "nobody", "A", Budget)).Refusal?.Kind);
        Assert.Equal(RefusalKind.Invalid, (await root.MoveAsync(target, target, "A", Budget)).Refusal?.Kind);
    }

    [Fact]
    public async Task A_move_that_was_cut_off_between_its_halves_is_finished_at_the_next_start()
    {
        (string target, string source) = await EnrolAsync(samePartition: false, "A", "B");
        Encounter[] held = [.. (await root.ReadPersonAsync(source, Budget)).Encounters];
        Write[] firstHalf = [.. held.Select(e => new Write.Create(e with { PersonId = target, MovedFrom = source }))];
        Assert.All(await root.ApplyAsync(firstHalf, Budget), r => Assert.True(r.IsApplied));
        Assert.Equal(5, await CountAsync());

        await ReopenAsync();
        Assert.Equal(["A", "B", "T"], await EncountersOfAsync(target));
        Assert.Empty(await EncountersOfAsync(source));

        await ReopenAsync();
        Assert.Equal(3, await CountAsync());
    }

    [Fact]
    public async Task A_source_that_was_changed_since_is_not_deleted_by_a_restart()
    {
        (string target, string source) = await EnrolAsync(samePartition: false, "A");
        Encounter held = (await root.ReadPersonAsync(source, Budget)).Encounters[0];
        await root.ApplyAsync([new Write.Create(held with { PersonId = target, MovedFrom = source })], Budget);
        await root.ApplyAsync([new Write.SetStatus(source, "A", EncounterStatus.Inactive)], Budget);

        await ReopenAsync();
        Assert.Equal(["A"], await EncountersOfAsync(source));
    }

    private async Task ReopenAsync()
    {
        if (engine is not null)
        {
            await engine.DisposeAsync();
        }

        engine = MatchEngine.Open(store, new MatchEngineOptions { Threads = 1 });
        await engine.Loaded;
        root = new EncounterRoot(engine);
    }

    /// <summary>A target with encounter T, and a source with the given ones, on one partition or on two.</summary>
    private async Task<(string Target, string Source)> EnrolAsync(bool samePartition, params string[] sourceEncounters)
    {
        const string Target = "target";
        PartitionId home = Placement.PartitionOf(Target, Partitions);
        string source = Enumerable.Range(0, 1000).Select(i => $"source{i}")
            .First(id => (Placement.PartitionOf(id, Partitions) == home) == samePartition);
        Write[] writes =
        [
            new Write.Create(EncounterOf(0, "T") with { PersonId = Target }),
            .. sourceEncounters.Select((id, i) => new Write.Create(EncounterOf(i + 1, id) with { PersonId = source })),
        ];
        Assert.All(await root.ApplyAsync(writes, Budget), r => Assert.True(r.IsApplied));
        return (Target, source);
    }

    private async Task<string[]> EncountersOfAsync(string person) =>
        [.. (await root.ReadPersonAsync(person, Budget)).Encounters.Select(e => e.EncounterId)];

    private async Task<long> CountAsync() => (await root.StatusAsync(default)).Sum(status => status.Encounters);
}
