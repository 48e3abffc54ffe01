using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Matching.Tests.Storage;

/// <summary>
/// Whatever is done to the files of a data directory: opening or loading says that something is wrong, or everybody is
/// still there.
/// </summary>
public sealed class DamagedStoreTests : IDisposable
{
    private const int People = 40;

    private readonly TempDirectory directory = new();

    private string Database => directory.File(SqliteFile.Name);

    private string Log => directory.File("gallery.db-wal");

    public void Dispose() => directory.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_database_that_is_gone_is_missed_by_what_lies_beside_it(bool leavesEmptyFile)
    {
        await FillAsync();
        Remove(leavesEmptyFile);

        StoreException refused = await Assert.ThrowsAsync<StoreException>(OpenAsync);

        Assert.Contains(leavesEmptyFile ? "is empty" : "is missing", refused.Message, StringComparison.Ordinal);
        Assert.Contains("restore a backup", refused.Message, StringComparison.Ordinal);
        Assert.False(refused.Outage.MayRetry);
        Assert.DoesNotContain(directory.Path, refused.Outage.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gallery.db-wal")]
    [InlineData("rows-0000.image")]
    public async Task A_log_or_an_image_alone_says_that_there_was_a_gallery(string left)
    {
        await File.WriteAllBytesAsync(directory.File(left), new byte[100]);
        await Assert.ThrowsAsync<StoreException>(OpenAsync);
        Assert.False(File.Exists(Database));
    }

    [Fact]
    public async Task A_database_without_tables_beside_its_head_is_refused()
    {
        await FillAsync();
        Remove(leavesEmptyFile: false);
        SqliteFixture.Run(Database, "PRAGMA user_version = 0; VACUUM");
        await Assert.ThrowsAsync<StoreException>(OpenAsync);
    }

    [Fact]
    public async Task A_creation_that_was_cut_off_is_done_again()
    {
        await File.WriteAllBytesAsync(Database, []);
        await using (SqliteGalleryStore store = await OpenAsync())
        {
            Assert.Equal(1, store.PartitionCount);
        }
    }

    [Fact]
    public async Task A_log_that_was_cut_or_flipped_anywhere_is_noticed_or_everything_is_there()
    {
        await using SqliteFixture f = await SqliteFixture.NewAsync();
        await f.PutAsync(EncounterOf(0, fingers: [], eyes: [1]));
        for (int i = 1; i < 6; i++)
        {
            await f.PutAsync(EncounterOf(i, fingers: [], eyes: [1]));
        }

        byte[] log = await File.ReadAllBytesAsync(f.Directory.File("gallery.db-wal"));
        const int frame = 24 + SqliteFile.PageBytes;
        Random dice = new(51);
        int[] cuts =
        [
            0, 1, 31, 32, .. Enumerable.Range(0, ((log.Length - 32) / frame) + 1).Select(i => 32 + (i * frame)),
            .. Enumerable.Range(0, 40).Select(_ => dice.Next(log.Length)),
        ];
        int noticed = 0;
        foreach (int cut in cuts)
        {
            noticed += await NoticesAsync(f.Directory, log[..cut], 6) ? 1 : 0;
        }

        for (int i = 0; i < 60; i++)
        {
            byte[] flipped = [.. log];
            flipped[dice.Next(log.Length)] ^= (byte)(1 << dice.Next(8));
            noticed += await NoticesAsync(f.Directory, flipped, 6) ? 1 : 0;
        }

        Assert.True(noticed > cuts.Length / 2, $"{noticed} noticed");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_flipped_bit_in_the_database_is_noticed_or_everybody_is_there(int seed)
    {
        await FillAsync();
        byte[] whole = await File.ReadAllBytesAsync(Database);
        byte[] head = await File.ReadAllBytesAsync(directory.File(GalleryHead.FileName));
        Random dice = new(seed);
        int noticed = 0;
        for (int i = 0; i < 60; i++)
        {
            byte[] flipped = [.. whole];
            int at = dice.Next(whole.Length);
            flipped[at] ^= (byte)(1 << dice.Next(8));
            await File.WriteAllBytesAsync(Database, flipped);
            await File.WriteAllBytesAsync(directory.File(GalleryHead.FileName), head);
            noticed += await IsNoticedAsync(directory.Path, People, $"seed {seed}, byte {at}") ? 1 : 0;
        }

        Assert.InRange(noticed, 5, 59);
    }

    [Fact]
    public async Task A_database_cut_at_any_page_is_noticed()
    {
        await FillAsync();
        byte[] whole = await File.ReadAllBytesAsync(Database);
        byte[] head = await File.ReadAllBytesAsync(directory.File(GalleryHead.FileName));
        for (int cut = 0; cut < whole.Length; cut += SqliteFile.PageBytes)
        {
            await File.WriteAllBytesAsync(Database, whole[..cut]);
            await File.WriteAllBytesAsync(directory.File(GalleryHead.FileName), head);
            Assert.True(await IsNoticedAsync(directory.Path, People, $"cut at {cut}"));
        }
    }

    [Theory]
    [InlineData("DELETE FROM encounters WHERE rowid = 5", "39 stored encounters were found where 40 were written")]
    [InlineData("UPDATE digests SET digest = zeroblob(24)", "40 stored encounters were found where 0 were written")]
    [InlineData("UPDATE encounters SET record = (SELECT record FROM encounters WHERE rowid = 2) WHERE rowid = 1", null)]
    [InlineData("UPDATE meta SET value = 2 WHERE name = 'partitions'", "")]
    [InlineData("UPDATE meta SET value = value - 1 WHERE name = 'commits'", "")]
    [InlineData("UPDATE meta SET value = value + 1 WHERE name = 'id'", "")]
    [InlineData("DELETE FROM digests", "")]
    public async Task What_was_changed_beside_the_counts_is_noticed(string change, string? reason)
    {
        await FillAsync();
        SqliteFixture.Run(Database, change);
        Assert.True(await IsNoticedAsync(directory.Path, People, reason ?? ""));
        if (reason is { Length: > 0 })
        {
            await using SqliteGalleryStore store = await OpenAsync();
            Assert.Contains(reason, await FailureAsync(store), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_record_set_back_to_an_older_one_is_noticed()
    {
        await FillAsync();
        byte[] older = await File.ReadAllBytesAsync(Database);
        byte[] head = await File.ReadAllBytesAsync(directory.File(GalleryHead.FileName));
        await using (SqliteGalleryStore store = await OpenAsync())
        {
            long epoch = await store.OpenEpochAsync(SqliteFixture.P0, default);
            await store.AppendAsync(
                SqliteFixture.P0, epoch, [StoreWrite.Put(EncounterOf(1, fingers: [], eyes: [2]))], default);
        }

        // The same database from before that write: as whole as it can be, and older than what was acknowledged.
        await File.WriteAllBytesAsync(Database, older);
        StoreException refused = await Assert.ThrowsAsync<StoreException>(OpenAsync);
        Assert.Contains("was acknowledged", refused.Message, StringComparison.Ordinal);
        Assert.Contains("delete gallery.head", refused.Message, StringComparison.Ordinal);

        // A backup of the whole directory is taken as it is, and so is one without a head.
        await File.WriteAllBytesAsync(directory.File(GalleryHead.FileName), head);
        Assert.False(await IsNoticedAsync(directory.Path, People, "the whole directory"));
        File.Delete(directory.File(GalleryHead.FileName));
        Assert.False(await IsNoticedAsync(directory.Path, People, "without a head"));
    }

    [Fact]
    public async Task A_torn_head_leaves_the_one_before_and_a_damaged_one_refuses_nothing()
    {
        await FillAsync();
        byte[] head = await File.ReadAllBytesAsync(directory.File(GalleryHead.FileName));
        StoreFacts found = GalleryHead.Open(directory.Path).Found!.Value;
        for (int i = 0; i < head.Length; i += 7)
        {
            byte[] torn = [.. head];
            torn[i] ^= 0x40;
            await File.WriteAllBytesAsync(directory.File(GalleryHead.FileName), torn);
            StoreFacts read = GalleryHead.Open(directory.Path).Found!.Value;
            Assert.Equal((found.Id, found.Partitions), (read.Id, read.Partitions));
            Assert.InRange(read.Commits, found.Commits - 1, found.Commits);
        }

        await File.WriteAllBytesAsync(directory.File(GalleryHead.FileName), new byte[head.Length]);
        Assert.False(await IsNoticedAsync(directory.Path, People, "a head of zeros"));
        Assert.True(GalleryHead.Open(directory.Path).Found!.Value.Commits > found.Commits);
    }

    private static async Task<bool> NoticesAsync(TempDirectory from, byte[] log, int people)
    {
        using TempDirectory copy = new();
        File.Copy(from.File(SqliteFile.Name), copy.File(SqliteFile.Name));
        File.Copy(from.File(GalleryHead.FileName), copy.File(GalleryHead.FileName));
        await File.WriteAllBytesAsync(copy.File("gallery.db-wal"), log);
        return await IsNoticedAsync(copy.Path, people, $"a log of {log.Length} bytes");
    }

    /// <summary>Whether opening or loading says that something is wrong; if not, everybody has to be there.</summary>
    private static async Task<bool> IsNoticedAsync(string path, int people, string what)
    {
        try
        {
            await using SqliteGalleryStore store = await SqliteFixture.OpenAsync(path);
            if (await FailureAsync(store) is not null)
            {
                return true;
            }

            for (int i = 0; i < people; i++)
            {
                Assert.True(
                    (await store.ReadPersonAsync(SqliteFixture.P0, IdOf(i), default)) is [{ Content.IsAccepted: true }],
                    $"{what}: person {i} is not there");
            }

            return false;
        }
        catch (StoreException)
        {
            return true;
        }
    }

    /// <summary>Why the partition could not be loaded whole; null where it could.</summary>
    private static async Task<string?> FailureAsync(SqliteGalleryStore store)
    {
        using PartitionHost host = new(store, threads: 1, TimeProvider.System);
        await using LocalPartition partition = host.Open(SqliteFixture.P0);
        await partition.Loading;
        PartitionStatus status = await partition.StatusAsync(default);
        return status.State == PartitionState.Failed ? status.Reason
            : status.Unreadable > 0 ? $"{status.Unreadable} unreadable" : null;
    }

    private async Task FillAsync()
    {
        await using SqliteGalleryStore store = await OpenAsync();
        long epoch = await store.OpenEpochAsync(SqliteFixture.P0, default);
        for (int i = 0; i < People; i++)
        {
            await store.AppendAsync(
                SqliteFixture.P0, epoch, [StoreWrite.Put(EncounterOf(i, fingers: [], eyes: [1]))], default);
        }
    }

    private void Remove(bool leavesEmptyFile)
    {
        File.Delete(Database);
        File.Delete(Log);
        if (leavesEmptyFile)
        {
            File.WriteAllBytes(Database, []);
        }
    }

    private Task<SqliteGalleryStore> OpenAsync() => SqliteFixture.OpenAsync(directory.Path);
}
