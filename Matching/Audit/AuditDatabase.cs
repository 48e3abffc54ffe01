using System.Security.Cryptography;
using MatchCluster.Matching.Storage;
using Microsoft.Data.Sqlite;

namespace MatchCluster.Matching.Audit;

/// <summary>
/// The rows in a SQLite file of their own. Triggers refuse every change of a row: they hold off accidents and
/// ordinary tools, the chain shows what went round them.
/// </summary>
internal sealed class AuditDatabase : IDisposable
{
    public const string Name = "audit.db";

    private const int LogIdBytes = 32;

    private const string Tables =
        """
        CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
        CREATE TABLE rows(sequence INTEGER PRIMARY KEY, json BLOB NOT NULL, hash TEXT NOT NULL) STRICT;
        CREATE TRIGGER rows_keep BEFORE DELETE ON rows
            BEGIN SELECT RAISE(ABORT, 'rows of an audit log are kept'); END;
        CREATE TRIGGER rows_stay BEFORE UPDATE ON rows
            BEGIN SELECT RAISE(ABORT, 'rows of an audit log stay as they are'); END;
        """;

    private readonly SqliteConnection connection;
    private readonly SqliteCommand begin;
    private readonly SqliteCommand insert;
    private readonly SqliteCommand commit;

    private AuditDatabase(SqliteConnection connection, string id)
    {
        this.connection = connection;
        Id = id;
        begin = SqliteFile.Command(connection, "BEGIN IMMEDIATE");
        commit = SqliteFile.Command(connection, "COMMIT");
        insert = SqliteFile.Command(
            connection, "INSERT INTO rows(sequence, json, hash) VALUES($s, $j, $h)", "$s", "$j", "$h");
    }

    /// <summary>Random; the first row names it where all others name the row before them.</summary>
    public string Id { get; }

    /// <summary>Opens the log of a directory to write, or makes it.</summary>
    /// <exception cref="StoreException">It cannot be used.</exception>
    public static AuditDatabase Open(string path)
    {
        SqliteConnection? connection = null;
        try
        {
            PrivateFiles.Create(path);
            connection = SqliteFile.OpenWriter(path);
            SqliteFile.PrepareWriter(connection, path);
            SqliteFile.Run(connection, "BEGIN IMMEDIATE");
            if (SqliteFile.Scalar(connection, "SELECT count(*) FROM sqlite_schema") is 0L)
            {
                SqliteFile.Run(connection, Tables);
                using SqliteCommand command = SqliteFile.Command(
                    connection, "INSERT INTO meta(name, value) VALUES('id', $id), ('tried', '0')", "$id");
                command.Parameters[0].Value = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(LogIdBytes));
                command.ExecuteNonQuery();
            }

            SqliteFile.Run(connection, "COMMIT");
            AuditDatabase opened = new(connection, IdOf(connection, path));
            connection = null;
            return opened;
        }
        catch (SqliteException fault)
        {
            throw SqliteFaults.ExceptionOf(fault, path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"{path}: cannot be written: {fault.Message}", fault);
        }
        finally
        {
            connection?.Dispose();
        }
    }

    /// <summary>The last row; its bytes must have its hash, or nothing can be chained to it.</summary>
    /// <exception cref="StoreException">The last row was changed.</exception>
    public AuditHead ReadHead(string path)
    {
        using SqliteCommand last = SqliteFile.Command(
            connection, "SELECT sequence, json, hash FROM rows ORDER BY sequence DESC LIMIT 1");
        using SqliteDataReader found = last.ExecuteReader();
        if (!found.Read())
        {
            return new AuditHead(0, Id);
        }

        AuditRow row = RowOf(found);
        return AuditChain.HashOf(row.Json) == row.Hash ? new AuditHead(row.Sequence, row.Hash)
            : throw new StoreException(
                $"{path}: row {row.Sequence}, the last one, was changed; 'audit verify' says what else was");
    }

    /// <summary>Writes rows in one transaction that is on the disk when this returns.</summary>
    /// <param name="rows">None tries whether the log can be written at all.</param>
    public void Append(IReadOnlyList<AuditRow> rows)
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

    /// <summary>Reads rows of a log that may be written meanwhile.</summary>
    /// <param name="path">The file.</param>
    /// <param name="after">Only rows with greater numbers.</param>
    /// <param name="text">Only rows that hold this text, in quotes; null takes all.</param>
    /// <exception cref="SqliteException">It cannot be read.</exception>
    public static IEnumerable<AuditRow> Read(string path, long after, string? text)
    {
        using SqliteConnection reader = SqliteFile.OpenReader(path);
        using SqliteCommand command = SqliteFile.Command(
            reader,
            "SELECT sequence, json, hash FROM rows WHERE sequence > $after "
            + "AND ($text IS NULL OR instr(CAST(json AS TEXT), $text) > 0) ORDER BY sequence",
            "$after", "$text");
        command.Parameters[0].Value = after;
        command.Parameters[1].Value = text is null ? DBNull.Value : $"\"{text}\"";
        using SqliteDataReader rows = command.ExecuteReader();
        while (rows.Read())
        {
            yield return RowOf(rows);
        }
    }

    /// <summary>Id of a log that is only read.</summary>
    public static string ReadId(string path)
    {
        using SqliteConnection reader = SqliteFile.OpenReader(path);
        return IdOf(reader, path);
    }

    public void Dispose()
    {
        begin.Dispose();
        insert.Dispose();
        commit.Dispose();
        connection.Dispose();
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
