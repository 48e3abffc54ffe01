using Microsoft.Data.Sqlite;

namespace MatchCluster.Matching.Storage;

/// <summary>
/// A small SQLite file beside the gallery, which its user alone can read and this process alone writes. One caller at a
/// time has its connection.
/// </summary>
internal sealed class SqliteSideFile : IAsyncDisposable
{
    private readonly SemaphoreSlim guard = new(1);
    private readonly SqliteConnection connection;
    private readonly string path;

    /// <param name="connection">Opened by <see cref="OpenWriter"/>; it is closed with this.</param>
    /// <param name="path">The file.</param>
    public SqliteSideFile(SqliteConnection connection, string path)
    {
        this.connection = connection;
        this.path = path;
    }

    /// <summary>Opens the file of a data directory, or makes it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="tables">The statements that make its tables.</param>
    /// <exception cref="StoreException">It cannot be used.</exception>
    public static SqliteSideFile Open(string path, string tables) => new(
        OpenWriter(
            path,
            (connection, isNew) =>
            {
                if (isNew)
                {
                    SqliteFile.Run(connection, tables);
                }
            }),
        path);

    /// <summary>Opens a file of this kind for a writer that has an order of its own.</summary>
    /// <param name="path">The file.</param>
    /// <param name="prepare">
    /// Makes what is missing, in one transaction; it is told whether the file is new.
    /// </param>
    /// <exception cref="StoreException">It cannot be used.</exception>
    public static SqliteConnection OpenWriter(string path, Action<SqliteConnection, bool> prepare)
    {
        SqliteConnection? connection = null;
        try
        {
            PrivateFiles.Create(path);
            connection = SqliteFile.OpenWriter(path);
            SqliteFile.PrepareWriter(connection, path);
            SqliteFile.Run(connection, "BEGIN IMMEDIATE");
            prepare(connection, SqliteFile.Scalar(connection, "SELECT count(*) FROM sqlite_schema") is 0L);
            SqliteFile.Run(connection, "COMMIT");
            SqliteConnection opened = connection;
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

    /// <summary>
    /// Does something with the connection, after whoever came before. What has begun is done to its end.
    /// </summary>
    /// <exception cref="StoreException">SQLite refused it.</exception>
    public async Task<T> RunAsync<T>(Func<SqliteConnection, T> work, CancellationToken cancel)
    {
        await guard.WaitAsync(cancel);
        try
        {
            // The disk's sync blocks: not a thread of a request.
            return await Task.Run(() => work(connection), CancellationToken.None);
        }
        catch (SqliteException fault)
        {
            throw SqliteFaults.ExceptionOf(fault, path);
        }
        finally
        {
            guard.Release();
        }
    }

    /// <summary>Closes it, after whoever has it.</summary>
    public async ValueTask DisposeAsync()
    {
        await guard.WaitAsync();
        await connection.DisposeAsync();
        guard.Dispose();
    }
}
