using MatchCluster.Grains.Redis;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using StackExchange.Redis;
using static MatchCluster.Grains.Tests.Redis.RedisFixture;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Grains.Tests.Redis;

/// <summary>Turns of a gallery in Redis, and what becomes of a holder that was paused past its lease.</summary>
public sealed class GalleryTurnTests
{
    private const string Gallery = "G";

    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);

    [SkippableFact]
    public async Task A_store_writes_nothing_for_a_holder_that_a_later_one_has_followed()
    {
        await using RedisFixture fixture = await NewAsync();
        Assert.Equal(AppendOutcome.Applied, await PutAsync(fixture, 1, 5));
        Assert.Equal(AppendOutcome.Applied, await NoteAsync(fixture, 7));
        Assert.Equal(AppendOutcome.Overtaken, await PutAsync(fixture, 2, 6));
        Assert.Equal(AppendOutcome.Overtaken, await NoteAsync(fixture, 6));
        Assert.Equal(AppendOutcome.Applied, await PutAsync(fixture, 3, 7));

        // Another gallery has other turns; of several one that is lost is enough; without a turn nothing is asked.
        Assert.Equal(AppendOutcome.Applied, await PutAsync(fixture, 4, new GalleryLease("other", 1)));
        Assert.Equal(
            AppendOutcome.Overtaken,
            await PutAsync(fixture, 5, new GalleryLease("other", 2), new GalleryLease(Gallery, 6)));
        Assert.Equal(AppendOutcome.Applied, (await fixture.PutAsync(EncounterOf(6))).Outcome);

        Assert.Equal(
            [IdOf(1), IdOf(3), IdOf(4), IdOf(6)],
            (await fixture.AllAsync()).Select(one => one.PersonId).Order(StringComparer.Ordinal));
    }

    [SkippableFact]
    public async Task A_partition_that_is_opened_again_still_knows_the_later_holder()
    {
        await using RedisFixture fixture = await NewAsync();
        await NoteAsync(fixture, 9);
        long epoch = await fixture.Store.OpenEpochAsync(P0, None);
        AppendResult late = await fixture.Store.AppendAsync(
            P0, epoch, [StoreWrite.Put(EncounterOf(1))], [new GalleryLease(Gallery, 8)], None);
        Assert.Equal(AppendOutcome.Overtaken, late.Outcome);
    }

    [SkippableFact]
    public async Task A_search_in_a_turn_fences_the_holder_before_it_and_the_partition_goes_on()
    {
        await using RedisFixture fixture = await NewAsync();
        MatchEngine engine = MatchEngine.Open(fixture.Store, new MatchEngineOptions { Threads = 1 });
        await using (engine)
        {
            await engine.Loaded;
            SearchRoot searches = new(engine, TimeProvider.System);
            EncounterRoot writes = new(engine);
            SearchBudget older = SearchBudget.Of(Long).In([new GalleryLease(Gallery, 5)]);
            SearchBudget later = SearchBudget.Of(Long).In([new GalleryLease(Gallery, 6)]);

            Assert.True((await SearchAsync(searches, older)).Coverage.IsComplete);
            Assert.True((await writes.ApplyAsync([new Write.Create(EncounterOf(1))], older))[0].IsApplied);
            Assert.Equal(1, (await SearchAsync(searches, later)).Coverage.IdentitiesHeld);

            WriteResult fenced = (await writes.ApplyAsync([new Write.Create(EncounterOf(2))], older))[0];
            Assert.True(fenced.Outage?.MayRetry);
            Assert.False((await SearchAsync(searches, older)).Coverage.IsComplete);
            Assert.True((await writes.ApplyAsync([new Write.Create(EncounterOf(3))], later))[0].IsApplied);
            Assert.Equal(2, (await SearchAsync(searches, later)).Coverage.IdentitiesHeld);
        }
    }

    [SkippableFact]
    public async Task One_holder_at_a_time_and_each_has_a_higher_number_than_the_one_before()
    {
        await using RedisFixture fixture = await NewAsync();
        RedisGalleryTurns here = new(fixture.Redis, Name, new RedisStoreOptions());
        RedisGalleryTurns there = new(fixture.Redis, Name, new RedisStoreOptions());
        IGalleryTurn first = (await here.TakeAsync(["A", Gallery], Long, None))!;
        Assert.Equal(["A", Gallery], first.Leases.Select(lease => lease.Gallery));
        Assert.Null(await there.TakeAsync([Gallery], TimeSpan.Zero, None));

        // Free are others, and what a holder of one could not get is not kept.
        Assert.Null(await there.TakeAsync(["0", Gallery], TimeSpan.Zero, None));
        await using (IGalleryTurn? free = await there.TakeAsync(["0"], Long, None))
        {
            Assert.NotNull(free);
        }

        await first.DisposeAsync();
        await using IGalleryTurn second = (await there.TakeAsync([Gallery], Long, None))!;
        Assert.True(second.Leases[0].Epoch > first.Leases[1].Epoch);
    }

    [SkippableFact]
    public async Task A_holder_whose_lease_ran_out_has_a_lower_number_and_lets_nobody_else_go()
    {
        await using RedisFixture fixture = await NewAsync();
        RedisGalleryTurns turns = new(fixture.Redis, Name, new RedisStoreOptions(), TimeSpan.FromHours(1));
        IGalleryTurn paused = (await turns.TakeAsync([Gallery], Long, None))!;

        // Its time is over by Redis' clock.
        RedisKey key = new RedisKeys(Name).Turn(Gallery);
        await fixture.Redis.GetDatabase().HashSetAsync(key, "until", "1");
        await using IGalleryTurn later = (await turns.TakeAsync([Gallery], Long, None))!;
        Assert.True(later.Leases[0].Epoch > paused.Leases[0].Epoch);

        await paused.DisposeAsync();
        Assert.Null(await turns.TakeAsync([Gallery], TimeSpan.Zero, None));
        Assert.Equal(
            AppendOutcome.Applied,
            (await fixture.Store.AppendAsync(P0, fixture.Epoch, [], later.Leases, None)).Outcome);
        Assert.Equal(
            AppendOutcome.Overtaken,
            (await fixture.Store.AppendAsync(
                P0, fixture.Epoch, [StoreWrite.Put(EncounterOf(1))], paused.Leases, None)).Outcome);
    }

    [SkippableFact]
    public async Task A_number_is_never_older_than_the_time_even_where_the_lease_was_lost()
    {
        await using RedisFixture fixture = await NewAsync();
        RedisGalleryTurns turns = new(fixture.Redis, Name, new RedisStoreOptions());
        IGalleryTurn first = (await turns.TakeAsync([Gallery], Long, None))!;
        await first.DisposeAsync();
        await fixture.Redis.GetDatabase().KeyDeleteAsync(new RedisKeys(Name).Turn(Gallery));
        await using IGalleryTurn second = (await turns.TakeAsync([Gallery], Long, None))!;
        Assert.True(second.Leases[0].Epoch > first.Leases[0].Epoch);
    }

    private static async Task<IdentifyAnswer> SearchAsync(SearchRoot root, SearchBudget budget) =>
        (await root.IdentifyAsync(
            [new IdentifyRequest { Probe = ProbeOf(9), Gallery = Search.AllGalleries, Threshold = 60 }], budget))[0];

    private static Task<AppendOutcome> PutAsync(RedisFixture fixture, int person, long epoch) =>
        PutAsync(fixture, person, new GalleryLease(Gallery, epoch));

    private static async Task<AppendOutcome> PutAsync(
        RedisFixture fixture, int person, params GalleryLease[] leases) =>
        (await fixture.Store.AppendAsync(
            P0, fixture.Epoch, [StoreWrite.Put(EncounterOf(person))], leases, None)).Outcome;

    private static async Task<AppendOutcome> NoteAsync(RedisFixture fixture, long epoch) =>
        (await fixture.Store.AppendAsync(
            P0, fixture.Epoch, [], [new GalleryLease(Gallery, epoch)], None)).Outcome;
}
