using System.Security.Cryptography;
using MatchCluster.Api.Deliveries;
using MatchCluster.Api.Http;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Tasks;

namespace MatchCluster.Api.Tasks;

/// <summary>
/// Sends the results of claimed tasks, each to the address that came with its call, while its partner's agreement
/// holds.
/// </summary>
internal sealed class TaskSender(
    ITaskStore store, IDeliverer deliverer, RetryPlan plan, DeliveryRight right, TaskMetrics metrics,
    TimeProvider clock, ILogger<TaskSender> log)
{
    /// <summary>When the agreements are asked again that could not be read.</summary>
    private static readonly TimeSpan AsksAgainAfter = TimeSpan.FromSeconds(5);

    /// <summary>Tries once, and keeps what became of it.</summary>
    /// <returns>Why it was not delivered and will not be; null otherwise.</returns>
    public async Task<string?> SendAsync(TaskRecord task, CancellationToken cancel)
    {
        TaskNotes? notes = TaskNotes.Read(task);
        DeliveryResult result = await TryAsync(task, notes, cancel);
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
            change = change with
            {
                State = TaskState.Dead,
                Progress = notes is null ? null : (notes with { Reason = result.Reason }).Encode(),
            };
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

    private async Task<DeliveryResult> TryAsync(TaskRecord task, TaskNotes? notes, CancellationToken cancel)
    {
        if (notes is null || !Uri.TryCreate(notes.Callback, UriKind.Absolute, out Uri? address))
        {
            return new DeliveryResult(DeliveryOutcome.Refused, "nobody can read where it is to be sent");
        }

        try
        {
            return await right.RefusalAsync(task.Partner, notes.Asked, cancel) is { } refusal ? Withheld(refusal)
                : await deliverer.DeliverAsync(
                    new Delivery(
                        address, task.Partner, task.ResultType ?? "application/json", task.Result, task.Id,
                        notes.TransactionId),
                    cancel);
        }
        catch (Exception defect) when (defect is not StoreException && !cancel.IsCancellationRequested)
        {
            // A fault of this program, which trying for days does not mend: a few attempts, then it waits for somebody.
            log.TaskBroke(task.Id, defect.GetType().Name, defect.StackTrace ?? "");
            return new DeliveryResult(
                DeliveryOutcome.TryAgain, $"this server fails to send it ({defect.GetType().Name})")
            {
                MostAttempts = RetryPlan.MostRefusals,
            };
        }
    }

    private static DeliveryResult Withheld(Refusal refusal) => refusal.Kind == RefusalKind.Unavailable
        ? new DeliveryResult(DeliveryOutcome.TryAgain, refusal.Reason) { After = AsksAgainAfter, IsAttempt = false }
        : new DeliveryResult(DeliveryOutcome.Refused, $"not sent by agreement: {refusal.Reason}");
}
