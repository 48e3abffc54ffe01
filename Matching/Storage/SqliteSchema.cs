using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace MatchCluster.Matching.Storage;

/// <summary>
/// The tables of version 1 and the checks that a file is one of ours. Identifiers are blobs of UTF-8, so that
/// they compare as bytes and no collation ever changes their order. Records lie in a rowid table behind an index
/// of keys: tried against a table clustered by key (WITHOUT ROWID) with records of 4 and 12 KB under random keys,
/// it takes inserts faster, wastes less space and counts from the small index alone.
/// </summary>
internal static class SqliteSchema
{
    /// <summary>"MCGS" in the file's header.</summary>
    internal const int ApplicationId = 0x4D434753;

    internal const int Version = 1;

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

    /// <summary>Checks or creates the tables.</summary>
    /// <returns>The stored partition count.</returns>
    /// <exception cref="StoreException">The file is not ours, or the partition counts differ.</exception>
    public static int Open(SqliteConnection connection, string path, int? partitions, int defaultPartitions)
    {
        bool isNew = CheckIsOursOrNew(connection, path);
        if (isNew)
        {
            // Both are written with the first page and cannot be changed afterwards.
            SqliteFile.Run(connection, $"PRAGMA page_size = {SqliteFile.PageBytes}");
            SqliteFile.Run(connection, "PRAGMA auto_vacuum = INCREMENTAL");
        }

        CheckIsWritable(connection, path);
        SqliteFile.PrepareWriter(connection, path);
        if (isNew)
        {
            Create(connection, partitions ?? defaultPartitions);
        }

        return CheckPartitions(connection, path, partitions);
    }

    private static bool CheckIsOursOrNew(SqliteConnection connection, string path)
    {
        long application = Number(connection, "PRAGMA application_id");
        long version = Number(connection, "PRAGMA user_version");
        if (application == 0 && version == 0 && Number(connection, "SELECT COUNT(*) FROM sqlite_schema") == 0)
        {
            return true;
        }

        if (application != ApplicationId)
        {
            throw new StoreException(
                $"{path} is a database of another application (id {application}), wanted {ApplicationId}; "
                + "choose another data directory");
        }

        if (version != Version)
        {
            throw new StoreException(
                $"{path} has store version {version}, this program reads version {Version}; "
                + (version > Version ? "use the newer program that wrote it" : "restore a backup"));
        }

        return false;
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
        SqliteFile.Run(connection, $"PRAGMA user_version = {Version}");
        SqliteFile.Run(connection, "COMMIT");
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
