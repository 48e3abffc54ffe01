using System.Collections.Concurrent;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Storage;
using Microsoft.Data.Sqlite;

namespace MatchCluster.Matching.Audit;

/// <summary>How an audit log is kept.</summary>
/// <param name="Checkpoints">File that signed checkpoints are added to; null takes one beside the log.</param>
/// <param name="Every">Rows between two checkpoints.</param>
public sealed record AuditSettings(string? Checkpoints = null, int Every = AuditSettings.DefaultEvery)
{
    public const int DefaultEvery = 1000;
}

/// <summary>
/// The audit log of a data directory. One thread takes every entry that waits, chains them and writes them in one
/// transaction, so that callers at the same moment share one sync of the disk.
/// </summary>
public sealed class AuditLog : IAsyncDisposable
{
    private sealed record Job(IReadOnlyList<AuditEntry> Entries)
    {
        public TaskCompletionSource<Outage?> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Calls that wait at most; callers are bounded before they come here.</summary>
    private const int MostWaiting = 16 * 1024;

    private static readonly Outage Full = new("too many rows wait for the audit log", MayRetry: true);

    private readonly string path;
    private readonly AuditDatabase database;
    private readonly AuditCheckpointFile checkpoints;
    private readonly TimeProvider clock;
    private readonly BlockingCollection<Job> queue = new(MostWaiting);
    private readonly Thread thread;
    private AuditHead head;
    private volatile bool isWell = true;

    private AuditLog(
        string path, AuditKeys keys, AuditDatabase database, AuditHead head, AuditCheckpointFile checkpoints,
        TimeProvider clock)
    {
        (this.path, this.database, this.head, this.checkpoints) = (path, database, head, checkpoints);
        this.clock = clock;
        Keys = keys;
        thread = new Thread(Run) { Name = "audit log writer", IsBackground = true };
        thread.Start();
    }

    /// <summary>What persons and samples are hashed with.</summary>
    public AuditKeys Keys { get; }

    /// <summary>Opens the log of a data directory, or begins one.</summary>
    /// <exception cref="StoreException">
    /// It cannot be used, its last row was changed, or it does not hold what its checkpoints say.
    /// </exception>
    public static AuditLog Open(string directory, AuditSettings settings, TimeProvider clock)
    {
        PrivateFiles.PrepareDirectory(directory);
        string path = Path.Combine(directory, AuditDatabase.Name);
        AuditKeys keys = AuditKeys.Open(directory);
        AuditDatabase? database = null;
        try
        {
            database = AuditDatabase.Open(path);
            AuditHead head = database.ReadHead(path);
            AuditCheckpointFile checkpoints = new(
                settings.Checkpoints ?? Path.Combine(directory, AuditCheckpointFile.Name), keys.Signing, database.Id,
                settings.Every);
            checkpoints.Check(head);
            return new AuditLog(path, keys, database, head, checkpoints, clock);
        }
        catch
        {
            database?.Dispose();
            keys.Dispose();
            throw;
        }
    }

    /// <summary>Writes entries in their order, next to each other.</summary>
    /// <returns>Null when they are on the disk; otherwise why none of them is.</returns>
    public Task<Outage?> AppendAsync(IReadOnlyList<AuditEntry> entries)
    {
        Job job = new(entries);
        try
        {
            return queue.TryAdd(job) ? job.Done.Task : Task.FromResult<Outage?>(Full);
        }
        catch (InvalidOperationException)
        {
            return Task.FromResult<Outage?>(new Outage("the audit log is closed", MayRetry: true));
        }
    }

    /// <summary>
    /// After a failure, tries whether the log can be written again, before anything is done that could not be recorded.
    /// </summary>
    public Task<Outage?> CheckAsync() => isWell ? Task.FromResult<Outage?>(null) : AppendAsync([]);

    /// <summary>Rows after a number, the oldest first.</summary>
    /// <param name="after">Number of the row before them.</param>
    /// <param name="limit">Rows at most.</param>
    /// <param name="person">Only rows about this person; null takes all.</param>
    /// <exception cref="StoreException">The log cannot be read.</exception>
    public IReadOnlyList<AuditRow> Read(long after, int limit, string? person)
    {
        try
        {
            return [.. AuditDatabase.Read(path, after, person is null ? null : Keys.OfPerson(person)).Take(limit)];
        }
        catch (SqliteException fault)
        {
            throw SqliteFaults.ExceptionOf(fault, path);
        }
    }

    /// <summary>Writes what waits and a last checkpoint, and closes the files.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.CompleteAdding();
        await Task.Run(thread.Join);
        checkpoints.Note(head, clock.GetUtcNow(), isLast: true);
        database.Dispose();
        Keys.Dispose();
        queue.Dispose();
    }

    /// <summary>Runs on the connection that writes; for tests of a full or a read-only store.</summary>
    internal void RunOnDatabase(string sql) => database.Run(sql);

    private void Run()
    {
        List<Job> group = [];
        foreach (Job first in queue.GetConsumingEnumerable())
        {
            group.Add(first);
            while (group.Count < Limits.AppendsPerCommit && queue.TryTake(out Job? next))
            {
                group.Add(next);
            }

            Outage? outage = Write([.. group.SelectMany(job => job.Entries)]);
            group.ForEach(job => job.Done.SetResult(outage));
            group.Clear();
        }
    }

    private Outage? Write(IReadOnlyList<AuditEntry> entries)
    {
        try
        {
            List<AuditRow> rows = new(entries.Count);
            AuditHead last = head;
            foreach (AuditEntry entry in entries)
            {
                AuditRow row = AuditChain.After(last, entry);
                rows.Add(row);
                last = new AuditHead(row.Sequence, row.Hash);
            }

            database.Append(rows);
            head = last;
            isWell = true;
            checkpoints.Note(head, clock.GetUtcNow(), isLast: false);
            return null;
        }
        catch (SqliteException fault)
        {
            isWell = false;
            return SqliteFaults.OutageOf(fault);
        }
        catch (Exception defect)
        {
            // Whatever it is: nobody is answered what is not recorded, and the next ones are tried.
            isWell = false;
            return new Outage($"the audit log failed with {defect.GetType().Name}", MayRetry: true);
        }
    }
}
