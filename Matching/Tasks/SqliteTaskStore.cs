using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Storage;
using Microsoft.Data.Sqlite;

namespace MatchCluster.Matching.Tasks;

/// <summary>
/// The tasks of an embedded server, in a SQLite file of their own that its user alone can read. What is erased is
/// overwritten.
/// </summary>
public sealed class SqliteTaskStore : ITaskStore, IAsyncDisposable
{
    public const string Name = "tasks.db";

    private readonly GroupedFile file;
    private readonly TaskCodec codec;
    private readonly TaskLimits limits;

    private SqliteTaskStore(GroupedFile file, TaskCodec codec, TaskLimits limits) =>
        (this.file, this.codec, this.limits) = (file, codec, limits);

    /// <summary>Opens the tasks of a data directory, or makes the file.</summary>
    /// <param name="directory">The directory.</param>
    /// <param name="keys">Keys of the store, which tasks are sealed with; null keeps them in the clear.</param>
    /// <param name="limits">How much it takes; null for the default.</param>
    /// <param name="name">The file.</param>
    /// <exception cref="StoreException">It cannot be used.</exception>
    public static SqliteTaskStore Open(
        string directory, KeyRing? keys = null, TaskLimits? limits = null, string name = Name)
    {
        string path = Path.Combine(directory, name);
        SqliteConnection connection = SqliteSideFile.OpenWriter(path, TaskRows.Prepare);
        return new SqliteTaskStore(
            new GroupedFile(new SqliteSideFile(connection, path)), new TaskCodec(keys, path),
            limits ?? TaskLimits.Default);
    }

    /// <inheritdoc/>
    public async ValueTask<TaskPut> PutAsync(TaskRecord task, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(task);
        TaskBytes kept = TaskBytes.Of(codec, task);
        return await file.RunAsync(connection => Put(connection, task, kept), cancel);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<TaskRecord>> ClaimAsync(TaskClaim claim, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(claim);
        return TaskBytes.Readable(codec, await file.RunAsync(connection => TaskRows.Claim(connection, claim), cancel));
    }

    /// <inheritdoc/>
    public async ValueTask<bool> RenewAsync(string id, long epoch, DateTimeOffset until, CancellationToken cancel) =>
        await file.RunAsync(
            connection => TaskRows.Run(
                connection, "UPDATE tasks SET until = $0 WHERE id = $1 AND epoch = $2 AND owner IS NOT NULL",
                until.ToUnixTimeMilliseconds(), id, epoch) == 1,
            cancel);

    /// <inheritdoc/>
    public async ValueTask<bool> SaveAsync(
        string id, long epoch, TaskChange change, TaskPart? part, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(change);
        return await file.RunAsync(
            connection =>
            {
                if (TaskRows.Head(connection, id) is not { } task || task.Epoch != epoch || task.Owner is null)
                {
                    return false;
                }

                if (part is not null)
                {
                    TaskBytes.CheckPart(part, task.Parts);
                    byte[] kept = codec.Encode(id, TaskBytes.PartName(part.Number), part.Bytes.Span);
                    TaskRows.AddPart(connection, id, part.Number, kept);
                }

                TaskRows.Change(connection, task, change, TaskBytes.Of(codec, id, change), takesAway: false);
                return true;
            },
            cancel);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> ControlAsync(
        string id, IReadOnlyList<TaskState> from, TaskChange change, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(change);
        return await file.RunAsync(
            connection =>
            {
                if (TaskRows.Head(connection, id) is not { } task || !from.Contains(task.State))
                {
                    return false;
                }

                TaskRows.Change(connection, task, change, TaskBytes.Of(codec, id, change), takesAway: true);
                return true;
            },
            cancel);
    }

    /// <inheritdoc/>
    public async ValueTask<TaskRecord?> ReadAsync(string id, CancellationToken cancel) =>
        Decoded(await file.RunAsync(connection => TaskRows.Whole(connection, id), cancel)) is [var task] ? task : null;

    /// <inheritdoc/>
    public async ValueTask<TaskRecord?> ReadNotesAsync(string id, CancellationToken cancel) =>
        Decoded(await file.RunAsync(connection => TaskRows.Notes(connection, id), cancel)) is [var task] ? task : null;

    /// <inheritdoc/>
    public async ValueTask<byte[]?> ReadPartAsync(string id, int number, CancellationToken cancel)
    {
        byte[]? kept = await file.RunAsync(connection => TaskRows.Part(connection, id, number), cancel);
        return kept is null ? null : codec.Decode(id, TaskBytes.PartName(number), kept);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<TaskRecord>> ListAsync(TaskQuery query, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(query);
        return await file.RunAsync(connection => TaskRows.List(connection, query), cancel);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyDictionary<(string Kind, TaskState State), long>> CountAsync(
        CancellationToken cancel) => await file.RunAsync(TaskRows.Count, cancel);

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteAsync(string id, CancellationToken cancel) =>
        await file.RunAsync(connection => TaskRows.Delete(connection, id), cancel);

    /// <inheritdoc/>
    public async ValueTask<int> PurgeAsync(DateTimeOffset before, int most, CancellationToken cancel) =>
        await file.RunAsync(connection => TaskRows.Purge(connection, before, most), cancel);

    public ValueTask DisposeAsync() => file.DisposeAsync();

    private TaskPut Put(SqliteConnection connection, TaskRecord task, TaskBytes kept)
    {
        if (task.Transaction is not null && TaskRows.Earlier(connection, task) is { } earlier)
        {
            return new TaskPut(
                earlier.Digest.Span.SequenceEqual(task.Digest.Span) ? TaskPutOutcome.Same : TaskPutOutcome.Conflict,
                earlier.Id);
        }

        (long tasks, long bytes) = TaskRows.Totals(connection);
        if (tasks >= limits.Tasks || bytes + kept.Request!.Length + kept.Result!.Length > limits.Bytes)
        {
            return new TaskPut(TaskPutOutcome.Full, "");
        }

        if (limits.TasksOf(task.Partner) is { } most)
        {
            (tasks, bytes) = TaskShares.Of(connection, task.Partner);
            if (tasks >= most || bytes + kept.Request.Length + kept.Result.Length > limits.BytesOf(task.Partner))
            {
                return new TaskPut(TaskPutOutcome.PartnerFull, "");
            }
        }

        TaskRows.Insert(connection, task, kept);
        return new TaskPut(TaskPutOutcome.Created, task.Id);
    }

    private IReadOnlyList<TaskRecord> Decoded(IReadOnlyList<TaskRecord> tasks) =>
        [.. tasks.Select(task => TaskBytes.Decoded(codec, task))];
}
