using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace MatchCluster.Matching.Storage;

/// <summary>
/// A few reading connections, so that loads run beside each other and beside the writer. Reads do disk work
/// and are therefore run on the thread pool, never on their caller. Each is short, which lets the log be
/// started again.
/// </summary>
internal sealed class SqliteReaders(string path) : IAsyncDisposable
{
    private readonly int connections = Math.Clamp(Environment.ProcessorCount, 2, 16);
    private readonly SemaphoreSlim free = new(Math.Clamp(Environment.ProcessorCount, 2, 16));
    private readonly ConcurrentBag<SqliteReader> idle = [];
    private volatile bool closed;

    /// <summary>What opens sealed records; set once the keys were read.</summary>
    public RecordSeal? Seal { get; set; }

    /// <exception cref="StoreException">The database could not be read.</exception>
    public async Task<T> ReadAsync<T>(Func<SqliteReader, T> read, CancellationToken cancel)
    {
        await free.WaitAsync(cancel);
        try
        {
            ObjectDisposedException.ThrowIf(closed, typeof(SqliteGalleryStore));
            return await Task.Run(() => Read(read), cancel);
        }
        finally
        {
            free.Release();
        }
    }

    /// <summary>Waits for the reads that run and closes every connection; later reads are refused.</summary>
    public async ValueTask DisposeAsync()
    {
        closed = true;
        for (int i = 0; i < connections; i++)
        {
            await free.WaitAsync();
        }

        while (idle.TryTake(out SqliteReader? reader))
        {
            reader.Dispose();
        }

        free.Release(connections);
    }

    private T Read<T>(Func<SqliteReader, T> read)
    {
        SqliteReader? reader = null;
        try
        {
            reader = idle.TryTake(out SqliteReader? open) ? open : new SqliteReader(path);
            reader.Seal = Seal;
            return read(reader);
        }
        catch (SqliteException fault)
        {
            throw SqliteFaults.ExceptionOf(fault, path);
        }
        finally
        {
            if (reader is not null)
            {
                idle.Add(reader);
            }
        }
    }
}
