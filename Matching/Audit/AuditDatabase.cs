using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using MatchCluster.Matching.Storage;
using Microsoft.Data.Sqlite;

namespace MatchCluster.Matching.Audit;

/// <summary>
/// The rows in a SQLite file of their own. Triggers refuse every change of a row: they hold off accidents and
/// ordinary tools, the chain shows what went round them.
/// </summary>
internal sealed class AuditDatabase : IAuditStore
{
    public const string FileName = "audit.db";

    private const int LogIdBytes = 32;
    private const int RowsPerChunk = 1000;

    private const string Tables =
        """
        CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
        CREATE TABLE rows(sequence INTEGER PRIMARY KEY, json BLOB NOT NULL, hash TEXT NOT NULL) STRICT;
        CREATE TRIGGER rows_keep BEFORE DELETE ON rows
            BEGIN SELECT RAISE(ABORT, 'rows of an audit log are kept'); END;
        CREATE TRIGGER rows_stay BEFORE UPDATE ON rows
            BEGIN SELECT RAISE(ABORT, 'rows of an audit log stay as they are'); END;
        """;

    /// <summary>
    /// Which rows are about whom: an index that can be made again from the rows. A log of an older version has none.
    /// </summary>
    private const string Index =
        """
        CREATE TABLE about(hash BLOB NOT NULL, sequence INTEGER NOT NULL, PRIMARY KEY(hash, sequence))
            STRICT, WITHOUT ROWID;
        CREATE TRIGGER about_keep BEFORE DELETE ON about
            BEGIN SELECT RAISE(ABORT, 'rows of an audit log are kept'); END;
        CREATE TRIGGER about_stay BEFORE UPDATE ON about
            BEGIN SELECT RAISE(ABORT, 'rows of an audit log stay as they are'); END;
        INSERT OR IGNORE INTO about(hash, sequence)
            SELECT unhex(one.value), rows.sequence FROM rows, json_each(CAST(rows.json AS TEXT), '$.persons') AS one
            UNION
            SELECT unhex(one.value), rows.sequence FROM rows,
                json_each(CAST(rows.json AS TEXT), '$.candidates') AS one;
        """;

    private const string PointTo = "INSERT OR IGNORE INTO about(hash, sequence) VALUES($h, $s)";

    private readonly SqliteConnection connection;
    private readonly SqliteCommand begin;
    private readonly SqliteCommand insert;
    private readonly SqliteCommand commit;
    private readonly SqliteCommand point;

    private AuditDatabase(SqliteConnection connection, string path, string id)
    {
        this.connection = connection;
        Name = path;
        Id = id;
        begin = SqliteFile.Command(connection, "BEGIN IMMEDIATE");
        commit = SqliteFile.Command(connection, "COMMIT");
        insert = SqliteFile.Command(
            connection, "INSERT INTO rows(sequence, json, hash) VALUES($s, $j, $h)", "$s", "$j", "$h");
        point = SqliteFile.Command(connection, PointTo, "$h", "$s");
    }

    /// <summary>The file.</summary>
    public string Name { get; }

    public string Id { get; }

    /// <summary>Opens the log of a directory to write, or makes it.</summary>
    /// <exception cref="StoreException">It cannot be used.</exception>
    public static AuditDatabase Open(string path)
    {
        string id = "";
        SqliteConnection connection = SqliteSideFile.OpenWriter(
            path,
            (opened, isNew) =>
            {
                if (isNew)
                {
                    SqliteFile.Run(opened, Tables);
                    using SqliteCommand command = SqliteFile.Command(
                        opened, "INSERT INTO meta(name, value) VALUES('id', $id), ('tried', '0')", "$id");
                    command.Parameters[0].Value =
                        Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(LogIdBytes));
                    command.ExecuteNonQuery();
                }

                if (SqliteFile.Scalar(opened, "SELECT count(*) FROM sqlite_schema WHERE name = 'about'") is 0L)
                {
                    SqliteFile.Run(opened, Index);
                }

                id = IdOf(opened, path);
            });
        return new AuditDatabase(connection, path, id);
    }

    public ValueTask<AuditHead> ReadHeadAsync(CancellationToken cancel)
    {
        try
        {
            return ValueTask.FromResult(ReadHead());
        }
        catch (SqliteException fault)
        {
            throw SqliteFaults.ExceptionOf(fault, Name);
        }
    }

    /// <summary>In one transaction that is on the disk when this returns; nobody else writes to the file.</summary>
    public ValueTask<AuditAppend> AppendAsync(AuditHead previous, IReadOnlyList<AuditRow> rows)
    {
        try
        {
            Append(rows);
            return default;
        }
        catch (SqliteException fault)
        {
            return ValueTask.FromResult(new AuditAppend(Outage: SqliteFaults.OutageOf(fault)));
        }
    }

    public async IAsyncEnumerable<AuditRow> ReadAsync(
        long after, string? about, [EnumeratorCancellation] CancellationToken cancel)
    {
        List<AuditRow> chunk;
        do
        {
            chunk = await Task.Run(() => ReadChunk(Name, after, about), cancel);
            foreach (AuditRow row in chunk)
            {
                yield return row;
                after = row.Sequence;
            }
        }
        while (chunk.Count == RowsPerChunk);
    }

    private AuditHead ReadHead()
    {
        // The writer's own connection is in the middle of a transaction at times.
        using SqliteConnection reader = SqliteFile.OpenReader(Name);
        using SqliteCommand last = SqliteFile.Command(
            reader, "SELECT sequence, json, hash FROM rows ORDER BY sequence DESC LIMIT 1");
        using SqliteDataReader found = last.ExecuteReader();
        if (!found.Read())
        {
            return new AuditHead(0, Id);
        }

        AuditRow row = RowOf(found);
        return new AuditHead(row.Sequence, row.Hash);
    }

    private void Append(IReadOnlyList<AuditRow> rows)
    {
        try
        {
            begin.ExecuteNonQuery();
            if (rows.Count == 0)
            {
                SqliteFile.Run(connection, "UPDATE meta SET value = 1 - value WHERE name = 'tried'");
            }

            foreach (AuditRow row in rows)
            {
                insert.Parameters[0].Value = row.Sequence;
                insert.Parameters[1].Value = row.Json;
                insert.Parameters[2].Value = row.Hash;
                insert.ExecuteNonQuery();
                foreach (string person in row.About)
                {
                    point.Parameters[0].Value = Convert.FromHexString(person);
                    point.Parameters[1].Value = row.Sequence;
                    point.ExecuteNonQuery();
                }
            }

            commit.ExecuteNonQuery();
        }
        catch (SqliteException)
        {
            TryRollBack();
            throw;
        }
    }

    /// <summary>Runs on the writer's connection; for tests of a full or a read-only store.</summary>
    internal void Run(string sql) => SqliteFile.Run(connection, sql);

    /// <summary>Reads rows of a file that may be written meanwhile, in chunks: no reader holds up the writer.</summary>
    /// <param name="path">The file.</param>
    /// <param name="after">Only rows with greater numbers.</param>
    /// <param name="about">Only rows that hold this keyed hash of a person; null takes all.</param>
    /// <exception cref="StoreException">It cannot be read.</exception>
    public static IEnumerable<AuditRow> Read(string path, long after, string? about)
    {
        List<AuditRow> chunk;
        do
        {
            chunk = ReadChunk(path, after, about);
            foreach (AuditRow row in chunk)
            {
                yield return row;
                after = row.Sequence;
            }
        }
        while (chunk.Count == RowsPerChunk);
    }

    private static List<AuditRow> ReadChunk(string path, long after, string? about)
    {
        try
        {
            using SqliteConnection reader = SqliteFile.OpenReader(path);
            using SqliteCommand command = SqliteFile.Command(
                reader,
                "SELECT sequence, json, hash FROM rows WHERE sequence > $after "
                + (about is null ? "" : "AND sequence IN (SELECT sequence FROM about WHERE hash = $about) ")
                + $"ORDER BY sequence LIMIT {RowsPerChunk}",
                about is null ? ["$after"] : ["$after", "$about"]);
            command.Parameters[0].Value = after;
            if (about is not null)
            {
                command.Parameters[1].Value = Convert.FromHexString(about);
            }

            using SqliteDataReader found = command.ExecuteReader();
            List<AuditRow> rows = [];
            while (found.Read())
            {
                rows.Add(RowOf(found));
            }

            return rows;
        }
        catch (SqliteException fault)
        {
            throw SqliteFaults.ExceptionOf(fault, path);
        }
    }

    /// <summary>Id of a log that is only read.</summary>
    public static string ReadId(string path)
    {
        using SqliteConnection reader = SqliteFile.OpenReader(path);
        return IdOf(reader, path);
    }

    public ValueTask DisposeAsync()
    {
        begin.Dispose();
        insert.Dispose();
        point.Dispose();
        commit.Dispose();
        connection.Dispose();
        return default;
    }

    private static AuditRow RowOf(SqliteDataReader row) =>
        new(row.GetInt64(0), row.GetFieldValue<byte[]>(1), row.GetString(2));

    private static string IdOf(SqliteConnection connection, string path) =>
        SqliteFile.Scalar(connection, "SELECT value FROM meta WHERE name = 'id'") as string
        ?? throw new StoreException($"{path}: is no audit log: it has no id");

    private void TryRollBack()
    {
        try
        {
            SqliteFile.Run(connection, "ROLLBACK");
        }
        catch (SqliteException)
        {
            // SQLite had undone it already.
        }
    }
}
