using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Tests.Storage;

public sealed class SqliteOpeningTests : IDisposable
{
    private readonly TempDirectory directory = new();

    private string Database => directory.File(SqliteFile.Name);

    public void Dispose() => directory.Dispose();

    [Fact]
    public async Task What_was_acked_is_there_after_opening_again()
    {
        await using SqliteFixture f = await SqliteFixture.NewAsync(partitions: 3);
        await f.PutAsync(SomeEncounters.Sized("p", "1", 100), SomeEncounters.Sized("p", "2", 100));
        await f.Store.WriteBlobAsync("name", new byte[] { 9 }, CancellationToken.None);

        await f.ReopenAsync();

        Assert.Equal(3, f.Store.PartitionCount);
        Assert.Equal(["1", "2"], (await f.AllAsync()).Select(s => s.EncounterId));
        Assert.Equal(9, Assert.Single((await f.Store.ReadBlobAsync("name", CancellationToken.None))!));
        Assert.Equal(AppendOutcome.Applied, (await f.PutAsync(SomeEncounters.Sized("p", "3", 100))).Outcome);
        Assert.Equal(f.Epoch + 1, await f.Store.OpenEpochAsync(SqliteFixture.P0, CancellationToken.None));
    }

    [Fact]
    public async Task A_new_store_takes_the_wanted_count_or_the_default_and_keeps_it()
    {
        await using (SqliteGalleryStore store = await OpenAsync(null, 7))
        {
            Assert.Equal(7, store.PartitionCount);
        }

        await using (SqliteGalleryStore store = await OpenAsync(null, 2))
        {
            Assert.Equal(7, store.PartitionCount);
        }

        await using (SqliteGalleryStore store = await OpenAsync(7, 2))
        {
            Assert.Equal(7, store.PartitionCount);
        }
    }

    [Fact]
    public async Task Another_partition_count_is_refused_with_both_numbers_and_what_to_do()
    {
        await using (await OpenAsync(4, 1))
        {
        }

        StoreException refused = await RefusedAsync(8);

        Assert.Contains("created with 4 partitions and 8", refused.Message, StringComparison.Ordinal);
        Assert.Contains("set it to 4", refused.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => OpenAsync(0, 1));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => OpenAsync(null, Limits.Partitions + 1));
    }

    [Fact]
    public async Task A_second_opener_is_refused_and_told_who_the_first_is()
    {
        await using (await OpenAsync(null, 1))
        {
            StoreException refused = await RefusedAsync(null);
            Assert.Equal(
                $"data directory {directory.Path} is in use by process {Environment.ProcessId}",
                refused.Message);
        }

        await using SqliteGalleryStore again = await OpenAsync(null, 1);
        Assert.Equal(1, again.PartitionCount);
    }

    [SkippableFact]
    public async Task A_lock_of_another_process_refuses_and_ends_when_that_process_is_killed()
    {
        using (OtherOwner other = await OtherOwner.StartAsync(directory.File(DirectoryLock.FileName)))
        {
            StoreException refused = await RefusedAsync(null);
            Assert.Equal($"data directory {directory.Path} is in use by another process", refused.Message);
            await other.KillAsync();
        }

        await using SqliteGalleryStore store = await OpenAsync(null, 1);
        Assert.Equal(1, store.PartitionCount);
    }

    [SkippableFact]
    public async Task The_lock_of_an_open_store_is_seen_by_another_process()
    {
        string file = directory.File(DirectoryLock.FileName);
        await using (await OpenAsync(null, 1))
        {
            Assert.False(await OtherOwner.CanLockAsync(file));
        }

        Assert.True(await OtherOwner.CanLockAsync(file));
    }

    [Fact]
    public async Task A_database_of_another_application_is_refused_and_left_as_it_is()
    {
        SqliteFixture.Run(Database, "CREATE TABLE theirs(x)");
        byte[] before = await File.ReadAllBytesAsync(Database);

        StoreException refused = await RefusedAsync(null);

        Assert.Contains("database of another application", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(Database));
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_and_left_as_it_is()
    {
        byte[] garbage = new byte[10_000];
        new Random(1).NextBytes(garbage);
        await File.WriteAllBytesAsync(Database, garbage);

        StoreException refused = await RefusedAsync(null);

        Assert.Contains("damaged", refused.Message, StringComparison.Ordinal);
        Assert.Equal(garbage, await File.ReadAllBytesAsync(Database));
    }

    [Fact]
    public async Task A_newer_store_version_is_refused()
    {
        await using (await OpenAsync(null, 1))
        {
        }

        SqliteFixture.Run(Database, "PRAGMA user_version = 5");

        StoreException refused = await RefusedAsync(null);
        Assert.Contains(
            "store version 5, this program reads versions 1 to 4", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DELETE FROM meta")]
    [InlineData("UPDATE meta SET value = 1000000")]
    [InlineData("DROP TABLE meta")]
    public async Task A_store_without_a_sane_partition_count_is_refused(string damage)
    {
        await using (await OpenAsync(null, 1))
        {
        }

        SqliteFixture.Run(Database, damage);

        StoreException refused = await RefusedAsync(null);
        Assert.StartsWith(Database, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_that_cannot_be_made_is_refused()
    {
        string file = directory.File("file");
        await File.WriteAllTextAsync(file, "");

        StoreException refused = await Assert.ThrowsAsync<StoreException>(
            () => SqliteFixture.OpenAsync(Path.Combine(file, "data")));

        Assert.Contains("cannot be written", refused.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_directory_that_cannot_be_written_is_refused()
    {
        using Unwritable unwritable = Unwritable.Make(directory.Path);

        StoreException refused = await RefusedAsync(null);

        Assert.Contains("cannot be written", refused.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_database_that_cannot_be_written_is_refused()
    {
        await using (await OpenAsync(null, 1))
        {
        }

        using (Unwritable.Make(Database))
        {
            StoreException refused = await RefusedAsync(null);
            Assert.Contains("read-only", refused.Message, StringComparison.Ordinal);
        }

        await using SqliteGalleryStore store = await OpenAsync(null, 1);
        Assert.Equal(1, await store.OpenEpochAsync(SqliteFixture.P0, CancellationToken.None));
    }

    private Task<SqliteGalleryStore> OpenAsync(int? partitions, int defaultPartitions) =>
        SqliteGalleryStore.OpenAsync(
            directory.Path, partitions, defaultPartitions, CancellationToken.None).AsTask();

    private Task<StoreException> RefusedAsync(int? partitions) =>
        Assert.ThrowsAsync<StoreException>(() => OpenAsync(partitions, 1));
}
