using MatchCluster.Matching.Bytes;
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

    /// <summary>Version of the bytes: this one, then the samples as an encounter record has them.</summary>
    private const byte Version = 1;

    private readonly SemaphoreSlim guard = new(1);
    private readonly SqliteConnection connection;
    private readonly string path;

    private SqliteCaseSamples(SqliteConnection connection, string path)
    {
        this.connection = connection;
        this.path = path;
    }

    /// <summary>Opens the probes of a data directory, or makes the file.</summary>
    /// <exception cref="StoreException">It cannot be used.</exception>
    public static SqliteCaseSamples Open(string directory)
    {
        string path = Path.Combine(directory, Name);
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
            }

            SqliteFile.Run(connection, "COMMIT");
            SqliteCaseSamples opened = new(connection, path);
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

    public async ValueTask PutAsync(
        string caseId, IReadOnlyList<Sample> samples, DateTimeOffset expires, CancellationToken cancel) =>
        await AloneAsync(
            () =>
            {
                using SqliteCommand insert = SqliteFile.Command(
                    connection, "INSERT INTO probes(id, expires, samples) VALUES($id, $expires, $samples)",
                    "$id", "$expires", "$samples");
                insert.Parameters[0].Value = caseId;
                insert.Parameters[1].Value = expires.ToUnixTimeMilliseconds();
                insert.Parameters[2].Value = Encode(samples);
                return insert.ExecuteNonQuery();
            },
            cancel);

    public async ValueTask<IReadOnlyList<Sample>?> ReadAsync(
        string caseId, DateTimeOffset now, CancellationToken cancel) =>
        await AloneAsync(
            () =>
            {
                using SqliteCommand select = SqliteFile.Command(
                    connection, "SELECT samples FROM probes WHERE id = $id AND expires > $now", "$id", "$now");
                select.Parameters[0].Value = caseId;
                select.Parameters[1].Value = now.ToUnixTimeMilliseconds();
                return select.ExecuteScalar() is byte[] bytes ? Decode(bytes) : null;
            },
            cancel);

    public async ValueTask DeleteAsync(string caseId, CancellationToken cancel) =>
        await RunAsync("DELETE FROM probes WHERE id = $value", caseId, cancel);

    public async ValueTask<int> PurgeAsync(DateTimeOffset now, CancellationToken cancel) =>
        await RunAsync("DELETE FROM probes WHERE expires <= $value", now.ToUnixTimeMilliseconds(), cancel);

    public async ValueTask DisposeAsync()
    {
        await guard.WaitAsync();
        await connection.DisposeAsync();
        guard.Dispose();
    }

    internal static byte[] Encode(IReadOnlyList<Sample> samples)
    {
        FrameWriter writer = new(1 + samples.Sum(sample => sample.Template.Length + Limits.IdBytes));
        writer.Byte(Version);
        SampleCodec.WriteAll(writer, samples);
        return writer.ToArray();
    }

    private List<Sample> Decode(byte[] bytes)
    {
        FrameReader reader = new(bytes, 0);
        byte version = reader.Byte("version");
        if (version != Version)
        {
            throw new StoreException($"{path}: found a probe of version {version}, wanted {Version}");
        }

        List<Sample> samples = SampleCodec.ReadAll(ref reader);
        reader.End();
        return reader.Rejection is null ? samples
            : throw new StoreException($"{path}: a probe cannot be read: {reader.Rejection}");
    }

    private Task<int> RunAsync(string sql, object value, CancellationToken cancel) => AloneAsync(
        () =>
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

    private async Task<T> AloneAsync<T>(Func<T> work, CancellationToken cancel)
    {
        await guard.WaitAsync(cancel);
        try
        {
            return await Task.Run(work, cancel);
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
}
