using MatchCluster.Matching.Storage;
using Microsoft.Data.Sqlite;

namespace MatchCluster.Matching.Packs;

/// <summary>The packs of an embedded server, in a SQLite file of their own beside the gallery.</summary>
public sealed class SqlitePackStore : IPackStore, IAsyncDisposable
{
    /// <summary>Name of its file.</summary>
    public const string FileName = "packs.db";

    private const string Tables =
        """
        CREATE TABLE packs(id TEXT PRIMARY KEY, pack BLOB NOT NULL) STRICT;
        CREATE TABLE hits(
            number INTEGER PRIMARY KEY AUTOINCREMENT, pack TEXT NOT NULL, id TEXT NOT NULL, hit BLOB NOT NULL,
            UNIQUE(pack, id)) STRICT;
        """;

    private readonly SqliteSideFile file;

    private SqlitePackStore(SqliteSideFile file) => this.file = file;

    /// <summary>Opens the packs of a data directory, or makes the file.</summary>
    /// <exception cref="StoreException">It cannot be used.</exception>
    public static SqlitePackStore Open(string directory) =>
        new(SqliteSideFile.Open(Path.Combine(directory, FileName), Tables));

    /// <inheritdoc/>
    public async ValueTask AddAsync(IssuedPack pack, CancellationToken cancel) => await file.RunAsync(
        connection =>
        {
            using SqliteCommand write = SqliteFile.Command(
                connection, "INSERT INTO packs(id, pack) VALUES($i, $p)", "$i", "$p");
            (write.Parameters[0].Value, write.Parameters[1].Value) = (pack.PackId, IssuedPackCodec.Encode(pack));
            return write.ExecuteNonQuery();
        },
        cancel);

    /// <inheritdoc/>
    public async ValueTask<IssuedPack?> FindAsync(string packId, CancellationToken cancel) => await file.RunAsync(
        connection =>
        {
            using SqliteCommand read = SqliteFile.Command(connection, "SELECT pack FROM packs WHERE id = $i", "$i");
            read.Parameters[0].Value = packId;
            return read.ExecuteScalar() is byte[] json ? IssuedPackCodec.Decode(json) : null;
        },
        cancel);

    /// <inheritdoc/>
    public async ValueTask<int> AddHitsAsync(
        string packId, IReadOnlyList<PackHit> hits, CancellationToken cancel) => await file.RunAsync(
        connection =>
        {
            using SqliteTransaction all = connection.BeginTransaction();
            using SqliteCommand write = SqliteFile.Command(
                connection, "INSERT INTO hits(pack, id, hit) VALUES($p, $i, $h) ON CONFLICT DO NOTHING",
                "$p", "$i", "$h");
            write.Transaction = all;
            int added = 0;
            foreach (PackHit hit in hits)
            {
                (write.Parameters[0].Value, write.Parameters[1].Value, write.Parameters[2].Value) =
                    (packId, hit.HitId, hit.Json.ToArray());
                added += write.ExecuteNonQuery();
            }

            all.Commit();
            return added;
        },
        cancel);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<PackHit>> ReadHitsAsync(
        string packId, long after, int most, CancellationToken cancel) => await file.RunAsync(
        connection =>
        {
            using SqliteCommand read = SqliteFile.Command(
                connection, "SELECT id, hit FROM hits WHERE pack = $p ORDER BY number LIMIT $m OFFSET $a",
                "$p", "$m", "$a");
            (read.Parameters[0].Value, read.Parameters[1].Value, read.Parameters[2].Value) = (packId, most, after);
            using SqliteDataReader rows = read.ExecuteReader();
            List<PackHit> hits = [];
            while (rows.Read())
            {
                hits.Add(new PackHit(rows.GetString(0), rows.GetFieldValue<byte[]>(1)));
            }

            return hits;
        },
        cancel);

    public ValueTask DisposeAsync() => file.DisposeAsync();
}
