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

    private readonly SqliteSideFile file;
    private int lastDay = -1;

    private SqliteQuotaStore(SqliteSideFile file) => this.file = file;

    /// <summary>Opens the counts of a data directory, or makes the file.</summary>
    /// <exception cref="StoreException">It cannot be used.</exception>
    public static SqliteQuotaStore Open(string directory) =>
        new(SqliteSideFile.Open(Path.Combine(directory, Name), Tables));

    /// <inheritdoc/>
    public ValueTask<long> TakeAsync(string account, int day, long wanted, long quota, CancellationToken cancel) =>
        ChangeAsync(account, day, used => Math.Clamp(quota - used, 0, wanted), cancel);

    /// <inheritdoc/>
    public async ValueTask ReturnAsync(string account, int day, long left, CancellationToken cancel) =>
        await ChangeAsync(account, day, used => -Math.Min(left, used), cancel);

    public ValueTask DisposeAsync() => file.DisposeAsync();

    /// <summary>Adds to a count what follows from it; on the disk when this ends.</summary>
    private async ValueTask<long> ChangeAsync(string account, int day, Func<long, long> by, CancellationToken cancel) =>
        await file.RunAsync(connection => Change(connection, account, day, by), cancel);

    private long Change(SqliteConnection connection, string account, int day, Func<long, long> by)
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
