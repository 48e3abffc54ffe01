using MatchCluster.Matching.Feeds;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Packs;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Tests.Storage;
using MatchCluster.Matching.Uses;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Matching.Tests.Feeds;

/// <summary>A gallery's changes with their encounters, replayed into an empty store.</summary>
public sealed class FeedReplayTests
{
    private static SearchBudget Budget => ChangeLogContract.Budget;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Replayed_up_to_any_cut_the_copy_has_the_state_and_the_answers_of_its_origin(int seed)
    {
        using TempDirectory origin = new();
        using TempDirectory peer = new();
        await using SqliteGalleryStore a = await SqliteGalleryStore.OpenAsync(
            origin.Path, 3, 3, default, changesKept: 10_000);
        await using MatchEngine engine = MatchEngine.Open(a, new MatchEngineOptions { Threads = 2 });
        await engine.Loaded;
        ChangeFeed feed = (await ((IGalleryStore)a).OpenFeedAsync(default))!;
        ChangeRoot changes = new(engine, feed);
        EncounterRoot root = new(engine);
        Random random = new(seed);
        await using SqliteGalleryStore b = await SqliteGalleryStore.OpenAsync(peer.Path, 3, 3, default);
        FeedReplay replay = await FeedReplay.OpenAsync(b, default);
        long after = 0;
        for (int cut = 0; cut < 8; cut++)
        {
            await ChangeLogContract.WriteAsync(root, random, random.Next(1, 40));
            ChangePosition position = await feed.Log.PositionAsync("G", default);
            after = await ReplayAsync(changes, replay, after, random.Next(1, 30), position.Last);
            Assert.Equal(position.State, await FeedReplay.StateAsync(b, feed.Keys.Of("G"), default));
        }

        // Again from the front: what is there already stays as it is.
        await ReplayAsync(changes, replay, 0, 1000, after);
        Assert.Equal(
            (await feed.Log.PositionAsync("G", default)).State,
            await FeedReplay.StateAsync(b, feed.Keys.Of("G"), default));
        await using MatchEngine copy = MatchEngine.Open(b, new MatchEngineOptions { Threads = 2 });
        await copy.Loaded;
        for (int person = 0; person < 12; person++)
        {
            Assert.Equal(await AskAsync(engine, person), await AskAsync(copy, person));
        }
    }

    [Theory]
    [InlineData(ReleaseProfile.Full)]
    [InlineData(ReleaseProfile.Scores)]
    [InlineData(ReleaseProfile.Candidates)]
    [InlineData(ReleaseProfile.Hit)]
    public async Task What_an_agreement_does_not_release_is_in_no_change(ReleaseProfile profile)
    {
        using TempDirectory directory = new();
        await using SqliteGalleryStore store = await SqliteGalleryStore.OpenAsync(
            directory.Path, 1, 1, default, changesKept: 100);
        await using MatchEngine engine = MatchEngine.Open(store, new MatchEngineOptions { Threads = 2 });
        await engine.Loaded;
        await new EncounterRoot(engine).ApplyAsync([ChangeLogContract.Create(1, "G", "SECRET")], Budget);
        PartnerIds ids = new(() => new byte[PartnerIds.SecretBytes]);
        ChangeRoot root = new(
            engine, await ((IGalleryStore)store).OpenFeedAsync(default), new Releasing(profile), ids);
        SearchBudget budget = Budget.For(new Use { Partner = "police-c" });
        foreach (bool withContent in (bool[])[false, true])
        {
            UseDecision decision = await root.DecideAsync("G", withContent, budget);
            bool isAllowed = profile == ReleaseProfile.Full || (profile != ReleaseProfile.Hit && !withContent);
            Assert.Equal(isAllowed ? null : UseRule.ReleaseTooSmall, decision.Refusal?.Rule);
            if (isAllowed)
            {
                ChangesAnswer answer = await root.ReadAsync("G", 0, 10, withContent, decision, budget);
                Change change = Assert.Single(answer.Page.Changes);
                bool isFull = profile == ReleaseProfile.Full;
                Assert.Equal(
                    isFull ? (IdOf(1), "E1") : (ids.OfPerson("police-c", IdOf(1)), ""),
                    (change.PersonId, change.EncounterId));
                Assert.Equal(
                    (isFull, isFull, isFull, isFull),
                    (change.State is not null, answer.Page.Position.State is not null, answer.Key is not null,
                        change.RecordId != default));
                Assert.Equal(
                    withContent ? ["G"] : [], answer.Encounters.SelectMany(one => one?.Galleries ?? []).ToArray());
            }
        }

        ChangeRoot refusing = new(engine, null, new Releasing(null), ids);
        Assert.Equal(
            UseRule.GalleryNotGranted, (await refusing.DecideAsync("G", true, budget)).Refusal?.Rule);
    }

    private static async Task<long> ReplayAsync(
        ChangeRoot changes, FeedReplay replay, long after, int page, long last)
    {
        while (after < last)
        {
            UseDecision allowed = await changes.DecideAsync("G", withContent: true, Budget);
            ChangesAnswer answer = await changes.ReadAsync("G", after, page, withContent: true, allowed, Budget);
            Assert.NotEmpty(answer.Page.Changes);
            await replay.ApplyAsync(answer.Page.Changes.Zip(answer.Encounters), default);
            after = answer.Page.Changes[^1].Sequence;
        }

        return after;
    }

    private static async Task<string> AskAsync(MatchEngine engine, int person)
    {
        IdentifyAnswer answer = (await new SearchRoot(engine, TimeProvider.System).IdentifyAsync(
            [new IdentifyRequest { Probe = ProbeOf(person), Gallery = "G", MaxCandidates = 20, Threshold = 0 }],
            Budget))[0];
        return string.Join('\n', answer.Candidates.Select(one => $"{one.Rank} {one.PersonId} {one.Score:R}"));
    }

    /// <summary>Releases so much, or refuses.</summary>
    private sealed class Releasing(ReleaseProfile? profile) : IUsePolicy
    {
        public ValueTask<UseDecision> DecideAsync(Use use, UseRequest request, CancellationToken cancel) =>
            ValueTask.FromResult(profile is { } release ? new UseDecision { Release = release }
                : UseDecision.Refused(UseRule.GalleryNotGranted, "no"));
    }
}
