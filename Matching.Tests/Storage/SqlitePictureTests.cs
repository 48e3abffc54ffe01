using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Tests.Keys;
using Microsoft.Data.Sqlite;

namespace MatchCluster.Matching.Tests.Storage;

public sealed class SqlitePictureTests : PictureStoreContract, IAsyncDisposable
{
    private readonly TempDirectory directory = new();
    private SqliteGalleryStore? store;

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        directory.Dispose();
    }

    [Fact]
    public async Task A_file_gets_the_table_with_its_first_picture_and_no_older_program_opens_it_then()
    {
        await OpenAsync();
        await AppendAsync(SomeEncounters.Pictured(1, "a") with { Pictures = [] });
        Assert.Equal(SqliteSchema.SealedVersion, await VersionAsync());
        await AppendAsync(SomeEncounters.Pictured(2, "a"));
        Assert.Equal(SqliteSchema.PicturesVersion, await VersionAsync());
        await OpenAsync();
        Assert.Equal(SqliteSchema.PicturesVersion, await VersionAsync());
        await CloseAsync();
        StoreException refused = await Assert.ThrowsAsync<StoreException>(
            () => SqliteGalleryStore.OpenAsync(directory.Path, null, 1, default).AsTask());
        Assert.Contains("is encrypted and no master key is given", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_without_keys_takes_no_picture_and_says_why()
    {
        foreach (IGalleryStore plain in (IGalleryStore[])
            [new MemoryGalleryStore(1), await SqliteGalleryStore.OpenAsync(directory.Path, 1, 1, default)])
        {
            await using (plain)
            {
                long epoch = await plain.OpenEpochAsync(new PartitionId(0), default);
                AppendResult refused = await plain.AppendAsync(
                    new PartitionId(0), epoch, [StoreWrite.Put(SomeEncounters.Pictured(1, "a"))], default);
                Assert.Equal(AppendOutcome.Failed, refused.Outcome);
                Assert.Contains("only where records are encrypted", refused.Outage!.Reason, StringComparison.Ordinal);
                Assert.Equal(0, await plain.CountAsync(new PartitionId(0), default));
            }
        }
    }

    [Fact]
    public async Task What_was_erased_is_in_no_file_any_more_and_nothing_ever_was_in_the_clear()
    {
        Encounter[] all = [.. Enumerable.Range(0, 8).Select(i => SomeEncounters.Pictured(i, "a"))];
        await OpenAsync();
        await AppendAsync(all);
        Dictionary<string, byte[]> stored = await StoredAsync();
        AssertNowhere(all);
        long epoch = await store!.OpenEpochAsync(new PartitionId(0), default);
        await store.AppendAsync(new PartitionId(0), epoch, [StoreWrite.Delete("p003", "e")], default);
        await CloseAsync();
        AssertNowhere(all);
        foreach (string path in Directory.EnumerateFiles(directory.Path))
        {
            Assert.True(File.ReadAllBytes(path).AsSpan().IndexOf(stored["p003/e"].AsSpan(200, 16)) < 0, path);
        }
    }

    protected override async ValueTask<IGalleryStore> OpenAsync()
    {
        await CloseAsync();
        return store = await SqliteGalleryStore.OpenAsync(directory.Path, null, 1, default, TestKeys.Source());
    }

    protected override async ValueTask<Dictionary<string, byte[]>> StoredAsync()
    {
        Dictionary<string, byte[]> stored = [];
        await store!.RunOnWriterAsync(connection =>
        {
            using SqliteCommand select = SqliteFile.Command(
                connection, "SELECT CAST(person_id AS TEXT), CAST(encounter_id AS TEXT), content FROM pictures");
            using SqliteDataReader rows = select.ExecuteReader();
            while (rows.Read())
            {
                stored.Add($"{rows.GetString(0)}/{rows.GetString(1)}", rows.GetFieldValue<byte[]>(2));
            }
        });
        return stored;
    }

    protected override async ValueTask DamageAsync(string person, byte[]? bytes) =>
        await store!.RunOnWriterAsync(connection =>
        {
            SqliteFile.Run(connection, $"DELETE FROM pictures WHERE person_id = CAST('{person}' AS BLOB)");
            if (bytes is not null)
            {
                SqliteFile.Run(
                    connection,
                    $"INSERT INTO pictures VALUES(0, CAST('{person}' AS BLOB), CAST('e' AS BLOB), "
                    + $"X'{Convert.ToHexString(bytes)}')");
            }
        });

    private async Task AppendAsync(params Encounter[] encounters)
    {
        long epoch = await store!.OpenEpochAsync(new PartitionId(0), default);
        AppendResult result = await store.AppendAsync(
            new PartitionId(0), epoch, [.. encounters.Select(StoreWrite.Put)], default);
        Assert.Equal(AppendOutcome.Applied, result.Outcome);
    }

    private async Task<int> VersionAsync()
    {
        long version = 0;
        await store!.RunOnWriterAsync(
            connection => version = (long)SqliteFile.Scalar(connection, "PRAGMA user_version")!);
        return (int)version;
    }

    private async ValueTask CloseAsync()
    {
        if (Interlocked.Exchange(ref store, null) is { } open)
        {
            await open.DisposeAsync();
        }
    }

    private void AssertNowhere(Encounter[] all)
    {
        foreach (string path in Directory.EnumerateFiles(directory.Path).Where(path => new FileInfo(path).Length > 0))
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            byte[] bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            Assert.True(PlainIn(bytes, all) is null, path);
        }
    }
}
