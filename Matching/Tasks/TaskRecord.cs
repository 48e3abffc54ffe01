namespace MatchCluster.Matching.Tasks;

/// <summary>Where a task is. The numbers are stored: they are frozen.</summary>
public enum TaskState
{
    /// <summary>Nothing of it is done yet, or not all.</summary>
    Waiting = 0,

    /// <summary>Its result is there and was not sent yet.</summary>
    Scheduled = 1,

    /// <summary>Its result was sent in vain and will be sent again.</summary>
    Retrying = 2,

    /// <summary>Its result was sent in vain and is sent no more unless somebody asks for it: a dead letter.</summary>
    Dead = 3,

    /// <summary>It is over: its result was delivered, or nobody is to be told.</summary>
    Done = 4,

    /// <summary>It goes on when somebody says so.</summary>
    Paused = 5,

    /// <summary>Somebody ended it before its end.</summary>
    Cancelled = 6,

    /// <summary>It ended with an error and has no result to deliver.</summary>
    Failed = 7,
}

/// <summary>What a worker does with a task.</summary>
public enum TaskPhase
{
    /// <summary>Executes what is <see cref="TaskState.Waiting"/>.</summary>
    Execute,

    /// <summary>Delivers what is <see cref="TaskState.Scheduled"/> or <see cref="TaskState.Retrying"/>.</summary>
    Deliver,
}

public static class TaskStates
{
    /// <summary>The phase in which a worker may claim a task of this state; null where none does.</summary>
    public static TaskPhase? PhaseOf(TaskState state) => state switch
    {
        TaskState.Waiting => TaskPhase.Execute,
        TaskState.Scheduled or TaskState.Retrying => TaskPhase.Deliver,
        _ => null,
    };

    /// <summary>Whether nothing more happens to a task unless somebody asks for it.</summary>
    public static bool IsEnded(TaskState state) =>
        state is TaskState.Dead or TaskState.Done or TaskState.Cancelled or TaskState.Failed;
}

/// <summary>Work that is kept until it is done, also over the end of the process that took it.</summary>
public sealed record TaskRecord
{
    /// <summary>A UUID of version 7 as text: ids are in the order of the tasks' creation.</summary>
    public required string Id { get; init; }

    /// <summary>Who executes it: a word of the host.</summary>
    public required string Kind { get; init; }

    /// <summary>Whose it is; empty where callers are not checked.</summary>
    public required string Partner { get; init; }

    /// <summary>What is unique for a partner and kind; null where nothing is.</summary>
    public string? Transaction { get; init; }

    /// <summary>SHA-256 of the request, which tells a repeated one from another one.</summary>
    public required ReadOnlyMemory<byte> Digest { get; init; }

    /// <summary>What is asked; empty once it is erased.</summary>
    public ReadOnlyMemory<byte> Request { get; init; }

    public TaskState State { get; init; }

    /// <summary>0..9; 9 goes before 0.</summary>
    public int Priority { get; init; }

    /// <summary>Not before then.</summary>
    public required DateTimeOffset Due { get; init; }

    /// <summary>How often its result was sent in vain.</summary>
    public int Attempts { get; init; }

    /// <summary>Who works at it; null where nobody does.</summary>
    public string? Owner { get; init; }

    /// <summary>Until when it is the owner's.</summary>
    public DateTimeOffset LeasedUntil { get; init; }

    /// <summary>Counts its claims. Whoever has an older one changes nothing any more.</summary>
    public long Epoch { get; init; }

    /// <summary>Whether a claim was made while an earlier one had not been given back.</summary>
    public bool WasTaken { get; init; }

    public required DateTimeOffset Created { get; init; }

    /// <summary>When its state changed last.</summary>
    public required DateTimeOffset Changed { get; init; }

    /// <summary>What came out; empty before that and once it is erased.</summary>
    public ReadOnlyMemory<byte> Result { get; init; }

    /// <summary>The media type of the result; null where there is none.</summary>
    public string? ResultType { get; init; }

    /// <summary>What its executor notes for whoever goes on after it.</summary>
    public ReadOnlyMemory<byte> Progress { get; init; }

    /// <summary>How many numbered parts of a result it has: 0 to this, exclusive.</summary>
    public int Parts { get; init; }

    /// <summary>Makes a task that waits for its execution.</summary>
    /// <param name="kind">Who executes it.</param>
    /// <param name="partner">Whose it is.</param>
    /// <param name="transaction">What is unique for partner and kind; null for nothing.</param>
    /// <param name="digest">SHA-256 of the request.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="priority">0..9.</param>
    /// <param name="now">Now.</param>
    public static TaskRecord Make(
        string kind, string partner, string? transaction, ReadOnlyMemory<byte> digest, ReadOnlyMemory<byte> request,
        int priority, DateTimeOffset now) => new()
        {
            Id = Guid.CreateVersion7(now).ToString(),
            Kind = kind,
            Partner = partner,
            Transaction = transaction,
            Digest = digest,
            Request = request,
            Priority = priority,
            Due = now,
            Created = now,
            Changed = now,
        };

    /// <summary>Without what is asked and answered: a log must not have it.</summary>
    public override string ToString() => $"task {Id} ({Kind}, {State})";
}
