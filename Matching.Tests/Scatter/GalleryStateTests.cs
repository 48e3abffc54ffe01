using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Tests.Storage;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Matching.Tests.Scatter;

/// <summary>The state of a gallery: it follows every change, and a search states that of what it searched.</summary>
public sealed class GalleryStateTests
{
    private static SearchBudget Budget => SearchBudget.Of(TimeSpan.FromSeconds(60));

    [Fact]
    public async Task Adding_and_deleting_gives_the_former_state_and_every_change_another_one()
    {
        await using MemoryGalleryStore store = new(3);
        await using MatchEngine engine = await OpenAsync(store);
        HashSet<GalleryState> seen = [await StateAsync(engine, "G")];
        for (int person = 0; person < 5; person++)
        {
            await ApplyAsync(engine, new Write.Create(EncounterOf(person, fingers: [1], eyes: [1])));
            Assert.True(seen.Add(await StateAsync(engine, "G")));
        }

        GalleryState full = await StateAsync(engine, "G");
        Assert.Equal((5, full), (full.Encounters, await StateAsync(engine, Search.AllGalleries)));
        Encounter extra = EncounterOf(9, fingers: [1], eyes: [1]);
        await ApplyAsync(engine, new Write.Create(extra));
        await ApplyAsync(engine, new Write.SetGalleries(extra.PersonId, extra.EncounterId, ["G", "H"]));
        Assert.NotEqual(default, (await StateAsync(engine, "H")).Hash);
        await ApplyAsync(engine, new Write.SetStatus(extra.PersonId, extra.EncounterId, EncounterStatus.Inactive));
        Assert.True(seen.Add(await StateAsync(engine, "G")));
        await ApplyAsync(engine, new Write.DeletePerson(extra.PersonId));
        Assert.Equal(full, await StateAsync(engine, "G"));
        Assert.Equal(default, await StateAsync(engine, "H"));
        Assert.Equal(full, await StateAsync(engine, Search.AllGalleries));
    }

    [Fact]
    public async Task A_search_states_what_it_searched_whatever_changes_after_it()
    {
        await using MemoryGalleryStore store = new(2);
        await using MatchEngine engine = await OpenAsync(store);
        SearchRoot root = new(engine, TimeProvider.System);
        for (int person = 0; person < 6; person++)
        {
            await ApplyAsync(engine, new Write.Create(EncounterOf(person, fingers: [1, 2], eyes: [1])));
            IdentifyAnswer answer = await IdentifyAsync(root, "G");
            Assert.Equal((await StateAsync(engine, "G"), "G"), (answer.State, answer.Gallery));
            Assert.Equal(person + 1, answer.Coverage.IdentitiesSearched);
        }

        Assert.Equal(new GalleryState(default, 0), (await IdentifyAsync(root, "NONE")).State);
        IdentifyAnswer all = await IdentifyAsync(root, Search.AllGalleries);
        Assert.Equal(await StateAsync(engine, Search.AllGalleries), all.State);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_state_is_the_same_after_a_restart_with_and_without_images(bool images)
    {
        using TempDirectory directory = new();
        GalleryState before = default;
        for (int start = 0; start < 3; start++)
        {
            await using SqliteGalleryStore store = await SqliteGalleryStore.OpenAsync(directory.Path, 2, 2, default);
            await using MatchEngine engine = MatchEngine.Open(
                store, new MatchEngineOptions { Threads = 2, ImageDirectory = images ? directory.Path : null });
            await engine.Loaded;
            Assert.Equal(before, await StateAsync(engine, "G"));
            await ApplyAsync(engine, new Write.Create(EncounterOf(start, fingers: [1], eyes: [1])));
            await ApplyAsync(engine, new Write.Create(EncounterOf(start + 10, fingers: [1], eyes: [1])));
            before = await StateAsync(engine, "G");
            Assert.Equal(2 * (start + 1), before.Encounters);
        }
    }

    [Fact]
    public async Task Another_installation_states_other_hashes_of_the_same_encounters()
    {
        GalleryState[] states = new GalleryState[2];
        for (int i = 0; i < states.Length; i++)
        {
            await using MemoryGalleryStore store = new(1);
            await using MatchEngine engine = await OpenAsync(store);
            await ApplyAsync(engine, new Write.Create(EncounterOf(1, fingers: [1], eyes: [1])));
            states[i] = await StateAsync(engine, "G");
        }

        Assert.NotEqual(states[0], states[1]);
    }

    private static async Task<MatchEngine> OpenAsync(IGalleryStore store)
    {
        MatchEngine engine = MatchEngine.Open(store, new MatchEngineOptions { Threads = 2 });
        await engine.Loaded;
        return engine;
    }

    private static async Task ApplyAsync(MatchEngine engine, Write write) =>
        Assert.True((await new EncounterRoot(engine).ApplyAsync([write], Budget))[0].IsApplied);

    private static async Task<GalleryState> StateAsync(MatchEngine engine, string gallery) =>
        EncounterRoot.StateOf(gallery, await new EncounterRoot(engine).StatusAsync(default))!.Value;

    private static async Task<IdentifyAnswer> IdentifyAsync(SearchRoot root, string gallery) =>
        (await root.IdentifyAsync(
            [new IdentifyRequest { Probe = ProbeOf(4, [1, 2], [1]), Gallery = gallery }], Budget))[0];
}
