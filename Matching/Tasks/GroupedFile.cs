using MatchCluster.Matching.Storage;
using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace MatchCluster.Matching.Tasks;

/// <summary>
/// Work at a small SQLite file that many ask for at a time: what waits together becomes one transaction with one sync
/// of the disk. A fault of one undoes the transaction, and each of its jobs is then done alone.
/// </summary>
internal sealed class GroupedFile(SqliteSideFile file) : IAsyncDisposable
{
    private const int MostTogether = 256;

    private readonly Lock guard = new();
    private List<Job> waiting = [];
    private bool isBusy;

    /// <summary>Does something in a transaction; on the disk when this ends.</summary>
    /// <exception cref="StoreException">SQLite refused it.</exception>
    public async Task<T> RunAsync<T>(Func<SqliteConnection, T> work, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        Job<T> job = new(work);
        bool isFirst;
        lock (guard)
        {
            waiting.Add(job);
            isFirst = !isBusy;
            isBusy = true;
        }

        if (isFirst)
        {
            _ = DrainAsync();
        }

        return await job.Answered;
    }

    public ValueTask DisposeAsync() => file.DisposeAsync();

    private async Task DrainAsync()
    {
        while (true)
        {
            List<Job> group;
            lock (guard)
            {
                if (waiting.Count == 0)
                {
                    isBusy = false;
                    return;
                }

                int count = Math.Min(waiting.Count, MostTogether);
                group = waiting[..count];
                waiting = waiting[count..];
            }

            if (await TryAsync(group) is { } fault)
            {
                foreach (Job job in group)
                {
                    if ((group.Count == 1 ? fault : await TryAsync([job])) is { } own)
                    {
                        job.Throw(own);
                    }
                }
            }
        }
    }

    private async Task<Exception?> TryAsync(List<Job> group)
    {
        try
        {
            await file.RunAsync(connection => Commit(connection, group), CancellationToken.None);
        }
        catch (Exception fault)
        {
            return fault;
        }

        group.ForEach(job => job.Answer());
        return null;
    }

    private static int Commit(SqliteConnection connection, List<Job> group)
    {
        SqliteFile.Run(connection, "BEGIN IMMEDIATE");
        try
        {
            group.ForEach(job => job.Do(connection));
            SqliteFile.Run(connection, "COMMIT");
            return group.Count;
        }
        catch
        {
            // SQLite may have undone it already.
            if (sqlite3_get_autocommit(connection.Handle) == 0)
            {
                SqliteFile.Run(connection, "ROLLBACK");
            }

            throw;
        }
    }

    private abstract class Job
    {
        public abstract void Do(SqliteConnection connection);

        public abstract void Answer();

        public abstract void Throw(Exception fault);
    }

    private sealed class Job<T>(Func<SqliteConnection, T> work) : Job
    {
        private readonly TaskCompletionSource<T> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? done;

        public Task<T> Answered => answer.Task;

        public override void Do(SqliteConnection connection) => done = work(connection);

        public override void Answer() => answer.TrySetResult(done!);

        public override void Throw(Exception fault) => answer.TrySetException(fault);
    }
}
