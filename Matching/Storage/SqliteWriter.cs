using System.Diagnostics;
using MatchCluster.Matching.Model;
using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace MatchCluster.Matching.Storage;

/// <summary>
/// Group commit: one thread takes everything that waits, applies it in one transaction, each append inside a
/// savepoint of its own, syncs the disk once and then answers all. The disk's sync costs as much for one
/// append as for a thousand, so throughput grows with the number of callers.
/// </summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    private readonly SqliteSession session;
    /// <summary>How long an erasure waits for readers before it is put off.</summary>
    private static readonly TimeSpan ErasurePatience = TimeSpan.FromMilliseconds(200);

    /// <summary>An erasure that was put off is tried again after so long.</summary>
    private static readonly TimeSpan EraseAgain = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// The shortest time between two erasures, so that not every one of a stream of deletes pays for its own.
    /// </summary>
    private static readonly TimeSpan BetweenErasures = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan LogPatience = TimeSpan.FromSeconds(5);

    private readonly SqliteQueue queue = new();
    private readonly GalleryHead head;
    private readonly string logPath;
    private readonly TaskCompletionSource stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long commits;
    private long logBound = Limits.WriteAheadLogBytes;
    private bool erasureWaits;
    private long erasureTried;

    public SqliteWriter(SqliteConnection connection, string path, GalleryHead head, SqliteFeed? feed = null)
    {
        this.head = head;
        session = new SqliteSession(connection, feed);
        logPath = path + "-wal";
        Thread thread = new(Run) { Name = "gallery store writer", IsBackground = true };
        thread.Start();
    }

    /// <summary>Transactions committed so far.</summary>
    public long Commits => Interlocked.Read(ref commits);

    /// <summary>Runs the work in the next group.</summary>
    /// <exception cref="OperationCanceledException">The token fired before the group began.</exception>
    public Task<T> RunAsync<T>(
        Func<SqliteSession, T> work, Func<Outage, T> failed, long bytes, CancellationToken cancel) =>
        QueueAsync(new SqliteJob<T>(work, failed) { Bytes = bytes }, failed, cancel);

    /// <summary>Runs maintenance between two groups, outside a transaction.</summary>
    public Task<T> RunAloneAsync<T>(
        Func<SqliteSession, T> work, Func<Outage, T> failed, CancellationToken cancel) =>
        QueueAsync(new SqliteJob<T>(work, failed) { RunsAlone = true }, failed, cancel);

    /// <summary>Writes what waits, empties the log into the database and closes the connection.</summary>
    public ValueTask DisposeAsync()
    {
        queue.Close();
        return new ValueTask(stopped.Task);
    }

    private Task<T> QueueAsync<T>(SqliteJob<T> job, Func<Outage, T> failed, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        job.WithdrawOn(cancel);
        return queue.Offer(job) is { } full ? Task.FromResult(failed(full)) : job.Answered;
    }

    /// <summary>
    /// Whatever goes wrong in a round is the answer of those who wait in it, and the thread goes on: who writes later
    /// would otherwise wait for ever.
    /// </summary>
    private void Run()
    {
        List<SqliteJob> group = new(Limits.AppendsPerCommit);
        while (queue.Take(group, erasureWaits ? EraseAgain : Timeout.InfiniteTimeSpan))
        {
            try
            {
                RunAndAnswer(group);
                BoundLog();
                EraseAfter(EraseAgain);
            }
            catch (Exception bug)
            {
                group.ForEach(job => job.Throw(bug));
            }

            group.Clear();
        }

        Close();
    }

    private void RunAndAnswer(List<SqliteJob> group)
    {
        if (group.Count == 0)
        {
            return;
        }

        try
        {
            RunGroup(group);
        }
        catch (SqliteException full) when (full.SqliteErrorCode == SQLITE_FULL && group.Count > 1)
        {
            // SQLite has undone the whole transaction. One by one, what fits is written and only the rest
            // fails.
            TryRollBack();
            group.ForEach(job => RunAndAnswer([job]));
            return;
        }
        catch (SqliteException fault)
        {
            TryRollBack();
            FailAll(group, SqliteFaults.OutageOf(fault));
            return;
        }
        catch (OutOfMemoryException) when (session.InTransaction)
        {
            // Not committed, and undone now.
            TryRollBack();
            FailAll(group, SqliteFaults.NoMemory);
            return;
        }
        catch (Exception bug)
        {
            TryRollBack();
            group.ForEach(job => job.Throw(bug));
            return;
        }

        group.ForEach(job => job.Answer());
    }

    private void RunGroup(List<SqliteJob> group)
    {
        if (group[0].RunsAlone)
        {
            session.RollBack();
            group[0].Run(session);
            return;
        }

        session.Begin();
        foreach (SqliteJob job in group)
        {
            RunInSavepoint(job);
        }

        long number = session.CountCommit();
        session.Commit();
        head.Note(number);
        Interlocked.Increment(ref commits);
        if (session.HasErased)
        {
            // Before the answer, where no reader is in the way: a caller that deleted a person may then look
            // for it in vain.
            erasureWaits = true;
            EraseAfter(BetweenErasures);
        }
    }

    /// <summary>
    /// What was deleted or replaced is overwritten in the database (secure_delete), but the log still has the pages
    /// from before. Moving the log into the database and cutting it off ends that.
    /// </summary>
    /// <param name="pause">Time that must have passed since the last try.</param>
    private void EraseAfter(TimeSpan pause)
    {
        if (erasureWaits && (erasureTried == 0 || Stopwatch.GetElapsedTime(erasureTried) >= pause))
        {
            erasureTried = Stopwatch.GetTimestamp();
            erasureWaits = !TryEmptyLog(ErasurePatience);
        }
    }

    /// <summary>
    /// Runs a job in a savepoint. One that fails is undone and the rest of its group goes on. An error that
    /// ended the transaction itself goes to the whole group.
    /// </summary>
    private void RunInSavepoint(SqliteJob job)
    {
        session.SetSavepoint();
        try
        {
            job.Run(session);
            session.ReleaseSavepoint();
        }
        catch (SqliteException fault) when (session.InTransaction)
        {
            session.UndoToSavepoint();
            job.Fail(SqliteFaults.OutageOf(fault));
        }
    }

    private void TryRollBack()
    {
        try
        {
            session.RollBack();
        }
        catch (Exception)
        {
            // The next Begin tries again; until then every group fails with that error.
        }
    }

    private static void FailAll(List<SqliteJob> group, Outage outage)
    {
        foreach (SqliteJob job in group)
        {
            job.Fail(outage);
            job.Answer();
        }
    }

    /// <summary>
    /// SQLite starts its log again from the beginning only at a moment without readers. Where overlapping
    /// reads keep that moment away, writing waits for them here, for a few seconds at most and then not
    /// before the log has grown as much again. The commits are durable already, so a failure costs disk space
    /// only.
    /// </summary>
    private void BoundLog()
    {
        if (LogBytes() > logBound)
        {
            TryEmptyLog(LogPatience);
            logBound = LogBytes() + Limits.WriteAheadLogBytes;
        }
    }

    private long LogBytes()
    {
        FileInfo log = new(logPath);
        return log.Exists ? log.Length : 0;
    }

    private bool TryEmptyLog(TimeSpan patience)
    {
        try
        {
            return SqliteFile.EmptyLog(session.Connection, patience);
        }
        catch (SqliteException)
        {
            // What the log holds is safe and read at the next opening.
            return false;
        }
    }

    private void Close()
    {
        try
        {
            TryEmptyLog(LogPatience);
            session.Dispose();
            head.Dispose();
        }
        finally
        {
            stopped.SetResult();
        }
    }
}
