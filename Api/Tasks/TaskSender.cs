using System.Security.Cryptography;
using MatchCluster.Api.Deliveries;
using MatchCluster.Matching.Tasks;

namespace MatchCluster.Api.Tasks;

/// <summary>Sends the results of claimed tasks, each to the address that came with its call.</summary>
internal sealed class TaskSender(
    ITaskStore store, IDeliverer deliverer, RetryPlan plan, TaskMetrics metrics, TimeProvider clock)
{
    /// <summary>Tries once, and keeps what became of it.</summary>
    /// <returns>Why it was not delivered and will not be; null otherwise.</returns>
    public async Task<string?> SendAsync(TaskRecord task, CancellationToken cancel)
    {
        TaskNotes notes = TaskNotes.Decode(task.Progress.Span);
        DeliveryResult result = await deliverer.DeliverAsync(
            new Delivery(
                new Uri(notes.Callback), task.Partner, task.ResultType ?? "application/json", task.Result, task.Id,
                notes.TransactionId),
            cancel);
        DateTimeOffset now = clock.GetUtcNow();
        int attempts = task.Attempts + (result.IsAttempt ? 1 : 0);
        TaskChange change = new(now) { Attempts = attempts, Releases = true };
        if (result.Outcome == DeliveryOutcome.Delivered)
        {
            change = change with { State = TaskState.Done, Result = ReadOnlyMemory<byte>.Empty };
        }
        else if (plan.DelayAfter(
            attempts, new Random(RandomNumberGenerator.GetInt32(int.MaxValue)), result,
            now - task.Created) is { } delay)
        {
            change = change with
            {
                State = result.IsAttempt ? TaskState.Retrying : task.State,
                Due = now + delay,
            };
        }
        else
        {
            change = change with { State = TaskState.Dead };
        }

        if (!await store.SaveAsync(task.Id, task.Epoch, change, null, cancel))
        {
            return null;
        }

        if (result.IsAttempt)
        {
            metrics.Sent(task.Kind, change.State!.Value, now - task.Created);
        }

        return change.State == TaskState.Dead ? result.Reason : null;
    }
}
