using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Tasks;
using Microsoft.Data.Sqlite;

namespace MatchCluster.Matching.Subscriptions;

/// <summary>The alerts of an embedded server, in a SQLite file of their own that its user alone can read.</summary>
public sealed class SqliteAlertStore : IAlertStore, IAsyncDisposable
{
    public const string Name = "alerts.db";

    private const string Tables =
        """
        CREATE TABLE alerts(
            owner TEXT NOT NULL, number INTEGER NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL, seen INTEGER,
            body BLOB NOT NULL, PRIMARY KEY(owner, number), UNIQUE(owner, id)) STRICT;
        CREATE INDEX times ON alerts(at);
        CREATE TABLE numbers(owner TEXT NOT NULL PRIMARY KEY, last INTEGER NOT NULL) STRICT;
        """;

    private readonly GroupedFile file;

    private SqliteAlertStore(GroupedFile file) => this.file = file;

    /// <summary>Opens the alerts of a data directory, or makes the file.</summary>
    /// <exception cref="StoreException">It cannot be used.</exception>
    public static SqliteAlertStore Open(string directory) =>
        new(new GroupedFile(SqliteSideFile.Open(Path.Combine(directory, Name), Tables)));

    /// <inheritdoc/>
    public async ValueTask<AlertPut> AddAsync(
        string owner, string id, ReadOnlyMemory<byte> body, DateTimeOffset now, CancellationToken cancel) =>
        await file.RunAsync(
            connection =>
            {
                if (TaskRows.Scalar(
                    connection, "SELECT number FROM alerts WHERE owner = $0 AND id = $1", owner, id) is long earlier)
                {
                    return new AlertPut(earlier, IsNew: false);
                }

                long number = (long)TaskRows.Scalar(
                    connection,
                    "INSERT INTO numbers VALUES($0, 1) ON CONFLICT DO UPDATE SET last = last + 1 RETURNING last",
                    owner)!;
                TaskRows.Run(
                    connection, "INSERT INTO alerts VALUES($0, $1, $2, $3, NULL, $4)", owner, number, id,
                    now.ToUnixTimeMilliseconds(), body.ToArray());
                return new AlertPut(number, IsNew: true);
            },
            cancel);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<Alert>> ReadAsync(
        string owner, long after, int most, CancellationToken cancel) => await file.RunAsync(
        connection =>
        {
            using SqliteCommand read = TaskRows.Command(
                connection,
                "SELECT number, id, at, seen, body FROM alerts WHERE owner = $0 AND number > $1 ORDER BY number "
                + "LIMIT $2", owner, after, most);
            using SqliteDataReader rows = read.ExecuteReader();
            List<Alert> alerts = [];
            while (rows.Read())
            {
                alerts.Add(new Alert(
                    rows.GetInt64(0), rows.GetString(1), DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(2)),
                    rows.IsDBNull(3) ? null : DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(3)),
                    rows.GetFieldValue<byte[]>(4)));
            }

            return alerts;
        },
        cancel);

    /// <inheritdoc/>
    public async ValueTask<bool> SeenAsync(
        string owner, string id, DateTimeOffset now, CancellationToken cancel) => await file.RunAsync(
        connection => TaskRows.Run(
            connection, "UPDATE alerts SET seen = coalesce(seen, $0) WHERE owner = $1 AND id = $2",
            now.ToUnixTimeMilliseconds(), owner, id) == 1,
        cancel);

    /// <inheritdoc/>
    public async ValueTask<int> PurgeAsync(DateTimeOffset before, int most, CancellationToken cancel) =>
        await file.RunAsync(
            connection => TaskRows.Run(
                connection,
                "DELETE FROM alerts WHERE rowid IN (SELECT rowid FROM alerts WHERE at < $0 ORDER BY at LIMIT $1)",
                before.ToUnixTimeMilliseconds(), most),
            cancel);

    public ValueTask DisposeAsync() => file.DisposeAsync();
}
