using Microsoft.Data.Sqlite;

namespace MatchCluster.Matching.Storage;

/// <summary>
/// How connections to the database are opened. Pooling is off: the store owns its connections and closes
/// them.
/// </summary>
internal static class SqliteFile
{
    public const string Name = "gallery.db";

    /// <summary>
    /// Measured with records of 2 to 6 KB and of 2 to 20 KB: 1.24 and 1.09 bytes on disk per byte of record,
    /// where 8 KiB pages take 1.53 and 1.16 and are no faster. It is also the block of the usual file
    /// systems.
    /// </summary>
    public const int PageBytes = 4096;

    private const int BusySeconds = 5;
    private const int CheckpointPages = 16 * 1024 * 1024 / PageBytes;
    private const int CacheKibibytes = 64 * 1024;

    public static SqliteConnection OpenWriter(string path)
    {
        SqliteConnection connection = Open(path, SqliteOpenMode.ReadWriteCreate);
        Run(connection, $"PRAGMA cache_size = -{CacheKibibytes}");
        return connection;
    }

    public static SqliteConnection OpenReader(string path) => Open(path, SqliteOpenMode.ReadOnly);

    /// <summary>
    /// What makes a commit durable and the log bounded. Called once the file is known to be ours: WAL mode is
    /// written into it.
    /// </summary>
    public static void PrepareWriter(SqliteConnection connection, string path)
    {
        object? mode = Scalar(connection, "PRAGMA journal_mode = WAL");
        if (mode is not "wal")
        {
            throw new StoreException($"{path}: the file system does not support SQLite's WAL mode ({mode})");
        }

        // FULL syncs the log at each commit; on macOS only F_FULLFSYNC reaches the medium.
        Run(connection, "PRAGMA synchronous = FULL");
        Run(connection, "PRAGMA fullfsync = ON");
        Run(connection, "PRAGMA checkpoint_fullfsync = ON");
        Run(connection, $"PRAGMA wal_autocheckpoint = {CheckpointPages}");
        Run(connection, $"PRAGMA journal_size_limit = {Limits.WriteAheadLogBytes}");

        // A deleted template is overwritten, not merely forgotten.
        Run(connection, "PRAGMA secure_delete = ON");
    }

    /// <summary>
    /// Moves the log into the database and cuts it to nothing, where no reader is in the way for so long.
    /// </summary>
    /// <returns>Whether nothing is left in the log.</returns>
    public static bool EmptyLog(SqliteConnection connection, TimeSpan patience)
    {
        Run(connection, $"PRAGMA busy_timeout = {(int)patience.TotalMilliseconds}");
        try
        {
            return Scalar(connection, "PRAGMA wal_checkpoint(TRUNCATE)") is 0L;
        }
        finally
        {
            Run(connection, $"PRAGMA busy_timeout = {BusySeconds * 1000}");
        }
    }

    public static void Run(SqliteConnection connection, string sql) => Scalar(connection, sql);

    /// <summary>
    /// Runs a statement to its end (some pragmas work row by row) and returns its first value.
    /// </summary>
    public static object? Scalar(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = Command(connection, sql);
        using SqliteDataReader rows = command.ExecuteReader();
        object? first = null;
        while (rows.Read())
        {
            first ??= rows.GetValue(0);
        }

        return first;
    }

    /// <summary>A statement; every text of SQL in this store is a constant, values are parameters.</summary>
    public static SqliteCommand Command(SqliteConnection connection, string sql, params string[] parameters)
    {
        SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // No text of a caller is in it.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach (string parameter in parameters)
        {
            command.Parameters.Add(new SqliteParameter(parameter, null));
        }

        return command;
    }

    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        SqliteConnectionStringBuilder settings = new()
        {
            DataSource = path,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = BusySeconds,
        };
        SqliteConnection connection = new(settings.ToString());
        try
        {
            connection.Open();
            Run(connection, $"PRAGMA busy_timeout = {BusySeconds * 1000}");
            Run(connection, "PRAGMA trusted_schema = OFF");

            // Nothing of a record goes to the system's temporary directory.
            Run(connection, "PRAGMA temp_store = MEMORY");
            return connection;
        }
        catch (SqliteException)
        {
            connection.Dispose();
            throw;
        }
    }
}
