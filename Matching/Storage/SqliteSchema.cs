using MatchCluster.Matching.Model;
using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace MatchCluster.Matching.Storage;

/// <summary>
/// The tables of version 2 and the checks that a file is one of ours. Identifiers are blobs of UTF-8, so that
/// they compare as bytes and no collation ever changes their order. Records lie in a rowid table with an
/// index of keys: tried against a table clustered by key (WITHOUT ROWID) with records of 4 and 12 KB under
/// random keys, it takes inserts faster, wastes less space and counts from the small index alone.
/// </summary>
/// <remarks>
/// Version 2 adds what a damage is found by: the gallery's own number and a count of its commits (in <c>meta</c>; see
/// <see cref="GalleryHead"/>), and a <see cref="PartitionDigest"/> for each partition. A file of version 1 is brought
/// forward when it is opened; its partitions are counted at their first load (a digest is null until then).
/// Version 3 adds the wrapped keys of the galleries; it is made when a master key is given. Version 4 adds the pictures
/// of encounters; it is made when the first one is kept, so that no older program deletes an encounter without them.
/// </remarks>
internal static class SqliteSchema
{
    /// <summary>"MCGS" in the file's header.</summary>
    internal const int ApplicationId = 0x4D434753;

    internal const int Version = 2;

    /// <summary>
    /// Version of a file whose records are sealed: it has the keys, and no program without the master key opens it.
    /// </summary>
    internal const int SealedVersion = 3;

    /// <summary>Version of a sealed file that keeps pictures.</summary>
    internal const int PicturesVersion = 4;

    private const string Pictures =
        """
        CREATE TABLE IF NOT EXISTS pictures(
            partition INTEGER NOT NULL,
            person_id BLOB NOT NULL,
            encounter_id BLOB NOT NULL,
            content BLOB NOT NULL,
            PRIMARY KEY(partition, person_id, encounter_id)) STRICT;
        """;

    private const string Digests =
        "CREATE TABLE digests(partition INTEGER PRIMARY KEY, digest BLOB) STRICT;";

    private const string Keys =
        """
        CREATE TABLE gallery_keys(
            gallery BLOB NOT NULL,
            number INTEGER NOT NULL,
            entry BLOB NOT NULL,
            PRIMARY KEY(gallery, number)) STRICT;
        """;

    private const string Tables =
        """
        CREATE TABLE meta(name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
        CREATE TABLE blobs(name BLOB PRIMARY KEY, value BLOB NOT NULL) STRICT;
        CREATE TABLE epochs(partition INTEGER PRIMARY KEY, epoch INTEGER NOT NULL) STRICT;
        CREATE TABLE encounters(
            partition INTEGER NOT NULL,
            person_id BLOB NOT NULL,
            encounter_id BLOB NOT NULL,
            record BLOB NOT NULL,
            PRIMARY KEY(partition, person_id, encounter_id)) STRICT;
        """;

    /// <summary>Checks, brings forward or creates the tables.</summary>
    /// <param name="connection">The writer's.</param>
    /// <param name="path">The file, for messages.</param>
    /// <param name="partitions">Wanted partition count; null takes the stored one.</param>
    /// <param name="defaultPartitions">Partition count of a new store where none is wanted.</param>
    /// <param name="mayCreate">False where something beside the file says that it held a gallery.</param>
    /// <param name="isSealed">Whether a master key is given: the file becomes one of the sealed version.</param>
    /// <exception cref="StoreException">The file is not ours, or the partition counts differ.</exception>
    public static StoreFacts Open(
        SqliteConnection connection, string path, int? partitions, int defaultPartitions, bool mayCreate,
        bool isSealed)
    {
        long version = CheckIsOursOrNew(connection, path);
        if (version >= SealedVersion && !isSealed)
        {
            throw new StoreException(
                $"{path} is encrypted and no master key is given; say where the key is (--master-key FILE, "
                + "--master-key-env NAME or --master-key-command COMMAND)");
        }

        if (version == 0)
        {
            if (!mayCreate)
            {
                throw GalleryHead.Lost(path, "is empty");
            }

            // Both are written with the first page and cannot be changed afterwards.
            SqliteFile.Run(connection, $"PRAGMA page_size = {SqliteFile.PageBytes}");
            SqliteFile.Run(connection, "PRAGMA auto_vacuum = INCREMENTAL");
        }

        CheckIsWritable(connection, path);
        SqliteFile.PrepareWriter(connection, path);
        if (version == 0)
        {
            Create(connection, partitions ?? defaultPartitions);
        }
        else if (version == 1)
        {
            BringForward(connection, CheckPartitions(connection, path, partitions));
        }

        int count = CheckPartitions(connection, path, partitions);
        if (isSealed && version < SealedVersion)
        {
            SqliteFile.Run(connection, "BEGIN IMMEDIATE");
            SqliteFile.Run(connection, Keys);
            SqliteFile.Run(connection, $"PRAGMA user_version = {SealedVersion}");
            SqliteFile.Run(connection, "COMMIT");
        }

        CheckDigests(connection, path, count);
        return new StoreFacts(
            count,
            Number(connection, "SELECT value FROM meta WHERE name = 'id'"),
            Number(connection, "SELECT value FROM meta WHERE name = 'commits'"))
        {
            HasPictures = version == PicturesVersion,
        };
    }

    /// <summary>Makes the table of pictures, inside of a transaction of a sealed file.</summary>
    public static void AddPictures(SqliteConnection connection)
    {
        SqliteFile.Run(connection, Pictures);
        SqliteFile.Run(connection, $"PRAGMA user_version = {PicturesVersion}");
    }

    /// <returns>The version of the file; 0 where it is new.</returns>
    private static long CheckIsOursOrNew(SqliteConnection connection, string path)
    {
        long application = Number(connection, "PRAGMA application_id");
        long version = Number(connection, "PRAGMA user_version");
        if (application == 0 && version == 0 && Number(connection, "SELECT COUNT(*) FROM sqlite_schema") == 0)
        {
            return 0;
        }

        if (application != ApplicationId)
        {
            throw new StoreException(
                $"{path} is a database of another application (id {application}), wanted {ApplicationId}; "
                + "choose another data directory");
        }

        if (version is < 1 or > PicturesVersion)
        {
            throw new StoreException(
                $"{path} has store version {version}, this program reads versions 1 to {PicturesVersion}; "
                + (version > PicturesVersion ? "use the newer program that wrote it" : "restore a backup"));
        }

        return version;
    }

    /// <summary>SQLite opens a file it may not write as read-only without a word.</summary>
    private static void CheckIsWritable(SqliteConnection connection, string path)
    {
        if (sqlite3_db_readonly(connection.Handle, "main") != 0)
        {
            throw new StoreException($"{path} is read-only for this process; make it writable");
        }
    }

    /// <summary>
    /// One transaction: a crash inside it leaves an empty database, which is created again.
    /// </summary>
    private static void Create(SqliteConnection connection, int partitions)
    {
        SqliteFile.Run(connection, "BEGIN IMMEDIATE");
        SqliteFile.Run(connection, Tables);
        SqliteFile.Run(connection, $"INSERT INTO meta VALUES('partitions', {partitions})");
        SqliteFile.Run(connection, $"PRAGMA application_id = {ApplicationId}");
        AddCounts(connection, partitions, $"zeroblob({PartitionDigest.Bytes})");
        SqliteFile.Run(connection, "COMMIT");
    }

    private static void BringForward(SqliteConnection connection, int partitions)
    {
        SqliteFile.Run(connection, "BEGIN IMMEDIATE");
        AddCounts(connection, partitions, "NULL");
        SqliteFile.Run(connection, "COMMIT");
    }

    private static void AddCounts(SqliteConnection connection, int partitions, string digest)
    {
        SqliteFile.Run(connection, Digests);
        SqliteFile.Run(
            connection,
            $"WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {partitions}) "
            + $"INSERT INTO digests SELECT i, {digest} FROM n");
        SqliteFile.Run(connection, "INSERT INTO meta VALUES('id', random()), ('commits', 0)");
        SqliteFile.Run(connection, $"PRAGMA user_version = {Version}");
    }

    /// <summary>Every partition has a row from the beginning: a partition count that was damaged shows by it.</summary>
    private static void CheckDigests(SqliteConnection connection, string path, int partitions)
    {
        long rows = Number(
            connection, $"SELECT COUNT(*) FROM digests WHERE partition >= 0 AND partition < {partitions}");
        long all = Number(connection, "SELECT COUNT(*) FROM digests");
        if (rows != partitions || all != partitions)
        {
            throw new StoreException(new Outage(
                $"the database is damaged: it states {partitions} partitions and counts {all}; restore a backup",
                MayRetry: false), path);
        }
    }

    private static int CheckPartitions(SqliteConnection connection, string path, int? wanted)
    {
        long stored = Number(connection, "SELECT value FROM meta WHERE name = 'partitions'");
        if (stored is < 1 or > Limits.Partitions)
        {
            throw new StoreException($"{path} states {stored} partitions, wanted 1 to {Limits.Partitions}");
        }

        if (wanted is { } count && count != stored)
        {
            throw new StoreException(
                $"{path} was created with {stored} partitions and {count} are asked for; "
                + $"leave the setting out or set it to {stored}, or enrol into a new data directory");
        }

        return (int)stored;
    }

    private static long Number(SqliteConnection connection, string sql) =>
        SqliteFile.Scalar(connection, sql) is long number ? number : 0;
}

/// <summary>What a store says about itself.</summary>
/// <param name="Partitions">Its partitions.</param>
/// <param name="Id">A number of its own, chosen at random when it was made.</param>
/// <param name="Commits">Transactions it holds, counted inside each of them.</param>
internal readonly record struct StoreFacts(int Partitions, long Id, long Commits)
{
    /// <summary>Whether it has a table of pictures.</summary>
    public bool HasPictures { get; init; }
}
