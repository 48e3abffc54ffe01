using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Matching.Tasks;

namespace MatchCluster.Api.Tasks;

/// <summary>
/// A call with a callback that was read and checked as any other one, and is kept in the place of being executed.
/// </summary>
internal sealed class PendingTask(TaskDesk desk, TaskRecord task)
{
    /// <summary>Keeps it; the answer leaves after that.</summary>
    public async ValueTask<IResult> AcceptAsync(HttpContext http)
    {
        if (http.Features.Get<NothingKept>() is not null)
        {
            return new OsiaFailed(TaskDoor.NotKept());
        }

        Parsed<string> id = await desk.AcceptAsync(task, http.RequestAborted);
        return id.IsFailed ? new OsiaFailed(id.Failure)
            : TypedResults.Json(
                new TaskIdAnswer(id.Value), TaskJson.Default.TaskIdAnswer, statusCode: StatusCodes.Status202Accepted);
    }
}

/// <summary>Where tasks are taken in and asked about.</summary>
internal sealed class TaskDesk(TaskMetrics metrics, TaskPulse pulse, TimeProvider clock, ITaskStore? store = null)
{
    private static readonly TimeSpan FullFor = TimeSpan.FromSeconds(30);

    public bool IsOpen => store is not null;

    /// <summary>The store.</summary>
    /// <exception cref="FailureException">There is none.</exception>
    public ITaskStore Store => store ?? throw new FailureException(
        new Failure(FailureCode.Unknown, "unknown task"));

    /// <summary>Keeps a task, once for each transaction.</summary>
    public async ValueTask<Parsed<string>> AcceptAsync(TaskRecord task, CancellationToken cancel)
    {
        TaskPut put = await Store.PutAsync(task, cancel);
        metrics.Accepted(task.Kind, put.Outcome);
        switch (put.Outcome)
        {
            case TaskPutOutcome.Created:
                pulse.Beat();
                return put.Id;
            case TaskPutOutcome.Same:
                return put.Id;
            case TaskPutOutcome.Conflict:
                return new Failure(
                    FailureCode.TransactionConflict,
                    "transactionId: found another request than the one that this transaction was accepted with");
            case TaskPutOutcome.PartnerFull:
                return new Failure(
                    FailureCode.TasksOfPartnerFull,
                    "the caller's partner has as many tasks or bytes as this server keeps for one; others may have "
                    + "room", FullFor);
            default:
                return new Failure(
                    FailureCode.TasksFull, "as many tasks wait as this server keeps", FullFor);
        }
    }

    /// <summary>A task of the caller's partner; null where it has none of this id.</summary>
    public async ValueTask<Parsed<TaskRecord>> ReadAsync(string id, string partner, CancellationToken cancel)
    {
        return store is not null && await store.ReadAsync(id, cancel) is { } task && task.Partner == partner
            && TaskKinds.Delivered.Contains(task.Kind) ? task
            : new Failure(FailureCode.Unknown, "unknown task");
    }

    /// <summary>Sends a result again that was sent in vain.</summary>
    /// <returns>Whether there was one to send.</returns>
    public async ValueTask<bool> RedeliverAsync(string id, CancellationToken cancel)
    {
        bool isAgain = await Store.ControlAsync(
            id, [TaskState.Dead, TaskState.Retrying],
            new TaskChange(clock.GetUtcNow())
            {
                State = TaskState.Retrying,
                Due = clock.GetUtcNow(),
                Attempts = 0,
            },
            cancel);
        pulse.Beat();
        return isAgain;
    }
}
