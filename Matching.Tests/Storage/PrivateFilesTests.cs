using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Partitions;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Storage;
using static MatchCluster.Matching.Tests.TestPeople;

namespace MatchCluster.Matching.Tests.Storage;

/// <summary>Who may read the files of a data directory, and what is left in them of somebody who was deleted.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class PrivateFilesTests : IDisposable
{
    private const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private readonly TempDirectory directory = new();

    private string Data => directory.File("data");

    public void Dispose() => directory.Dispose();

    [SkippableFact]
    public async Task Files_and_directory_are_the_owners_alone_while_it_runs_and_after()
    {
        Needs.Unix();
        await UseAsync(_ => AssertPrivate(
            "gallery.db", "gallery.db-wal", "gallery.db-shm", "gallery.head", "gallery.lock"));
        AssertPrivate("gallery.db", "gallery.head", "gallery.lock", "gallery.owner", "rows-0000.image");
    }

    [Fact]
    public async Task Front_ends_that_make_one_key_at_the_same_moment_have_the_same_one()
    {
        for (int round = 0; round < 20; round++)
        {
            string path = directory.File($"key-{round}.pem");
            using Barrier together = new(4);
            string[] ids = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    together.SignalAndWait();
                    using ECDsa key = SigningKeyFile.ReadOrMake(path, SigningKeyFile.PublicOf(path));
                    return SigningKeyFile.IdOf(key) + Convert.ToHexString(
                        SecretFile.ReadOrMake(path + ".secret", 32));
                },
                TaskCreationOptions.LongRunning)));
            Assert.Single(ids.Distinct());
        }

        Assert.Equal(60, Directory.GetFiles(directory.Path).Length);
    }

    [SkippableFact]
    public async Task Rights_of_others_are_taken_from_a_directory_that_an_older_version_made()
    {
        Needs.Unix();
        await UseAsync(_ => { });
        foreach (string file in Directory.GetFiles(Data))
        {
            File.SetUnixFileMode(file, Own | Others);
        }

        File.SetUnixFileMode(Data, Own | Others | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);
        await UseAsync(_ => AssertPrivate("gallery.db", "gallery.db-wal"));
        AssertPrivate("gallery.db", "rows-0000.image");
    }

    [SkippableFact]
    public async Task A_directory_that_holds_other_things_keeps_its_rights_and_its_files_theirs()
    {
        Needs.Unix();
        UnixFileMode shared = Own | Others | UnixFileMode.UserExecute | UnixFileMode.OtherExecute;
        string theirs = Path.Combine(Data, "theirs.txt");
        Directory.CreateDirectory(Data);
        await File.WriteAllTextAsync(theirs, "");
        File.SetUnixFileMode(theirs, Own | Others);
        File.SetUnixFileMode(Data, shared);
        await UseAsync(_ => { });
        Assert.Equal(shared, File.GetUnixFileMode(Data));
        Assert.Equal(Own | Others, File.GetUnixFileMode(theirs));
        Assert.Equal(Own, File.GetUnixFileMode(Path.Combine(Data, "gallery.db")));
    }

    [Theory]
    [InlineData("delete")]
    [InlineData("delete person")]
    [InlineData("replace")]
    public async Task When_a_deletion_is_answered_no_file_has_the_templates_any_more(string how)
    {
        // The first run leaves an image, the second begins with it.
        await UseAsync(_ => { });
        byte[] template = EncounterOf(1).Samples[0].Template.ToArray()[40..90];
        byte[] row = RowOf(1);
        Assert.Equal(["gallery.db", "rows-0000.image"], FilesWith(template).Concat(FilesWith(row)));
        await UseAsync(partition =>
        {
            Write write = how switch
            {
                "delete" => new Write.Delete(IdOf(1), "E1"),
                "delete person" => new Write.DeletePerson(IdOf(1)),
                _ => new Write.Update(EncounterOf(1, impression: 2) with { RecordId = Guid.NewGuid() }),
            };
            WriteAck ack = partition.ApplyAsync(new WriteBatch([write]), SearchBudget.Of(TimeSpan.FromMinutes(1)))
                .AsTask().GetAwaiter().GetResult();
            Assert.True(ack.Results[0].IsApplied, ack.Results[0].Refusal?.Reason);
            Assert.Empty(FilesWith(template).Concat(FilesWith(row)));
            if (how != "replace")
            {
                Assert.Empty(FilesWith(Encoding.UTF8.GetBytes(IdOf(1))));
            }
        });

        Assert.Empty(FilesWith(template).Concat(FilesWith(row)));
    }

    [Fact]
    public async Task A_deletion_that_a_reader_delays_is_made_good_when_the_reader_ends()
    {
        await UseAsync(_ => { });
        await using SqliteGalleryStore store = await SqliteFixture.OpenAsync(Data);
        long epoch = await store.OpenEpochAsync(SqliteFixture.P0, default);
        await store.AppendAsync(SqliteFixture.P0, epoch, [StoreWrite.Put(EncounterOf(9))], default);
        byte[] template = EncounterOf(9).Samples[0].Template.ToArray()[40..90];
        using (SqliteReading reading = new(Path.Combine(Data, SqliteFile.Name)))
        {
            await store.AppendAsync(SqliteFixture.P0, epoch, [StoreWrite.Delete(IdOf(9), "E1")], default);
            Assert.NotEmpty(FilesWith(template));
        }

        while (FilesWith(template).Any())
        {
            await Task.Yield();
        }
    }

    [Fact]
    public async Task What_a_cut_off_write_of_an_image_left_is_taken_away_at_the_next_opening()
    {
        await UseAsync(_ => { });
        string unfinished = Path.Combine(Data, "rows-0000.image.new");
        string unreadable = Path.Combine(Data, "rows-0000.image");
        await File.WriteAllBytesAsync(unfinished, RowOf(1));
        await File.WriteAllBytesAsync(unreadable, RowOf(1));
        await UseAsync(_ =>
        {
            Assert.False(File.Exists(unfinished));
            Assert.False(File.Exists(unreadable));
        });
    }

    /// <summary>Some bytes out of the middle of a person's row, as an image holds them.</summary>
    private static byte[] RowOf(int person) =>
        [.. EncounterRows.Build(EncounterOf(person).Samples).Value!.Row(0).Slice(64, 48)];

    private async Task UseAsync(Action<LocalPartition> use)
    {
        await using SqliteGalleryStore store = await SqliteFixture.OpenAsync(Data);
        using PartitionHost host = new(store, threads: 1, TimeProvider.System, imageDirectory: Data);
        LocalPartition partition = host.Open(SqliteFixture.P0);
        await partition.Loading;
        WriteBatch batch = new([.. Enumerable.Range(0, 4).Select(i => new Write.Create(EncounterOf(i)))]);
        await partition.ApplyAsync(batch, SearchBudget.Of(TimeSpan.FromMinutes(1)));
        use(partition);
        await partition.DisposeAsync();
    }

    private void AssertPrivate(params string[] names)
    {
        Assert.Equal(Own | UnixFileMode.UserExecute, File.GetUnixFileMode(Data));
        Assert.All(names, name => Assert.Equal(Own, File.GetUnixFileMode(Path.Combine(Data, name))));
        Assert.All(Directory.GetFiles(Data), file => Assert.Equal(Own, File.GetUnixFileMode(file)));
    }

    private IEnumerable<string> FilesWith(byte[] bytes) => Directory.GetFiles(Data).Order(StringComparer.Ordinal)
        .Where(file => Path.GetFileName(file) != DirectoryLock.FileName)
        .Where(file => ReadShared(file).AsSpan().IndexOf(bytes) >= 0)
        .Select(file => Path.GetFileName(file));

    /// <summary>The bytes of a file that its owner may shorten meanwhile: as many as are still there.</summary>
    private static byte[] ReadShared(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using MemoryStream bytes = new();
        file.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>A connection inside a reading transaction: what it may read must stay in the log.</summary>
    private sealed class SqliteReading : IDisposable
    {
        private readonly Microsoft.Data.Sqlite.SqliteConnection connection;

        public SqliteReading(string path)
        {
            connection = SqliteFile.OpenReader(path);
            SqliteFile.Run(connection, "BEGIN");
            SqliteFile.Run(connection, "SELECT COUNT(*) FROM encounters");
        }

        public void Dispose() => connection.Dispose();
    }
}
