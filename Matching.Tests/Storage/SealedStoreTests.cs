using MatchCluster.Matching.Model;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Tests.Keys;

namespace MatchCluster.Matching.Tests.Storage;

/// <summary>The SQLite store with a master key.</summary>
public sealed class SealedStoreTests : IDisposable
{
    private static readonly PartitionId P0 = new(0);

    private readonly TempDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task What_was_stored_is_read_again_and_no_file_holds_any_of_it_in_the_clear()
    {
        Encounter[] all = [.. Enumerable.Range(0, 40).Select(i => Some(i, i % 3 == 0 ? ["a", "b"] : ["a"]))];
        await using (SqliteGalleryStore store = await OpenAsync())
        {
            await PutAsync(store, all);
            AssertNothingInTheClear(all);
            await AssertHoldsAsync(store, all);
        }

        AssertNothingInTheClear(all);
        await using SqliteGalleryStore again = await OpenAsync();
        await AssertHoldsAsync(again, all);
        Assert.Equal(["", "a", "b"], again.Keys!.All.Select(key => key.Gallery));
    }

    [Fact]
    public async Task An_encrypted_directory_is_opened_with_its_own_master_key_alone()
    {
        await using (SqliteGalleryStore store = await OpenAsync())
        {
            await PutAsync(store, Some(1, "a"));
        }

        StoreException without = await Assert.ThrowsAsync<StoreException>(() => OpenAsync(master: null));
        Assert.Contains("is encrypted and no master key is given", without.Message, StringComparison.Ordinal);
        StoreException wrong = await Assert.ThrowsAsync<StoreException>(() => OpenAsync("two"));
        Assert.Contains("master key " + TestKeys.Source("two").Read().Id, wrong.Message, StringComparison.Ordinal);
        await using SqliteGalleryStore again = await OpenAsync();
        await AssertHoldsAsync(again, Some(1, "a"));
    }

    [Fact]
    public async Task A_plain_directory_goes_on_with_a_master_key_and_is_encrypted_whole_when_asked()
    {
        Encounter[] old = [.. Enumerable.Range(0, 20).Select(i => Some(i, "a"))];
        await using (SqliteGalleryStore plain = await OpenAsync(master: null))
        {
            await PutAsync(plain, old);
        }

        await using SqliteGalleryStore store = await OpenAsync();
        Assert.True(await StoreReseal.IsNeededAsync(store, default));
        await PutAsync(store, Some(20, "b"));
        AssertNothingInTheClear(Some(20, "b"));
        Assert.Throws<Xunit.Sdk.TrueException>(() => AssertNothingInTheClear(old));

        Assert.Equal(new ResealCount(21, 20, 0), await StoreReseal.RunAsync(store, default));

        AssertNothingInTheClear(old);
        await AssertHoldsAsync(store, [.. old, Some(20, "b")]);
        Assert.False(await StoreReseal.IsNeededAsync(store, default));
        Assert.Equal(new ResealCount(21, 0, 0), await StoreReseal.RunAsync(store, default));
    }

    [Fact]
    public async Task A_gallery_gets_a_new_key_and_its_older_key_goes_when_nothing_needs_it()
    {
        await using SqliteGalleryStore store = await OpenAsync();
        await PutAsync(store, Some(1, "a"), Some(2, "a", "b"), Some(3, "b"));
        Assert.Equal(2, await store.Keys!.RotateAsync("a", default));
        await AssertHoldsAsync(store, Some(1, "a"), Some(2, "a", "b"), Some(3, "b"));

        Assert.Equal(new ResealCount(3, 2, 0), await StoreReseal.RunAsync(store, default));

        Assert.Equal(2, Assert.Single(store.Keys.All, key => key.Gallery == "a").Number);
        await AssertHoldsAsync(store, Some(1, "a"), Some(2, "a", "b"), Some(3, "b"));
    }

    [Fact]
    public async Task An_append_whose_key_is_closed_while_it_waits_for_its_commit_is_not_written()
    {
        await using SqliteGalleryStore store = await OpenAsync();
        await PutAsync(store, Some(1, "a"));
        long epoch = await store.OpenEpochAsync(P0, default);
        TaskCompletionSource reached = new();
        TaskCompletionSource goOn = new();
        Task held = store.RunOnWriterAsync(_ =>
        {
            reached.SetResult();
            goOn.Task.Wait();
        });
        await reached.Task;

        // The key closes between the sealing and the commit: both wait for the writer, the closing first.
        Task closing = store.Keys!.CloseAsync("a", default);
        Task<AppendResult> append = store.AppendAsync(P0, epoch, [StoreWrite.Put(Some(2, "a"))], default).AsTask();
        goOn.SetResult();
        await Task.WhenAll(held, closing);
        AppendResult result = await append;

        Assert.True(result.Outcome is AppendOutcome.Failed or AppendOutcome.Applied);
        Assert.True(
            result.Outcome == AppendOutcome.Applied || result.Outage is { MayRetry: true }, result.Outage?.Reason);
        result = await store.AppendAsync(P0, epoch, [StoreWrite.Put(Some(3, "a"))], default);
        Assert.Equal((AppendOutcome.Failed, true), (result.Outcome, result.Outage?.MayRetry));
        await store.Keys.DestroyAsync("a", default);
        result = await store.AppendAsync(P0, epoch, [StoreWrite.Put(Some(3, "a"))], default);
        Assert.Equal(AppendOutcome.Applied, result.Outcome);
    }

    [Fact]
    public async Task Appends_that_meet_rotations_are_never_stored_with_a_key_that_goes()
    {
        await using SqliteGalleryStore store = await OpenAsync();
        long epoch = await store.OpenEpochAsync(P0, default);
        Task<AppendResult>[] appends = new Task<AppendResult>[120];
        for (int i = 0; i < appends.Length; i++)
        {
            appends[i] = store.AppendAsync(P0, epoch, [StoreWrite.Put(Some(i, "a"))], default).AsTask();
            if (i % 10 == 9)
            {
                await store.Keys!.RotateAsync("a", default);
            }
        }

        Assert.All(await Task.WhenAll(appends), result => Assert.Equal(AppendOutcome.Applied, result.Outcome));
        await StoreReseal.RunAsync(store, default);
        Assert.Single(store.Keys!.All, key => key.Gallery == "a");
        await AssertHoldsAsync(store, [.. Enumerable.Range(0, appends.Length).Select(i => Some(i, "a"))]);
    }

    [Fact]
    public async Task A_partition_that_serves_is_sealed_again_beside_its_writes()
    {
        Encounter[] old = [.. Enumerable.Range(0, 200).Select(i => Some(i, "a") with { Samples = [] })];
        await using (SqliteGalleryStore plain = await OpenAsync(master: null))
        {
            await PutAsync(plain, old);
        }

        await using SqliteGalleryStore store = await OpenAsync();
        using PartitionHost host = new(store, threads: 1, TimeProvider.System);
        await using (LocalPartition partition = host.Open(P0))
        {
            await partition.Loading;
            Assert.False(partition.HasFailed);

            Assert.Equal(new ResealCount(200, 200, 0), await partition.ResealAsync(default));

            Assert.Equal(new ResealCount(200, 0, 0), await partition.ResealAsync(default));
        }

        await AssertHoldsAsync(store, old);
        await using LocalPartition again = host.Open(P0);
        await again.Loading;
        Assert.False(again.HasFailed);
    }

    private async Task<SqliteGalleryStore> OpenAsync(string? master = "one") => await SqliteGalleryStore.OpenAsync(
        directory.Path, null, 1, CancellationToken.None, master is null ? null : TestKeys.Source(master));

    private static Encounter Some(int number, params string[] galleries) =>
        SomeEncounters.Sized($"p{number:D3}", "e", 200 + number) with { Galleries = galleries };

    private static async Task PutAsync(SqliteGalleryStore store, params Encounter[] encounters)
    {
        long epoch = await store.OpenEpochAsync(P0, default);
        AppendResult result = await store.AppendAsync(
            P0, epoch, [.. encounters.Select(StoreWrite.Put)], CancellationToken.None);
        Assert.Equal(AppendOutcome.Applied, result.Outcome);
    }

    private static async Task AssertHoldsAsync(SqliteGalleryStore store, params Encounter[] encounters)
    {
        List<StoredEncounter> found = [];
        await foreach (IReadOnlyList<StoredEncounter> chunk in store.ReadAllAsync(P0, default))
        {
            found.AddRange(chunk);
        }

        Assert.Equal(encounters.Length, found.Count);
        foreach ((Encounter wanted, StoredEncounter one) in encounters.OrderBy(e => e.PersonId).Zip(found))
        {
            SomeEncounters.AssertSame(wanted, one);
        }
    }

    private void AssertNothingInTheClear(params Encounter[] encounters) =>
        Assert.True(ClearText.IsIn(directory.Path, encounters) is null, ClearText.IsIn(directory.Path, encounters));
}
