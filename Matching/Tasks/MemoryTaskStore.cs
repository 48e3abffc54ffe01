namespace MatchCluster.Matching.Tasks;

/// <summary>Tasks that end with the process: for a gallery that does so too.</summary>
/// <param name="limits">How much it takes; null for the default.</param>
public sealed class MemoryTaskStore(TaskLimits? limits = null) : ITaskStore
{
    private readonly Lock guard = new();
    private readonly SortedDictionary<string, TaskRecord> tasks = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Partner, string Kind, string Transaction), string> transactions = [];
    private readonly Dictionary<(string Id, int Number), byte[]> parts = [];
    private readonly TaskLimits most = limits ?? TaskLimits.Default;
    private long bytes;

    /// <inheritdoc/>
    public ValueTask<TaskPut> PutAsync(TaskRecord task, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(task);
        lock (guard)
        {
            if (task.Transaction is { } transaction
                && transactions.TryGetValue((task.Partner, task.Kind, transaction), out string? id))
            {
                bool isSame = tasks[id].Digest.Span.SequenceEqual(task.Digest.Span);
                return ValueTask.FromResult(new TaskPut(isSame ? TaskPutOutcome.Same : TaskPutOutcome.Conflict, id));
            }

            if (tasks.Values.Count(one => !TaskStates.IsEnded(one.State)) >= most.Tasks
                || bytes + SizeOf(task) > most.Bytes)
            {
                return ValueTask.FromResult(new TaskPut(TaskPutOutcome.Full, ""));
            }

            if (most.TasksOf(task.Partner) <= tasks.Values.Count(
                    one => one.Partner == task.Partner && !TaskStates.IsEnded(one.State))
                || most.BytesOf(task.Partner) < SizeOf(task)
                    + tasks.Values.Where(one => one.Partner == task.Partner).Sum(WholeSizeOf))
            {
                return ValueTask.FromResult(new TaskPut(TaskPutOutcome.PartnerFull, ""));
            }

            if (task.Transaction is { } unknown)
            {
                transactions[(task.Partner, task.Kind, unknown)] = task.Id;
            }

            tasks[task.Id] = task with
            {
                Request = task.Request.ToArray(),
                Result = task.Result.ToArray(),
                Progress = task.Progress.ToArray(),
            };
            bytes += SizeOf(task);
            return ValueTask.FromResult(new TaskPut(TaskPutOutcome.Created, task.Id));
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<TaskRecord>> ClaimAsync(TaskClaim claim, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(claim);
        lock (guard)
        {
            TaskRecord[] ready =
            [
                .. tasks.Values
                    .Where(task => TaskStates.PhaseOf(task.State) == claim.Phase && claim.Kinds.Contains(task.Kind)
                        && task.Due <= claim.Now && task.LeasedUntil <= claim.Now)
                    .OrderByDescending(task => task.Priority).ThenBy(task => task.Due).Take(claim.Most)
                    .Select(task => task with
                    {
                        Owner = claim.Owner,
                        LeasedUntil = claim.Until,
                        Epoch = task.Epoch + 1,
                        WasTaken = task.Owner is not null,
                    }),
            ];
            foreach (TaskRecord task in ready)
            {
                tasks[task.Id] = task with { WasTaken = false };
            }

            return ValueTask.FromResult<IReadOnlyList<TaskRecord>>(ready);
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> RenewAsync(string id, long epoch, DateTimeOffset until, CancellationToken cancel)
    {
        lock (guard)
        {
            if (Claimed(id, epoch) is not { } task)
            {
                return ValueTask.FromResult(false);
            }

            tasks[id] = task with { LeasedUntil = until };
            return ValueTask.FromResult(true);
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> SaveAsync(
        string id, long epoch, TaskChange change, TaskPart? part, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(change);
        lock (guard)
        {
            if (Claimed(id, epoch) is not { } task)
            {
                return ValueTask.FromResult(false);
            }

            if (part is not null)
            {
                TaskBytes.CheckPart(part, task.Parts);
                bytes += part.Bytes.Length - (parts.GetValueOrDefault((id, part.Number))?.Length ?? 0);
                parts[(id, part.Number)] = part.Bytes.ToArray();
                task = task with { Parts = part.Number + 1 };
            }

            Change(task, change, takesAway: false);
            return ValueTask.FromResult(true);
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> ControlAsync(
        string id, IReadOnlyList<TaskState> from, TaskChange change, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(change);
        lock (guard)
        {
            if (tasks.GetValueOrDefault(id) is not { } task || !from.Contains(task.State))
            {
                return ValueTask.FromResult(false);
            }

            Change(task, change, takesAway: true);
            return ValueTask.FromResult(true);
        }
    }

    /// <inheritdoc/>
    public ValueTask<TaskRecord?> ReadAsync(string id, CancellationToken cancel)
    {
        lock (guard)
        {
            return ValueTask.FromResult(tasks.GetValueOrDefault(id));
        }
    }

    /// <inheritdoc/>
    public async ValueTask<TaskRecord?> ReadNotesAsync(string id, CancellationToken cancel) =>
        await ReadAsync(id, cancel) is { } task ? task with { Request = default, Result = default } : null;

    /// <inheritdoc/>
    public ValueTask<byte[]?> ReadPartAsync(string id, int number, CancellationToken cancel)
    {
        lock (guard)
        {
            return ValueTask.FromResult(parts.GetValueOrDefault((id, number)));
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<TaskRecord>> ListAsync(TaskQuery query, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(query);
        lock (guard)
        {
            return ValueTask.FromResult<IReadOnlyList<TaskRecord>>(
            [
                .. tasks.Values
                    .Where(task => (query.Partner is null || task.Partner == query.Partner)
                        && query.Kinds?.Contains(task.Kind) != false && query.States?.Contains(task.State) != false
                        && string.CompareOrdinal(task.Id, query.After ?? "") > 0)
                    .Take(query.Most)
                    .Select(task => task with { Request = default, Result = default, Progress = default }),
            ]);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<(string Kind, TaskState State), long>> CountAsync(CancellationToken cancel)
    {
        lock (guard)
        {
            return ValueTask.FromResult<IReadOnlyDictionary<(string Kind, TaskState State), long>>(
                tasks.Values.CountBy(task => (task.Kind, task.State))
                    .ToDictionary(count => count.Key, count => (long)count.Value));
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAsync(string id, CancellationToken cancel)
    {
        lock (guard)
        {
            return ValueTask.FromResult(Delete(id));
        }
    }

    /// <inheritdoc/>
    public ValueTask<int> PurgeAsync(DateTimeOffset before, int most, CancellationToken cancel)
    {
        lock (guard)
        {
            string[] old =
            [
                .. tasks.Values.Where(task => TaskStates.IsEnded(task.State) && task.Changed < before).Take(most)
                    .Select(task => task.Id),
            ];
            return ValueTask.FromResult(old.Count(Delete));
        }
    }

    private static long SizeOf(TaskRecord task) =>
        (long)task.Request.Length + task.Result.Length + task.Progress.Length;

    private long WholeSizeOf(TaskRecord task) => SizeOf(task)
        + Enumerable.Range(0, task.Parts).Sum(
            number => (long)(parts.GetValueOrDefault((task.Id, number))?.Length ?? 0));

    private TaskRecord? Claimed(string id, long epoch) =>
        tasks.GetValueOrDefault(id) is { Owner: not null } task && task.Epoch == epoch ? task : null;

    private void Change(TaskRecord task, TaskChange change, bool takesAway)
    {
        bool isFree = takesAway || change.Releases;
        TaskRecord changed = task with
        {
            State = change.State ?? task.State,
            Due = change.Due ?? task.Due,
            Attempts = change.Attempts ?? task.Attempts,
            Priority = change.Priority ?? task.Priority,
            Progress = change.Progress is { } notes ? notes.ToArray() : task.Progress,
            Result = change.Result is { } result ? result.ToArray() : task.Result,
            ResultType = change.ResultType ?? task.ResultType,
            Request = change.ErasesRequest ? default : task.Request,
            Changed = change.Now,
            Owner = isFree ? null : task.Owner,
            LeasedUntil = isFree ? default : task.LeasedUntil,
            Epoch = task.Epoch + (takesAway ? 1 : 0),
        };
        bytes += SizeOf(changed) - SizeOf(task);
        tasks[task.Id] = changed;
    }

    private bool Delete(string id)
    {
        if (!tasks.Remove(id, out TaskRecord? task))
        {
            return false;
        }

        bytes -= SizeOf(task);
        for (int number = 0; number < task.Parts; number++)
        {
            bytes -= parts.Remove((id, number), out byte[]? part) ? part.Length : 0;
        }

        return task.Transaction is null
            || transactions.Remove((task.Partner, task.Kind, task.Transaction));
    }
}
