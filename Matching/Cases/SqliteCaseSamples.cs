using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Storage;
using Microsoft.Data.Sqlite;

namespace MatchCluster.Matching.Cases;

/// <summary>
/// The probes of an embedded server's cases, in a SQLite file of their own that its user alone can read. What is
/// deleted is overwritten.
/// </summary>
public sealed class SqliteCaseSamples : ICaseSamples, IAsyncDisposable
{
    public const string Name = "cases.db";

    private const string Tables =
        "CREATE TABLE probes(id TEXT NOT NULL PRIMARY KEY, expires INTEGER NOT NULL, samples BLOB NOT NULL) STRICT";

    private readonly SqliteSideFile file;
    private readonly ProbeCodec codec;

    private SqliteCaseSamples(SqliteSideFile file, ProbeCodec codec) => (this.file, this.codec) = (file, codec);

    /// <summary>Opens the probes of a data directory, or makes the file.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="keys">Keys of its galleries, which probes are sealed with; null keeps them in the clear.</param>
    /// <exception cref="StoreException">It cannot be used.</exception>
    public static SqliteCaseSamples Open(string directory, KeyRing? keys = null)
    {
        string path = Path.Combine(directory, Name);
        return new SqliteCaseSamples(SqliteSideFile.Open(path, Tables), new ProbeCodec(keys, path));
    }

    public async ValueTask PutAsync(
        string caseId, string gallery, IReadOnlyList<Sample> samples, DateTimeOffset expires,
        CancellationToken cancel)
    {
        await codec.PrepareAsync(gallery, cancel);
        await file.RunAsync(
            connection =>
            {
                using SqliteCommand insert = SqliteFile.Command(
                    connection, "INSERT INTO probes(id, expires, samples) VALUES($id, $expires, $samples)",
                    "$id", "$expires", "$samples");
                insert.Parameters[0].Value = caseId;
                insert.Parameters[1].Value = expires.ToUnixTimeMilliseconds();
                insert.Parameters[2].Value = codec.Encode(caseId, gallery, samples);
                return insert.ExecuteNonQuery();
            },
            cancel);
    }

    public async ValueTask<IReadOnlyList<Sample>?> ReadAsync(
        string caseId, DateTimeOffset now, CancellationToken cancel)
    {
        byte[]? bytes = await file.RunAsync(
            connection =>
            {
                using SqliteCommand select = SqliteFile.Command(
                    connection, "SELECT samples FROM probes WHERE id = $id AND expires > $now", "$id", "$now");
                select.Parameters[0].Value = caseId;
                select.Parameters[1].Value = now.ToUnixTimeMilliseconds();
                return select.ExecuteScalar() as byte[];
            },
            cancel);
        return bytes is null ? null : await codec.DecodeAsync(caseId, bytes, cancel);
    }

    public async ValueTask DeleteAsync(string caseId, CancellationToken cancel) =>
        await RunAsync("DELETE FROM probes WHERE id = $value", caseId, cancel);

    public async ValueTask<int> PurgeAsync(DateTimeOffset now, CancellationToken cancel) =>
        await RunAsync("DELETE FROM probes WHERE expires <= $value", now.ToUnixTimeMilliseconds(), cancel);

    public ValueTask DisposeAsync() => file.DisposeAsync();

    /// <summary>
    /// Seals what is plain or under older keys with the keys of today. It goes before the records of the galleries are
    /// sealed again, because older keys are destroyed after that. It may be cut off and run again.
    /// </summary>
    /// <returns>How many probes were written.</returns>
    /// <exception cref="StoreException">A probe cannot be read or written.</exception>
    public async ValueTask<int> RenewAsync(CancellationToken cancel)
    {
        int renewed = 0;
        long last = 0;
        while (last >= 0)
        {
            long from = last;
            (last, int some) = await file.RunAsync(connection => Renew(connection, from), cancel);
            renewed += some;
        }

        if (renewed > 0)
        {
            await file.RunAsync(connection => SqliteFile.EmptyLog(connection, TimeSpan.Zero), cancel);
        }

        return renewed;
    }

    /// <summary>Renews some rows after one of them.</summary>
    /// <returns>The last row that was looked at, or -1 after all, and how many were written.</returns>
    private (long Last, int Renewed) Renew(SqliteConnection connection, long after)
    {
        List<(long Row, string Id, byte[] Bytes)> rows = [];
        using (SqliteCommand select = SqliteFile.Command(
            connection, "SELECT rowid, id, samples FROM probes WHERE rowid > $after ORDER BY rowid LIMIT 64", "$after"))
        {
            select.Parameters[0].Value = after;
            using SqliteDataReader reader = select.ExecuteReader();
            while (reader.Read())
            {
                rows.Add((reader.GetInt64(0), reader.GetString(1), (byte[])reader[2]));
            }
        }

        int renewed = 0;
        foreach ((long row, string id, byte[] bytes) in rows)
        {
            if (codec.Renew(id, bytes) is { } next)
            {
                using SqliteCommand update = SqliteFile.Command(
                    connection, "UPDATE probes SET samples = $samples WHERE rowid = $row", "$samples", "$row");
                update.Parameters[0].Value = next;
                update.Parameters[1].Value = row;
                renewed += update.ExecuteNonQuery();
            }
        }

        return (rows.Count > 0 ? rows[^1].Row : -1, renewed);
    }

    private Task<int> RunAsync(string sql, object value, CancellationToken cancel) => file.RunAsync(
        connection =>
        {
            using SqliteCommand command = SqliteFile.Command(connection, sql, "$value");
            command.Parameters[0].Value = value;
            int changed = command.ExecuteNonQuery();
            if (changed > 0)
            {
                // The log holds what was deleted until it is emptied.
                SqliteFile.EmptyLog(connection, TimeSpan.Zero);
            }

            return changed;
        },
        cancel);
}
