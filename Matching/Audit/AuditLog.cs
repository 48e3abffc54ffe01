using System.Collections.Concurrent;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Audit;

/// <summary>How an audit log is kept.</summary>
/// <param name="Checkpoints">File that signed checkpoints are added to; null takes one beside the keys.</param>
/// <param name="Every">Rows between two checkpoints.</param>
public sealed record AuditSettings(string? Checkpoints = null, int Every = AuditSettings.DefaultEvery)
{
    public const int DefaultEvery = 1000;

    /// <summary>Where the keys lie; null takes the data directory.</summary>
    public AuditKeyFiles? Keys { get; init; }

    /// <summary>Name of this front end in its rows, where several write to the log.</summary>
    public string? Server { get; init; }
}

/// <summary>
/// An audit log that this process writes to, alone or with others. One thread takes every entry that waits, chains them
/// and writes them at once, so that callers at the same moment share one sync of the disk.
/// </summary>
public sealed class AuditLog : IAsyncDisposable
{
    private sealed record Job(IReadOnlyList<AuditDraft> Entries)
    {
        public TaskCompletionSource<Outage?> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Calls that wait at most; callers are bounded before they come here.</summary>
    private const int MostWaiting = 16 * 1024;

    /// <summary>Front ends are few: one that is last this often meets something else.</summary>
    private const int MostAttempts = 200;

    private static readonly Outage Full = new("too many rows wait for the audit log", MayRetry: true);

    private readonly IAuditStore store;
    private readonly AuditCheckpointFile checkpoints;
    private readonly TimeProvider clock;
    private readonly string? server;
    private readonly BlockingCollection<Job> queue = new(MostWaiting);
    private readonly Thread thread;
    private AuditHead head;
    private long written;
    private Outage? lost;
    private volatile bool isWell = true;

    private AuditLog(
        AuditKeys keys, IAuditStore store, AuditHead head, AuditCheckpointFile checkpoints, string? server,
        TimeProvider clock)
    {
        (this.store, this.head, this.checkpoints, this.server) = (store, head, checkpoints, server);
        this.clock = clock;
        Keys = keys;
        written = head.Sequence;
        thread = new Thread(Run) { Name = "audit log writer", IsBackground = true };
        thread.Start();
    }

    /// <summary>What persons and samples are hashed with.</summary>
    public AuditKeys Keys { get; }

    /// <summary>Why the last checkpoint could not be written; null where it was.</summary>
    public string? CheckpointFailure => checkpoints.Failure;

    /// <summary>Whether the last rows could be written.</summary>
    public bool IsWell => isWell;

    /// <summary>Rows after the last checkpoint of this process: their end can be cut off unseen.</summary>
    public long Unsigned => Math.Max(0, Interlocked.Read(ref written) - checkpoints.Signed);

    /// <summary>Opens the log of a data directory, or begins one.</summary>
    /// <exception cref="StoreException">
    /// It cannot be used, its last row was changed, or it does not hold what its checkpoints say.
    /// </exception>
    public static async ValueTask<AuditLog> OpenAsync(
        string directory, AuditSettings settings, TimeProvider clock, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(settings);
        PrivateFiles.PrepareDirectory(directory);
        AuditKeys keys = AuditKeys.Open(settings.Keys ?? AuditKeys.FilesOf(directory), mayMake: true);
        AuditDatabase? database = null;
        try
        {
            database = AuditDatabase.Open(Path.Combine(directory, AuditDatabase.FileName));
            AuditHead head = await database.ReadHeadAsync(cancel);
            return await OpenAsync(
                database, keys, head, settings with
                {
                    Checkpoints = settings.Checkpoints ?? Path.Combine(directory, AuditCheckpointFile.Name),
                },
                clock);
        }
        catch
        {
            keys.Dispose();
            if (database is not null)
            {
                await database.DisposeAsync();
            }

            throw;
        }
    }

    /// <summary>
    /// Opens a log that several processes write to, or begins it with a row that names its keys. All of them have the
    /// same.
    /// </summary>
    /// <param name="store">Where the rows lie; it is closed with the log.</param>
    /// <param name="settings">How it is kept; the files of the keys are named.</param>
    /// <param name="clock">Times of checkpoints.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="StoreException">
    /// It cannot be used, has other keys, or does not hold what the checkpoints say.
    /// </exception>
    public static async ValueTask<AuditLog> OpenSharedAsync(
        IAuditStore store, AuditSettings settings, TimeProvider clock, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(clock);
        AuditKeyFiles files = settings.Keys ?? throw new ArgumentException("the keys of a shared log are named");
        AuditKeys? keys = null;
        try
        {
            AuditHead head = await store.ReadHeadAsync(cancel);
            keys = AuditKeys.Open(files, mayMake: head.Sequence == 0);
            head = await AuditBeginning.CheckAsync(store, head, keys, settings.Server, clock);
            return await OpenAsync(
                store, keys, head, settings with
                {
                    Checkpoints = settings.Checkpoints ?? Path.Combine(
                        Path.GetDirectoryName(Path.GetFullPath(files.Signing))!, AuditCheckpointFile.Name),
                },
                clock);
        }
        catch
        {
            keys?.Dispose();
            await store.DisposeAsync();
            throw;
        }
    }

    private static async ValueTask<AuditLog> OpenAsync(
        IAuditStore store, AuditKeys keys, AuditHead head, AuditSettings settings, TimeProvider clock)
    {
        await CheckLastAsync(store, head);
        AuditCheckpointFile checkpoints = new(settings.Checkpoints!, keys.Signing, store.Id, settings.Every);
        await checkpoints.CheckAsync(head, sequence => RowAsync(store, sequence));
        return new AuditLog(keys, store, head, checkpoints, settings.Server, clock);
    }

    /// <summary>The bytes of the last row must have its hash, or nothing can be chained to it.</summary>
    private static async ValueTask CheckLastAsync(IAuditStore store, AuditHead head)
    {
        if (head.Sequence > 0 && (await RowAsync(store, head.Sequence) is not { } row
            || row.Sequence != head.Sequence || row.Hash != head.Hash || AuditChain.HashOf(row.Json) != row.Hash))
        {
            throw new StoreException(
                $"{store.Name}: row {head.Sequence}, the last one, was changed; 'audit verify' says what else was");
        }
    }

    private static ValueTask<AuditRow?> RowAsync(IAuditStore store, long sequence) =>
        store.ReadAsync(sequence - 1, about: null).FirstOrDefaultAsync();

    /// <summary>Writes entries in their order, next to each other.</summary>
    /// <returns>Null when they are on the disk; otherwise why none of them is.</returns>
    public Task<Outage?> AppendAsync(IReadOnlyList<AuditEntry> entries)
    {
        Job job = new([.. entries.Select(entry => new AuditDraft(entry with { Server = server }))]);
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

    /// <summary>Rows of a query, the oldest first.</summary>
    /// <param name="query">Which rows.</param>
    /// <param name="limit">Rows at most.</param>
    /// <param name="cancel">Ends it early.</param>
    /// <exception cref="StoreException">The log cannot be read.</exception>
    public async ValueTask<List<AuditRow>> ReadAsync(AuditQuery query, int limit, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        AuditHead last = await store.ReadHeadAsync(cancel);
        string? about = query.Person is null ? null : Keys.OfPerson(query.Person);
        return await AuditRows.ReadAsync(store, query, about, last, cancel).Take(limit).ToListAsync(cancel);
    }

    /// <summary>Rows of a query with a signed manifest, line by line (<see cref="AuditExport"/>).</summary>
    /// <exception cref="StoreException">The log cannot be read.</exception>
    public IAsyncEnumerable<byte[]> ExportAsync(AuditQuery query, CancellationToken cancel) =>
        AuditExport.LinesAsync(store, Keys, query, clock.GetUtcNow(), cancel);

    /// <summary>Writes what waits and a last checkpoint, and closes the files.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.CompleteAdding();
        await Task.Run(thread.Join);
        checkpoints.Note(head, clock.GetUtcNow(), isLast: true);
        await store.DisposeAsync();
        Keys.Dispose();
        queue.Dispose();
    }

    /// <summary>Runs on the connection that writes; for tests of a full or a read-only store.</summary>
    internal void RunOnDatabase(string sql) => ((AuditDatabase)store).Run(sql);

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

    private Outage? Write(IReadOnlyList<AuditDraft> drafts)
    {
        try
        {
            Outage? outage = lost ?? Append(drafts);
            isWell = outage is null;
            return outage;
        }
        catch (Exception defect)
        {
            // Whatever it is: nobody is answered what is not recorded, and the next ones are tried.
            isWell = false;
            return new Outage($"the audit log failed with {defect.GetType().Name}", MayRetry: true);
        }
    }

    /// <summary>Follows the last row, whoever wrote it; where somebody was faster, the one after that.</summary>
    private Outage? Append(IReadOnlyList<AuditDraft> drafts)
    {
        for (int attempt = 0; attempt < MostAttempts; attempt++)
        {
            List<AuditRow> rows = AuditChain.After(head, drafts);

            // This thread is the log's own: it has nothing else to do than to wait.
            AuditAppend append = store.AppendAsync(head, rows).AsTask().GetAwaiter().GetResult();
            if (append.Lost is { } last)
            {
                return lost = new Outage(
                    $"rows of the audit log were lost: it ends with row {last.Sequence}, and row {head.Sequence} that "
                    + "this server knows is not in it; restore it, or verify what is left and start the server again",
                    MayRetry: false);
            }

            if (append.Moved is { } moved)
            {
                head = moved;
                continue;
            }

            if (append.Outage is null && rows.Count > 0)
            {
                head = new AuditHead(rows[^1].Sequence, rows[^1].Hash);
                Interlocked.Exchange(ref written, head.Sequence);
                checkpoints.Note(head, clock.GetUtcNow(), isLast: false);
            }

            return append.Outage;
        }

        return new Outage($"other front ends wrote first {MostAttempts} times", MayRetry: true);
    }
}
