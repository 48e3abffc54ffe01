using MatchCluster.Matching.Storage;
using Microsoft.Data.Sqlite;

namespace MatchCluster.Matching.Quotas;

/// <summary>
/// The counts of an embedded server, in a SQLite file of their own beside the gallery: a restart goes on where it was.
/// </summary>
public sealed class SqliteQuotaStore : IQuotaStore, IAsyncDisposable
{
    public const string Name = "quotas.db";

    /// <summary>
    /// Days that are kept, by their number and not by the date: where a clock was wrong for a while, the counts of the
    /// days before are still there.
    /// </summary>
    private const string Forget =
        "DELETE FROM uses WHERE day NOT IN (SELECT DISTINCT day FROM uses ORDER BY day DESC LIMIT 8)";

    private const string Tables =
        """
        CREATE TABLE uses(
            day INTEGER NOT NULL, account TEXT NOT NULL, used INTEGER NOT NULL,
            PRIMARY KEY(day, account)) STRICT, WITHOUT ROWID;
        """;

    private readonly SemaphoreSlim guard = new(1);
    private readonly SqliteConnection connection;
    private readonly string path;
    private int lastDay = -1;

    private SqliteQuotaStore(SqliteConnection connection, string path)
    {
        this.connection = connection;
        this.path = path;
    }

    /// <summary>Opens the counts of a data directory, or makes the file.</summary>
    /// <exception cref="StoreException">It cannot be used.</exception>
    public static SqliteQuotaStore Open(string directory)
    {
        string path = Path.Combine(directory, Name);
        SqliteConnection? connection = null;
        try
        {
            PrivateFiles.Create(path);
            connection = SqliteFile.OpenWriter(path);
            SqliteFile.PrepareWriter(connection, path);
            if (SqliteFile.Scalar(connection, "SELECT count(*) FROM sqlite_schema") is 0L)
            {
                SqliteFile.Run(connection, Tables);
            }

            SqliteQuotaStore opened = new(connection, path);
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

    /// <inheritdoc/>
    public ValueTask<long> TakeAsync(string account, int day, long wanted, long quota, CancellationToken cancel) =>
        ChangeAsync(account, day, used => Math.Clamp(quota - used, 0, wanted), cancel);

    /// <inheritdoc/>
    public async ValueTask ReturnAsync(string account, int day, long left, CancellationToken cancel) =>
        await ChangeAsync(account, day, used => -Math.Min(left, used), cancel);

    public async ValueTask DisposeAsync()
    {
        await guard.WaitAsync();
        await connection.DisposeAsync();
    }

    /// <summary>Adds to a count what follows from it; on the disk when this ends.</summary>
    private async ValueTask<long> ChangeAsync(string account, int day, Func<long, long> by, CancellationToken cancel)
    {
        await guard.WaitAsync(cancel);
        try
        {
            // The disk's sync blocks: not a thread of a request.
            return await Task.Run(() => Change(account, day, by), CancellationToken.None);
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

    private long Change(string account, int day, Func<long, long> by)
    {
        using SqliteCommand read = SqliteFile.Command(
            connection, "SELECT used FROM uses WHERE day = $d AND account = $a", "$d", "$a");
        (read.Parameters[0].Value, read.Parameters[1].Value) = (day, account);
        long used = read.ExecuteScalar() is long there ? there : 0;
        long added = by(used);
        if (added == 0)
        {
            return 0;
        }

        using SqliteCommand write = SqliteFile.Command(
            connection, "INSERT INTO uses(day, account, used) VALUES($d, $a, $u) ON CONFLICT DO UPDATE SET used = $u",
            "$d", "$a", "$u");
        (write.Parameters[0].Value, write.Parameters[1].Value, write.Parameters[2].Value) =
            (day, account, used + added);
        write.ExecuteNonQuery();
        if (day != lastDay)
        {
            SqliteFile.Run(connection, Forget);
            lastDay = day;
        }

        return added;
    }
}
