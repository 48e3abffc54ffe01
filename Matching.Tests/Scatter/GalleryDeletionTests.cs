using MatchCluster.Matching.Governance;
using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Tests.Keys;
using MatchCluster.Matching.Uses;
using Microsoft.Extensions.Time.Testing;
using static MatchCluster.Matching.Tests.Governance.SomeAgreements;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Matching.Tests.Scatter;

/// <summary>Galleries that cannot be deleted, or not as a whole.</summary>
public sealed class GalleryDeletionTests : IAsyncLifetime
{
    private readonly MemoryGalleryStore store = new(2);
    private readonly Agreements agreements = new(new MemoryGovernanceStore(), new FakeTimeProvider(Now));
    private MatchEngine engine = null!;
    private KeyRing keys = null!;
    private EncounterRoot root = null!;

    public async Task InitializeAsync()
    {
        engine = MatchEngine.Open(store, new MatchEngineOptions { Threads = 2 });
        await engine.Loaded;
        keys = await TestKeys.RingAsync(new TestKeys());
        Assert.Null(await keys.EnsureAsync(["watchlist"], default));
        await SignAsync(agreements, Border with { Id = "police", Partner = "police-c", Purposes = ["test"] });
        await SignAsync(agreements, Border);
        foreach (GalleryPolicy policy in Policies)
        {
            await SignAsync(agreements, policy);
        }

        root = new EncounterRoot(engine, TimeProvider.System, agreements);
        Encounter[] people =
        [
            EncounterOf(1, gallery: "watchlist"),
            EncounterOf(2, gallery: "watchlist") with { Galleries = ["watchlist", "visa-b"] },
            EncounterOf(3, gallery: "watchlist"),
        ];
        Assert.All(
            await new EncounterRoot(engine).ApplyAsync(
                [.. people.Select(one => new Write.Create(one))], BudgetOf(Use.Internal)),
            result => Assert.True(result.IsApplied));
    }

    public async Task DisposeAsync()
    {
        await engine.DisposeAsync();
        await store.DisposeAsync();
    }

    [Fact]
    public async Task Whoever_does_not_own_a_gallery_closes_none_of_its_keys()
    {
        DeletedGallery gone = await DeleteAsync(ByBorder);

        Assert.Equal(RefusalKind.Forbidden, gone.Refusal?.Kind);
        Assert.Null(await keys.EnsureAsync(["watchlist"], default));
        Assert.All((await keys.ListAsync(default)).Keys, key => Assert.NotEqual(KeyState.Closing, key.State));
    }

    [Fact]
    public async Task An_encounter_that_is_in_another_owners_gallery_too_stays_and_the_answer_says_so()
    {
        DeletedGallery gone = await DeleteAsync(new Use { Partner = "police-c" });

        Assert.Equal((2, 0), (gone.Deleted, gone.Left));
        Assert.Equal(RefusalKind.Conflict, gone.Refusal?.Kind);
        Assert.Contains("another partner", gone.Refusal!.Reason, StringComparison.Ordinal);
        Assert.Null(await keys.EnsureAsync(["watchlist"], default));
    }

    private Task<DeletedGallery> DeleteAsync(Use use) =>
        new GalleryDeletion(engine, root, keys).RunAsync("watchlist", BudgetOf(use));

    private static SearchBudget BudgetOf(Use use) => SearchBudget.Of(TimeSpan.FromSeconds(60)).For(use);
}
