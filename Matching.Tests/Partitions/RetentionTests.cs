using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Tests.Storage;
using Microsoft.Extensions.Time.Testing;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Matching.Tests.Partitions;

/// <summary>Encounters that expire, and those that a legal hold keeps.</summary>
public sealed class RetentionTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);
    private readonly FakeTimeProvider _clock = new(Start);
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Nobody_finds_what_has_expired_though_nobody_has_erased_it()
    {
        await using MemoryGalleryStore store = new(1);
        await using MatchEngine engine = await OpenAsync(store);
        await EnrolAsync(engine, Expiring(1, 10), Expiring(2, 20), EncounterOf(3));
        Assert.Equal(3, await HeldAsync(engine));

        // Ten seconds are less than the time between two rounds of erasure.
        _clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(2, await HeldAsync(engine));
        Assert.Empty((await SearchAsync(engine, 1)).Candidates);
        Assert.Single((await SearchAsync(engine, 2)).Candidates);
        VerifyAnswer verified = await new SearchRoot(engine, _clock).VerifyAsync(
            ProbeOf(1), "G", IdOf(1), 40, Budget);
        Assert.Equal(RefusalKind.Unknown, verified.Refusal?.Kind);
        EncounterRoot root = new(engine, _clock);
        Assert.Equal(RefusalKind.Unknown, (await root.ReadPersonAsync(IdOf(1), Budget)).Refusal?.Kind);
        Assert.Equal(
            [IdOf(2), IdOf(3)],
            (await root.ReadGalleryAsync("G", 0, 10, Budget)).Members.Select(m => m.PersonId).Order());
        Assert.Single(await store.ReadPersonAsync(new PartitionId(0), IdOf(1), default));
    }

    [Fact]
    public async Task What_has_expired_is_erased_and_what_is_held_is_not()
    {
        await using MemoryGalleryStore store = new(1);
        await using MatchEngine engine = await OpenAsync(store);
        await EnrolAsync(engine, Expiring(1, 10), Expiring(2, 10), EncounterOf(3));
        await ApplyAsync(engine, new Write.SetHold(IdOf(2), "E1", IsHeld: true));

        await AdvanceUntilAsync(async () =>
            (await store.ReadPersonAsync(new PartitionId(0), IdOf(1), default)).Count == 0);

        Assert.Single(await store.ReadPersonAsync(new PartitionId(0), IdOf(2), default));
        Assert.Single(await store.ReadPersonAsync(new PartitionId(0), IdOf(3), default));
        Assert.Empty((await SearchAsync(engine, 2)).Candidates);
        foreach (Write write in (Write[])
            [
                new Write.Delete(IdOf(2), "E1"), new Write.DeletePerson(IdOf(2)), new Write.Update(Expiring(2, 99)),
            ])
        {
            Assert.Equal(RefusalKind.Conflict, (await TryAsync(engine, write)).Refusal?.Kind);
        }

        Assert.Equal(
            RefusalKind.Conflict,
            (await new EncounterRoot(engine, _clock).MergeAsync(IdOf(3), IdOf(2), Budget.For(Uses.Use.Internal)))
                .Refusal?.Kind);

        await ApplyAsync(engine, new Write.SetHold(IdOf(2), "E1", IsHeld: false));
        await AdvanceUntilAsync(async () =>
            (await store.ReadPersonAsync(new PartitionId(0), IdOf(2), default)).Count == 0);
    }

    [Fact]
    public async Task What_cannot_be_recorded_is_not_erased_and_what_is_held_is_not_recorded()
    {
        Outage? outage = new Outage("the log is full", MayRetry: true);
        List<string> told = [];
        await using MemoryGalleryStore store = new(1);
        await using MatchEngine engine = MatchEngine.Open(store, new MatchEngineOptions
        {
            Threads = 1,
            Clock = _clock,
            OnErasing = erased =>
            {
                lock (told)
                {
                    told.AddRange(erased.Select(one => $"{one.PersonId} {string.Join(',', one.Galleries)}"));
                    return Task.FromResult<Outage?>(outage);
                }
            },
        });
        await engine.Loaded;
        await EnrolAsync(engine, Expiring(1, 10), Expiring(2, 10), EncounterOf(3));
        await ApplyAsync(engine, new Write.SetHold(IdOf(2), "E1", IsHeld: true));

        await AdvanceUntilAsync(() => Task.FromResult(Told() >= 2));
        Assert.Single(await store.ReadPersonAsync(new PartitionId(0), IdOf(1), default));
        lock (told)
        {
            outage = null;
        }

        await AdvanceUntilAsync(async () =>
            (await store.ReadPersonAsync(new PartitionId(0), IdOf(1), default)).Count == 0);
        int rows = Told();
        for (int round = 0; round < 10; round++)
        {
            _clock.Advance(Limits.EraseEvery);
            await Task.Yield();
        }

        Assert.Equal(rows, Told());
        Assert.Equal([$"{IdOf(1)} {string.Join(',', EncounterOf(1).Galleries)}"], told.Distinct());

        int Told()
        {
            lock (told)
            {
                return told.Count;
            }
        }
    }

    [Fact]
    public async Task A_change_never_makes_an_encounter_stay_longer()
    {
        await using MemoryGalleryStore store = new(1);
        await using MatchEngine engine = await OpenAsync(store);
        await EnrolAsync(engine, Expiring(1, 10), Expiring(2, 100));
        await ApplyAsync(engine, new Write.Update(Expiring(1, 1000)));
        await ApplyAsync(engine, new Write.Update(EncounterOf(1, impression: 1)));
        await ApplyAsync(engine, new Write.Update(Expiring(2, 10)));
        await ApplyAsync(engine, new Write.SetStatus(IdOf(1), "E1", EncounterStatus.Active));

        _clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(0, await HeldAsync(engine));

        // Neither does a change after the end.
        await ApplyAsync(engine, new Write.SetStatus(IdOf(1), "E1", EncounterStatus.Active));
        Assert.Equal(0, await HeldAsync(engine));
    }

    [Fact]
    public async Task Times_of_expiry_survive_a_restart_with_and_without_an_image_of_the_rows()
    {
        foreach (bool withImage in (bool[])[true, false])
        {
            string data = _directory.File(withImage ? "image" : "plain");
            Directory.CreateDirectory(data);
            await using (SqliteGalleryStore store = await SqliteGalleryStore.OpenAsync(data, 1, 1, default))
            {
                await using MatchEngine engine = await OpenAsync(store, withImage ? data : null);
                await EnrolAsync(engine, Expiring(1, 100), Expiring(2, 10_000), EncounterOf(3));
                await ApplyAsync(engine, new Write.SetHold(IdOf(1), "E1", IsHeld: true));
            }

            _clock.Advance(TimeSpan.FromSeconds(100));
            await using SqliteGalleryStore again = await SqliteGalleryStore.OpenAsync(data, 1, 1, default);
            await using MatchEngine opened = await OpenAsync(again, withImage ? data : null);
            Assert.Empty((await SearchAsync(opened, 1)).Candidates);
            Assert.Equal(2, await HeldAsync(opened));
            Assert.Equal(RefusalKind.Conflict, (await TryAsync(opened, new Write.Delete(IdOf(1), "E1"))).Refusal?.Kind);
        }
    }

    [Fact]
    public async Task Thousands_that_expire_at_different_times_leave_the_gallery_one_after_the_other()
    {
        await using MemoryGalleryStore store = new(2);
        await using MatchEngine engine = await OpenAsync(store);
        Random random = new(20261130);
        int[] ends = [.. Enumerable.Range(0, 300).Select(_ => random.Next(1, 50))];
        await EnrolAsync(engine, [.. ends.Select((end, person) => Expiring(person, end))]);
        for (int second = 0; second < 50; second++)
        {
            Assert.Equal(ends.Count(end => end > second), await HeldAsync(engine));
            _clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    private static SearchBudget Budget => SearchBudget.Of(TimeSpan.FromSeconds(60));

    private static Encounter Expiring(int person, int seconds) =>
        EncounterOf(person) with { ExpiresAt = Start.AddSeconds(seconds) };

    private async Task<MatchEngine> OpenAsync(IGalleryStore store, string? images = null)
    {
        MatchEngine engine = MatchEngine.Open(
            store, new MatchEngineOptions { Threads = 1, Clock = _clock, ImageDirectory = images });
        await engine.Loaded;
        return engine;
    }

    private async Task EnrolAsync(MatchEngine engine, params Encounter[] encounters)
    {
        foreach (Encounter[] some in encounters.Chunk(100))
        {
            Assert.All(
                await new EncounterRoot(engine, _clock).ApplyAsync(
                    [.. some.Select(one => new Write.Create(one))], Budget),
                result => Assert.True(result.IsApplied, result.ToString()));
        }
    }

    private async Task ApplyAsync(MatchEngine engine, Write write)
    {
        WriteResult result = await TryAsync(engine, write);
        Assert.True(result.IsApplied, result.ToString());
    }

    private async Task<WriteResult> TryAsync(MatchEngine engine, Write write) =>
        (await new EncounterRoot(engine, _clock).ApplyAsync([write], Budget))[0];

    private async Task<IdentifyAnswer> SearchAsync(MatchEngine engine, int person) =>
        (await new SearchRoot(engine, _clock).IdentifyAsync(
            [new IdentifyRequest { Probe = ProbeOf(person), Gallery = "G", Threshold = 30 }], Budget))[0];

    private async Task<long> HeldAsync(MatchEngine engine) =>
        (await SearchAsync(engine, 3)).Coverage.IdentitiesHeld;

    /// <summary>Lets time pass round by round until something holds; it takes a few rounds at most.</summary>
    private async Task AdvanceUntilAsync(Func<Task<bool>> holds)
    {
        for (int round = 0; round < 1000 && !await holds(); round++)
        {
            _clock.Advance(Limits.EraseEvery);
            await Task.Yield();
        }

        Assert.True(await holds());
    }
}
