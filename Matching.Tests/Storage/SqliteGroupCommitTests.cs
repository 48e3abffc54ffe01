using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Tests.Storage;

public sealed class SqliteGroupCommitTests
{
    [Fact]
    public async Task Appends_that_wait_together_share_one_commit()
    {
        await using SqliteFixture f = await SqliteFixture.NewAsync(partitions: 3);
        long[] epochs =
        [
            f.Epoch,
            await f.Store.OpenEpochAsync(new PartitionId(1), CancellationToken.None),
            await f.Store.OpenEpochAsync(new PartitionId(2), CancellationToken.None),
        ];
        using ManualResetEventSlim gate = new();
        Task held = f.Store.RunOnWriterAsync(_ => gate.Wait());
        long before = f.Store.Commits;

        Task<AppendResult>[] appends =
        [
            .. Enumerable.Range(0, 90).Select(i =>
                f.PutAsync(new PartitionId(i % 3), epochs[i % 3], SomeEncounters.Sized($"p{i}", "e", 50))),
        ];
        Assert.All(appends, append => Assert.False(append.IsCompleted));
        gate.Set();
        AppendResult[] results = await Task.WhenAll(appends);
        await held;

        Assert.All(results, result => Assert.Equal(AppendOutcome.Applied, result.Outcome));
        Assert.Equal(before + 1, f.Store.Commits);
        Assert.Equal(30, await f.Store.CountAsync(new PartitionId(2), CancellationToken.None));
    }

    [Fact]
    public async Task A_fenced_append_does_not_hurt_its_group()
    {
        await using SqliteFixture f = await SqliteFixture.NewAsync();
        using ManualResetEventSlim gate = new();
        Task held = f.Store.RunOnWriterAsync(_ => gate.Wait());

        Task<AppendResult> first = f.PutAsync(SomeEncounters.Sized("p", "1", 10));
        Task<long> newer = f.Store.OpenEpochAsync(SqliteFixture.P0, CancellationToken.None).AsTask();
        Task<AppendResult> late = f.PutAsync(SomeEncounters.Sized("p", "2", 10));
        Task<AppendResult> last = f.PutAsync(
            SqliteFixture.P0, f.Epoch + 1, SomeEncounters.Sized("p", "3", 10));
        gate.Set();
        await held;

        Assert.Equal(AppendOutcome.Applied, (await first).Outcome);
        Assert.Equal(f.Epoch + 1, await newer);
        Assert.Equal(new AppendResult(AppendOutcome.Fenced, f.Epoch + 1), await late);
        Assert.Equal(AppendOutcome.Applied, (await last).Outcome);
        Assert.Equal(["1", "3"], (await f.AllAsync()).Select(s => s.EncounterId));
    }

    [Fact]
    public async Task A_waiting_append_is_withdrawn_by_its_token_and_a_running_one_is_not()
    {
        await using SqliteFixture f = await SqliteFixture.NewAsync();
        using ManualResetEventSlim gate = new();
        using CancellationTokenSource cancel = new();
        Task held = f.Store.RunOnWriterAsync(_ => gate.Wait());
        StoreWrite write = StoreWrite.Put(SomeEncounters.Sized("p", "withdrawn", 10));
        Task<AppendResult> withdrawn =
            f.Store.AppendAsync(SqliteFixture.P0, f.Epoch, [write], cancel.Token).AsTask();
        Task<AppendResult> kept = f.PutAsync(SomeEncounters.Sized("p", "kept", 10));

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => withdrawn);
        gate.Set();
        await held;

        Assert.Equal(AppendOutcome.Applied, (await kept).Outcome);
        Assert.Equal("kept", Assert.Single(await f.AllAsync()).EncounterId);
    }

    [Fact]
    public async Task Closing_writes_what_waits()
    {
        await using SqliteFixture f = await SqliteFixture.NewAsync();
        using ManualResetEventSlim gate = new();
        Task held = f.Store.RunOnWriterAsync(_ => gate.Wait());
        Task<AppendResult> waiting = f.PutAsync(SomeEncounters.Sized("p", "e", 10));

        Task closed = f.Store.DisposeAsync().AsTask();
        gate.Set();
        await closed;
        await held;

        Assert.Equal(AppendOutcome.Applied, (await waiting).Outcome);
        Assert.False(File.Exists(f.Directory.File("gallery.db-wal")));
        await f.ReopenAsync();
        Assert.Single(await f.AllAsync());
    }

    [Fact]
    public async Task The_log_does_not_grow_with_the_number_of_commits()
    {
        await using SqliteFixture f = await SqliteFixture.NewAsync();
        long largest = 0;
        for (int i = 0; i < 60; i++)
        {
            int bytes = Limits.FingerTemplateBytes - i;
            Encounter[] large =
                [.. Enumerable.Range(0, 16).Select(j => SomeEncounters.Sized($"p{j}", "e", bytes))];
            Assert.Equal(AppendOutcome.Applied, (await f.PutAsync(large)).Outcome);
            largest = Math.Max(largest, new FileInfo(f.Directory.File("gallery.db-wal")).Length);
        }

        // 60 MiB were written; the log starts again at about 16 MiB.
        Assert.InRange(largest, 1, 32 * 1024 * 1024);
    }
}
