using System.Globalization;
using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Tasks;
using StackExchange.Redis;

namespace MatchCluster.Grains.Redis;

/// <summary>
/// The tasks of a cluster, which every front end takes in and works at. Redis itself says who has a task; a write that
/// was answered is as durable as the server's append-only file makes it.
/// </summary>
/// <remarks>
/// What is erased is still in the append-only file until Redis rewrites that; where the cluster is encrypted it is
/// useless without the key of the store.
/// </remarks>
public sealed class RedisTaskStore : ITaskStore
{
    private static readonly RedisValue[] HeadFields =
    [
        "kind", "partner", "tx", "digest", "state", "priority", "due", "attempts", "owner", "until", "epoch",
        "created", "changed", "type", "parts",
    ];

    private static readonly RedisValue[] AllFields = [.. HeadFields, "request", "result", "progress"];

    /// <summary>In the places of request and result stands a field that no task has.</summary>
    private static readonly RedisValue[] NotesFields = [.. HeadFields, "", "", "progress"];

    private readonly RedisSession session;
    private readonly TaskCodec codec;
    private readonly TaskLimits limits;
    private readonly RedisKey[] keys;

    /// <param name="redis">Stays the caller's: the store does not close it.</param>
    /// <param name="name">The name of the gallery store.</param>
    /// <param name="options">How long Redis is waited for.</param>
    /// <param name="ring">Keys of the store, which tasks are sealed with; null keeps them in the clear.</param>
    /// <param name="limits">How much it takes; null for the default.</param>
    public RedisTaskStore(
        IConnectionMultiplexer redis, string name, RedisStoreOptions options, KeyRing? ring = null,
        TaskLimits? limits = null)
    {
        session = new RedisSession(redis, new RedisKeys(name), options);
        codec = new TaskCodec(ring, session.Keys.ToString());
        this.limits = limits ?? TaskLimits.Default;
        keys = [session.Keys.Tasks];
    }

    /// <inheritdoc/>
    public async ValueTask<TaskPut> PutAsync(TaskRecord task, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(task);
        TaskBytes kept = TaskBytes.Of(codec, task);
        RedisValue[] arguments =
        [
            limits.Tasks, limits.Bytes, task.Id, task.Kind, task.Partner, task.Transaction is null ? "0" : "1",
            task.Transaction ?? "", task.Digest,
            limits.TasksOf(task.Partner) ?? RedisValue.EmptyString,
            limits.BytesOf(task.Partner) ?? RedisValue.EmptyString,
            "state", (int)task.State, "priority", task.Priority, "due", Of(task.Due), "attempts", task.Attempts,
            "owner", "", "until", 0, "epoch", 0, "created", Of(task.Created), "changed", Of(task.Changed),
            "type", task.ResultType ?? "", "parts", 0, "request", kept.Request!, "result", kept.Result!,
            "progress", kept.Progress!,
            "size", kept.Request!.LongLength + kept.Result!.Length + kept.Progress!.Length,
        ];
        RedisResult[] answer = (RedisResult[])(await RunAsync(RedisTaskScripts.Put, arguments, cancel))!;
        return new TaskPut((TaskPutOutcome)(int)answer[0], (string)answer[1]!);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<TaskRecord>> ClaimAsync(TaskClaim claim, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(claim);
        RedisValue[] arguments =
        [
            claim.Phase == TaskPhase.Execute ? "w" : "d", Of(claim.Now), Of(claim.Until), claim.Owner, claim.Most,
            .. claim.Kinds.Select(kind => (RedisValue)kind),
        ];
        string[] answer = (string[])(await RunAsync(RedisTaskScripts.Claim, arguments, cancel))!;
        List<TaskRecord> claimed = [];
        foreach (string[] one in answer.Chunk(2))
        {
            if (await ReadAsync(one[0], AllFields, cancel) is { } task && task.Owner == claim.Owner)
            {
                claimed.Add(task with { WasTaken = one[1] == "1" });
            }
        }

        return TaskBytes.Readable(codec, claimed);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> RenewAsync(string id, long epoch, DateTimeOffset until, CancellationToken cancel) =>
        (int)await RunAsync(RedisTaskScripts.Renew, [id, epoch, Of(until)], cancel) == 1;

    /// <inheritdoc/>
    public async ValueTask<bool> SaveAsync(
        string id, long epoch, TaskChange change, TaskPart? part, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(change);
        List<RedisValue> arguments = [id, epoch, "", change.Releases ? "1" : "0"];
        arguments.Add(part is null ? "" : part.Number);
        arguments.Add(part is null ? ""
            : codec.Encode(id, TaskBytes.PartName(part.Number), part.Bytes.Span));
        AddChanges(arguments, id, change);
        int answer = (int)await RunAsync(RedisTaskScripts.Change, [.. arguments], cancel);
        if (answer < 0)
        {
            TaskBytes.CheckPart(part!, -1 - answer);
        }

        if (answer == 1 || !change.Releases)
        {
            return answer == 1;
        }

        // A repeated script whose first answer was lost finds its own claim ended.
        return await ReadAsync(id, cancel) is { Owner: null } task && task.Epoch == epoch
            && task.Changed.ToUnixTimeMilliseconds() == Of(change.Now)
            && (change.State is null || task.State == change.State);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> ControlAsync(
        string id, IReadOnlyList<TaskState> from, TaskChange change, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(change);
        string states = string.Concat(
            from.Select(state => "," + ((int)state).ToString(CultureInfo.InvariantCulture))) + ",";
        List<RedisValue> arguments = [id, "", states, "1", "", ""];
        AddChanges(arguments, id, change);
        return (int)await RunAsync(RedisTaskScripts.Change, [.. arguments], cancel) == 1;
    }

    /// <inheritdoc/>
    public async ValueTask<TaskRecord?> ReadAsync(string id, CancellationToken cancel) =>
        await ReadAsync(id, AllFields, cancel) is { } task ? TaskBytes.Decoded(codec, task) : null;

    /// <inheritdoc/>
    public async ValueTask<TaskRecord?> ReadNotesAsync(string id, CancellationToken cancel) =>
        await ReadAsync(id, NotesFields, cancel) is { } task ? TaskBytes.Decoded(codec, task) : null;

    /// <inheritdoc/>
    public async ValueTask<byte[]?> ReadPartAsync(string id, int number, CancellationToken cancel)
    {
        RedisValue kept = await session.RepeatAsync(
            database => database.HashGetAsync(session.Keys.TaskParts(id), number, CommandFlags.DemandMaster), cancel);
        return kept.IsNull ? null : codec.Decode(id, TaskBytes.PartName(number), (byte[])kept!);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<TaskRecord>> ListAsync(TaskQuery query, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(query);
        List<TaskRecord> found = [];
        foreach (TaskState state in query.States ?? Enum.GetValues<TaskState>())
        {
            found.AddRange(await ListAsync(query, state, cancel));
        }

        return [.. found.DistinctBy(task => task.Id).OrderBy(task => task.Id, StringComparer.Ordinal).Take(query.Most)];
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyDictionary<(string Kind, TaskState State), long>> CountAsync(
        CancellationToken cancel)
    {
        HashEntry[] counts = await session.RepeatAsync(
            database => database.HashGetAllAsync(session.Keys.TaskCounts, CommandFlags.DemandMaster), cancel);
        return counts.ToDictionary(
            entry => (((string)entry.Name!)[2..], (TaskState)(((string)entry.Name!)[0] - '0')),
            entry => (long)entry.Value);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteAsync(string id, CancellationToken cancel) =>
        (int)await RunAsync(RedisTaskScripts.Delete, [id], cancel) == 1;

    /// <inheritdoc/>
    public async ValueTask<int> PurgeAsync(DateTimeOffset before, int most, CancellationToken cancel) =>
        (int)await RunAsync(RedisTaskScripts.Purge, [Of(before), most], cancel);

    /// <summary>Tasks of one state, page by page until there are enough of the kinds.</summary>
    private async Task<List<TaskRecord>> ListAsync(TaskQuery query, TaskState state, CancellationToken cancel)
    {
        RedisKey index = query.Partner is null
            ? session.Keys.TasksIn((int)state) : session.Keys.TasksOf(query.Partner, (int)state);
        List<TaskRecord> found = [];
        RedisValue after = query.After ?? RedisValue.Null;
        while (true)
        {
            RedisValue from = after;
            RedisValue[] ids = await session.RepeatAsync(
                database => database.SortedSetRangeByValueAsync(
                    index, from, RedisValue.Null, Exclude.Start, Order.Ascending, 0, query.Most,
                    CommandFlags.DemandMaster),
                cancel);
            foreach (RedisValue id in ids)
            {
                if (await ReadAsync((string)id!, HeadFields, cancel) is { } task && task.State == state
                    && query.Kinds?.Contains(task.Kind) != false)
                {
                    found.Add(task);
                }
            }

            if (ids.Length < query.Most || found.Count >= query.Most)
            {
                return found;
            }

            after = ids[^1];
        }
    }

    private async ValueTask<TaskRecord?> ReadAsync(string id, RedisValue[] fields, CancellationToken cancel)
    {
        RedisValue[] held = await session.RepeatAsync(
            database => database.HashGetAsync(session.Keys.Task(id), fields, CommandFlags.DemandMaster), cancel);
        if (held[0].IsNull)
        {
            return null;
        }

        return new TaskRecord
        {
            Id = id,
            Kind = held[0]!,
            Partner = held[1]!,
            Transaction = held[2],
            Digest = (byte[])held[3]!,
            State = (TaskState)(int)held[4],
            Priority = (int)held[5],
            Due = TimeOf(held[6]),
            Attempts = (int)held[7],
            Owner = held[8] is { IsNullOrEmpty: false } owner ? (string)owner! : null,
            LeasedUntil = TimeOf(held[9]),
            Epoch = (long)held[10],
            Created = TimeOf(held[11]),
            Changed = TimeOf(held[12]),
            ResultType = held[13] is { IsNullOrEmpty: false } type ? (string)type! : null,
            Parts = (int)held[14],
            Request = fields.Length > HeadFields.Length ? (byte[])held[15]! : default(ReadOnlyMemory<byte>),
            Result = fields.Length > HeadFields.Length ? (byte[])held[16]! : default(ReadOnlyMemory<byte>),
            Progress = fields.Length > HeadFields.Length ? (byte[])held[17]! : default(ReadOnlyMemory<byte>),
        };
    }

    private void AddChanges(List<RedisValue> arguments, string id, TaskChange change)
    {
        TaskBytes kept = TaskBytes.Of(codec, id, change);
        Add("changed", Of(change.Now));
        if (change.State is { } state)
        {
            Add("state", (int)state);
        }

        if (change.Due is { } due)
        {
            Add("due", Of(due));
        }

        if (change.Attempts is { } attempts)
        {
            Add("attempts", attempts);
        }

        if (change.Priority is { } priority)
        {
            Add("priority", priority);
        }

        if (change.ResultType is { } type)
        {
            Add("type", type);
        }

        foreach ((string name, byte[]? bytes) in
            new[] { ("request", kept.Request), ("result", kept.Result), ("progress", kept.Progress) })
        {
            if (bytes is not null)
            {
                Add(name, bytes);
            }
        }

        void Add(string name, RedisValue value)
        {
            arguments.Add(name);
            arguments.Add(value);
        }
    }

    private Task<RedisResult> RunAsync(string script, RedisValue[] arguments, CancellationToken cancel) =>
        session.RepeatAsync(_ => session.RunAsync(script, keys, arguments), cancel);

    private static long Of(DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    private static DateTimeOffset TimeOf(RedisValue time) => DateTimeOffset.FromUnixTimeMilliseconds((long)time);
}
