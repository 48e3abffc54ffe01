using MatchCluster.Matching.Governance;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Tests.Keys;
using MatchCluster.Matching.Tests.Storage;
using MatchCluster.Matching.Uses;
using Microsoft.Extensions.Time.Testing;
using static MatchCluster.Matching.Tests.Governance.SomeAgreements;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Matching.Tests.Scatter;

/// <summary>Which pictures the engine keeps and shows, by what two administrators signed.</summary>
public sealed class KeptPictureTests : IAsyncLifetime
{
    private static readonly Use Owner = new() { Partner = "police-c", Purpose = "test" };

    private readonly TempDirectory directory = new();
    private readonly FakeTimeProvider clock = new(Now);
    private readonly Agreements agreements;
    private SqliteGalleryStore store = null!;
    private MatchEngine engine = null!;
    private EncounterRoot root = null!;

    public KeptPictureTests() => agreements = new Agreements(new MemoryGovernanceStore(), clock);

    public async Task InitializeAsync()
    {
        store = await SqliteGalleryStore.OpenAsync(directory.Path, 2, 2, default, TestKeys.Source());
        engine = MatchEngine.Open(store, new MatchEngineOptions { Threads = 2 });
        await engine.Loaded;
        root = new EncounterRoot(engine, TimeProvider.System, agreements, new AgreedPictures(agreements));
        await SignAsync(agreements, Border with
        {
            Id = "police",
            Partner = "police-c",
            Purposes = ["test"],
            Enrol = ["watchlist", "archive"],
            Release = ReleaseProfile.Full,
        });
        await SignAsync(agreements, new GalleryPolicy { Id = "watchlist", Owner = "police-c", KeepsPictures = true });
        await SignAsync(agreements, new GalleryPolicy { Id = "archive", Owner = "police-c" });
    }

    public async Task DisposeAsync()
    {
        await engine.DisposeAsync();
        await store.DisposeAsync();
        directory.Dispose();
    }

    [Fact]
    public async Task Signed_policies_of_all_galleries_decide_what_is_kept_and_shown()
    {
        await EnrolAsync(1, "watchlist");
        await EnrolAsync(2, "watchlist", "archive");
        await EnrolAsync(3, "archive");
        Assert.Equal((1, 0, 0), (await ShownAsync(1), await ShownAsync(2), await ShownAsync(3)));

        // Less than everything is released, or nothing may be kept: no picture leaves, and none comes in.
        Assert.Equal(0, await ShownAsync(1, Owner with { AtMost = ReleaseProfile.Scores }));
        Assert.True((await root.ApplyAsync(
            [new Write.Create(Of(4, "watchlist"))], BudgetOf(Owner with { NoRetain = true })))[0].IsApplied);
        Assert.Equal(0, await ShownAsync(4));

        // Another partner sees neither the person nor the picture.
        await SignAsync(agreements, Border with { Release = ReleaseProfile.Full });
        ReadAnswer foreign = await root.ReadPicturesAsync(IdOf(1), "E", BudgetOf(ByBorder));
        Assert.NotNull(foreign.Refusal);

        // From the moment on at which the policy ends, no picture is shown.
        SignedResult proposed = await agreements.Galleries.ProposeAsync(
            new GalleryPolicy { Id = "watchlist", Owner = "police-c" }, "anna", default);
        Assert.Equal(1, await ShownAsync(1));
        await agreements.Galleries.ApproveAsync("watchlist", proposed.Version, "berta", default);
        Assert.Equal(0, await ShownAsync(1));
        await EnrolAsync(5, "watchlist");
        Assert.Equal(0, await ShownAsync(5));
        ErasedPictures erased = await new PictureErasure(root).RunAsync("watchlist", BudgetOf(Owner));
        Assert.Equal((1, 0), (erased.Erased, erased.Held));
        Assert.Equal(0, await RowsAsync());
    }

    [Fact]
    public async Task A_merge_between_partitions_carries_them_and_an_erasure_takes_them_along()
    {
        int[] people = [.. Enumerable.Range(1, 12)];
        int other = people.First(person => PartitionOf(person) != PartitionOf(1));
        await EnrolAsync(1, "watchlist");
        await EnrolAsync(other, "watchlist", name: "F");
        byte[] before = Of(1, "watchlist").Pictures[0].Content.ToArray();

        WriteResult merged = await root.MergeAsync(IdOf(other), IdOf(1), BudgetOf(Owner));
        Assert.True(merged.IsApplied, merged.Refusal?.Reason ?? merged.Outage?.Reason);

        ReadAnswer read = await root.ReadPicturesAsync(IdOf(other), "E", BudgetOf(Owner));
        Assert.Equal(before, Assert.Single(Assert.Single(read.Encounters).Pictures).Content.ToArray());
        Assert.Equal(2, await RowsAsync());
        Assert.True((await root.ApplyAsync([new Write.DeletePerson(IdOf(other))], BudgetOf(Owner)))[0].IsApplied);
        Assert.Equal(0, await RowsAsync());
    }

    [Fact]
    public async Task A_damaged_picture_is_said_and_stops_neither_a_replacement_nor_a_deletion()
    {
        await EnrolAsync(1, "watchlist");
        await store.RunOnWriterAsync(connection => SqliteFile.Run(connection, "UPDATE pictures SET content = X'01'"));
        WriteResult changed = (await root.ApplyAsync(
            [new Write.SetStatus(IdOf(1), "E", EncounterStatus.Inactive)], BudgetOf(Owner)))[0];
        Assert.Contains("pictures of the encounter cannot be read", changed.Refusal!.Reason, StringComparison.Ordinal);
        ReadAnswer read = await root.ReadPicturesAsync(IdOf(1), "E", BudgetOf(Owner));
        Assert.Contains("a stored picture cannot be read", read.Outage!.Reason, StringComparison.Ordinal);
        Assert.True((await root.ReadPersonAsync(IdOf(1), BudgetOf(Owner))).Encounters.Count == 1);

        // A replacement and a deletion need no older picture.
        Assert.True((await root.ApplyAsync(
            [new Write.Update(Of(1, "watchlist"))], BudgetOf(Owner)))[0].IsApplied);
        Assert.Equal(1, await ShownAsync(1));
        await store.RunOnWriterAsync(connection => SqliteFile.Run(connection, "UPDATE pictures SET content = X'01'"));
        Assert.True((await root.ApplyAsync([new Write.Delete(IdOf(1), "E")], BudgetOf(Owner)))[0].IsApplied);
        Assert.Equal(0, await RowsAsync());
    }

    private int PartitionOf(int person) => ((IPartitionDirectory)engine).Of(IdOf(person)).Id.Number;

    private static Encounter Of(int person, params string[] galleries) =>
        EncounterOf(person, gallery: galleries[0]) with
        {
            EncounterId = "E",
            Galleries = galleries,
            Pictures = [Picture.Of(SomeEncounters.Pictured(person).Pictures[0].Content, [0])],
        };

    private async Task EnrolAsync(int person, string gallery, string? second = null, string name = "E")
    {
        string[] galleries = second is null ? [gallery] : [gallery, second];
        WriteResult result = (await root.ApplyAsync(
            [new Write.Create(Of(person, galleries) with { EncounterId = name })], BudgetOf(Owner)))[0];
        Assert.True(result.IsApplied, result.Refusal?.Reason ?? result.Outage?.Reason);
    }

    private async Task<int> ShownAsync(int person, Use? use = null)
    {
        ReadAnswer read = await root.ReadPicturesAsync(IdOf(person), "E", BudgetOf(use ?? Owner));
        return Assert.Single(read.Encounters).Pictures.Count(picture => picture.IsWhole);
    }

    private async Task<long> RowsAsync()
    {
        long rows = -1;
        await store.RunOnWriterAsync(
            connection => rows = (long)SqliteFile.Scalar(connection, "SELECT COUNT(*) FROM pictures")!);
        return rows;
    }

    private static SearchBudget BudgetOf(Use use) => SearchBudget.Of(TimeSpan.FromSeconds(60)).For(use);
}
