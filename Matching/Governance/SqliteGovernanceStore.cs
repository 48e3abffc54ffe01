using MatchCluster.Matching.Storage;
using Microsoft.Data.Sqlite;

namespace MatchCluster.Matching.Governance;

/// <summary>
/// The documents of an embedded server, in a SQLite file of their own beside the gallery. Only one process has the
/// directory, so that the counts of writes are kept in memory.
/// </summary>
public sealed class SqliteGovernanceStore : IGovernanceStore, IAsyncDisposable
{
    public const string Name = "governance.db";

    private const string Tables =
        """
        CREATE TABLE documents(
            kind TEXT NOT NULL, key TEXT NOT NULL, version INTEGER NOT NULL, json BLOB NOT NULL,
            PRIMARY KEY(kind, key, version)) STRICT, WITHOUT ROWID;
        CREATE TRIGGER documents_keep BEFORE DELETE ON documents
            BEGIN SELECT RAISE(ABORT, 'versions of documents are kept'); END;
        CREATE TRIGGER documents_stay BEFORE UPDATE ON documents
            BEGIN SELECT RAISE(ABORT, 'versions of documents stay as they are'); END;
        """;

    private readonly Dictionary<string, long> stamps = new(StringComparer.Ordinal);
    private readonly SqliteSideFile file;

    private SqliteGovernanceStore(SqliteSideFile file) => this.file = file;

    /// <summary>Opens the documents of a data directory, or makes the file.</summary>
    /// <exception cref="StoreException">It cannot be used.</exception>
    public static SqliteGovernanceStore Open(string directory) =>
        new(SqliteSideFile.Open(Path.Combine(directory, Name), Tables));

    public ValueTask<long> StampAsync(string kind, CancellationToken cancel)
    {
        lock (stamps)
        {
            return ValueTask.FromResult(stamps.GetValueOrDefault(kind));
        }
    }

    public async ValueTask<IReadOnlyList<GovernanceDocument>> ReadAllAsync(string kind, CancellationToken cancel) =>
        await SelectAsync(
            """
            SELECT kind, key, version, json FROM documents AS d WHERE kind = $kind AND version =
                (SELECT max(version) FROM documents WHERE kind = d.kind AND key = d.key) ORDER BY key
            """,
            kind, "", cancel);

    public async ValueTask<GovernanceDocument?> ReadAsync(string kind, string key, CancellationToken cancel) =>
        (await SelectAsync(
            """
            SELECT kind, key, version, json FROM documents WHERE kind = $kind AND key = $key
                ORDER BY version DESC LIMIT 1
            """,
            kind, key, cancel)).FirstOrDefault();

    public async ValueTask<IReadOnlyList<GovernanceDocument>> ReadVersionsAsync(
        string kind, string key, CancellationToken cancel) =>
        await SelectAsync(
            "SELECT kind, key, version, json FROM documents WHERE kind = $kind AND key = $key ORDER BY version",
            kind, key, cancel);

    public async ValueTask<bool> WriteAsync(GovernanceDocument document, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(document);
        bool isWritten = await file.RunAsync(
            connection =>
            {
                // The next version and no other: one statement, so that nobody comes in between.
                using SqliteCommand insert = SqliteFile.Command(
                    connection,
                    """
                    INSERT INTO documents(kind, key, version, json) SELECT $kind, $key, $version, $json
                        WHERE $version = 1 + coalesce(
                            (SELECT max(version) FROM documents WHERE kind = $kind AND key = $key), 0)
                    """,
                    "$kind", "$key", "$version", "$json");
                insert.Parameters[0].Value = document.Kind;
                insert.Parameters[1].Value = document.Key;
                insert.Parameters[2].Value = document.Version;
                insert.Parameters[3].Value = document.Json.ToArray();
                return insert.ExecuteNonQuery() == 1;
            },
            cancel);
        if (isWritten)
        {
            lock (stamps)
            {
                stamps[document.Kind] = stamps.GetValueOrDefault(document.Kind) + 1;
            }
        }

        return isWritten;
    }

    public ValueTask DisposeAsync() => file.DisposeAsync();

    private Task<List<GovernanceDocument>> SelectAsync(
        string sql, string kind, string key, CancellationToken cancel) => file.RunAsync(
        connection =>
        {
            string[] names = sql.Contains("$key", StringComparison.Ordinal) ? ["$kind", "$key"] : ["$kind"];
            using SqliteCommand select = SqliteFile.Command(connection, sql, names);
            select.Parameters[0].Value = kind;
            if (names.Length > 1)
            {
                select.Parameters[1].Value = key;
            }

            using SqliteDataReader rows = select.ExecuteReader();
            List<GovernanceDocument> found = [];
            while (rows.Read())
            {
                found.Add(new GovernanceDocument(
                    rows.GetString(0), rows.GetString(1), rows.GetInt64(2), rows.GetFieldValue<byte[]>(3)));
            }

            return found;
        },
        cancel);
}
