namespace MatchCluster.Matching.Tasks;

/// <summary>
/// Where tasks are kept, durable, for all processes that use the same store. A worker claims a task for a time and
/// with a number, its epoch; who claims it later has a higher one, and from then on the store refuses what the earlier
/// worker writes.
/// </summary>
/// <remarks>
/// Times come from the callers. Where several processes share a store their clocks agree to much less than a lease; a
/// clock that is wrong lets work begin too early or too late, and never lets two workers write.
/// Every method throws <see cref="Storage.StoreException"/> where the store cannot be used.
/// </remarks>
public interface ITaskStore
{
    /// <summary>Keeps a task; done means durable. A transaction that is known changes nothing.</summary>
    ValueTask<TaskPut> PutAsync(TaskRecord task, CancellationToken cancel);

    /// <summary>
    /// Claims tasks that are due and that nobody has: the highest priority first, then whoever is due longest. A lease
    /// that has ended counts as nobody's.
    /// </summary>
    /// <returns>The tasks with their new epoch; none where there are none.</returns>
    ValueTask<IReadOnlyList<TaskRecord>> ClaimAsync(TaskClaim claim, CancellationToken cancel);

    /// <summary>Keeps a claim for longer.</summary>
    /// <returns>False where somebody else has the task, or it is gone.</returns>
    ValueTask<bool> RenewAsync(string id, long epoch, DateTimeOffset until, CancellationToken cancel);

    /// <summary>Changes a task that was claimed, and adds a part of its result: both or nothing.</summary>
    /// <returns>False where somebody else has the task, or it is gone: nothing was changed.</returns>
    /// <exception cref="ArgumentException">The part is not the next one.</exception>
    ValueTask<bool> SaveAsync(
        string id, long epoch, TaskChange change, TaskPart? part, CancellationToken cancel);

    /// <summary>
    /// Changes a task that is in one of some states, whoever works at it: who does loses it.
    /// </summary>
    /// <returns>False where it is in none of them, or is gone: nothing was changed.</returns>
    ValueTask<bool> ControlAsync(
        string id, IReadOnlyList<TaskState> from, TaskChange change, CancellationToken cancel);

    /// <summary>The task; null where there is none.</summary>
    ValueTask<TaskRecord?> ReadAsync(string id, CancellationToken cancel);

    /// <summary>
    /// The task with its notes and without what is asked and answered, which may be long; null where there is none.
    /// </summary>
    ValueTask<TaskRecord?> ReadNotesAsync(string id, CancellationToken cancel);

    /// <summary>A part of a result; null where there is none of the number.</summary>
    ValueTask<byte[]?> ReadPartAsync(string id, int number, CancellationToken cancel);

    /// <summary>Tasks in the order of their ids, without what is asked, noted and answered.</summary>
    ValueTask<IReadOnlyList<TaskRecord>> ListAsync(TaskQuery query, CancellationToken cancel);

    /// <summary>How many tasks there are, by kind and state.</summary>
    ValueTask<IReadOnlyDictionary<(string Kind, TaskState State), long>> CountAsync(CancellationToken cancel);

    /// <summary>Deletes a task with all that it has.</summary>
    /// <returns>False where there is none.</returns>
    ValueTask<bool> DeleteAsync(string id, CancellationToken cancel);

    /// <summary>Deletes tasks that have ended and did not change since a time.</summary>
    /// <returns>How many were deleted; some may be left where it is <paramref name="most"/>.</returns>
    ValueTask<int> PurgeAsync(DateTimeOffset before, int most, CancellationToken cancel);
}

/// <summary>How much a store takes.</summary>
/// <param name="Tasks">Tasks that have not ended.</param>
/// <param name="Bytes">Bytes of all tasks, also of those that have ended.</param>
public sealed record TaskLimits(long Tasks, long Bytes)
{
    /// <summary>
    /// Percent of both that one partner may take, 1..100, so that a flood of one leaves room for the others. It does
    /// not limit tasks without a partner: then there is only one.
    /// </summary>
    public int PartnerPercent { get; init; } = 100;

    public static TaskLimits Default { get; } = new(100_000, 16L << 30) { PartnerPercent = 25 };

    /// <summary>Tasks of one partner that have not ended; null where that is not limited.</summary>
    public long? TasksOf(string partner) => ShareOf(partner, Tasks);

    /// <summary>Bytes of all tasks of one partner; null where that is not limited.</summary>
    public long? BytesOf(string partner) => ShareOf(partner, Bytes);

    private long? ShareOf(string partner, long all) => string.IsNullOrEmpty(partner) || PartnerPercent >= 100
        ? null : Math.Max(1, (long)((decimal)all * PartnerPercent / 100));
}

public enum TaskPutOutcome
{
    /// <summary>It is kept.</summary>
    Created = 0,

    /// <summary>The same request of this transaction was kept earlier.</summary>
    Same = 1,

    /// <summary>Another request of this transaction was kept earlier.</summary>
    Conflict = 2,

    /// <summary>The store has as many tasks or bytes as it takes.</summary>
    Full = 3,

    /// <summary>The partner has as many tasks or bytes as the store takes of one.</summary>
    PartnerFull = 4,
}

/// <param name="Outcome">What became of it.</param>
/// <param name="Id">The task of this transaction; empty where it was not taken.</param>
public sealed record TaskPut(TaskPutOutcome Outcome, string Id);

/// <param name="Phase">What the worker does.</param>
/// <param name="Kinds">What kinds it takes.</param>
/// <param name="Owner">Who it is.</param>
/// <param name="Now">Now.</param>
/// <param name="Until">When its lease ends.</param>
/// <param name="Most">How many it takes at most.</param>
public sealed record TaskClaim(
    TaskPhase Phase, IReadOnlyList<string> Kinds, string Owner, DateTimeOffset Now, DateTimeOffset Until, int Most = 1);

/// <summary>What changes of a task; what is null stays as it is.</summary>
/// <param name="Now">Now.</param>
public sealed record TaskChange(DateTimeOffset Now)
{
    public TaskState? State { get; init; }

    public DateTimeOffset? Due { get; init; }

    public int? Attempts { get; init; }

    public int? Priority { get; init; }

    public ReadOnlyMemory<byte>? Progress { get; init; }

    /// <summary>Empty bytes erase it.</summary>
    public ReadOnlyMemory<byte>? Result { get; init; }

    public string? ResultType { get; init; }

    /// <summary>Whether what was asked is erased.</summary>
    public bool ErasesRequest { get; init; }

    /// <summary>Whether the claim ends with this; otherwise the worker keeps it.</summary>
    public bool Releases { get; init; }
}

/// <summary>
/// One part of a long result. Its number is the count of those before it; the last part may be written once more.
/// </summary>
public sealed record TaskPart(int Number, ReadOnlyMemory<byte> Bytes);

/// <param name="Partner">Whose tasks; null for everybody's.</param>
/// <param name="Kinds">The kinds that are meant; null for all.</param>
/// <param name="States">The states that are meant; null for all.</param>
/// <param name="After">The id that the list goes on after; null for its beginning.</param>
/// <param name="Most">How many at most.</param>
public sealed record TaskQuery(
    string? Partner = null, IReadOnlyList<string>? Kinds = null, IReadOnlyList<TaskState>? States = null,
    string? After = null, int Most = 100);
