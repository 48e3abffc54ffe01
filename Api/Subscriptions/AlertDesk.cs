using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MatchCluster.Api.Tasks;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Subscriptions;
using MatchCluster.Matching.Tasks;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Api.Subscriptions;

/// <summary>What an embedded server or a front end has of subscriptions.</summary>
/// <param name="Book">The subscriptions.</param>
/// <param name="Alerts">Their alerts.</param>
/// <param name="Threads">Threads that compare; 0 takes one per core.</param>
internal sealed record SubscriptionStores(SubscriptionBook Book, IAlertStore Alerts, int Threads);

/// <summary>Raises alerts, each once, and hands them to the delivery of results.</summary>
internal sealed class AlertDesk(SubscriptionStores stores, TaskDesk tasks, AlertMetrics metrics, TimeProvider clock)
{
    /// <summary>The name of an alert: the same for the same subscription and cause, whoever raises it again.</summary>
    public static string IdOf(string subscription, params ReadOnlySpan<string> cause)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string part in (string[])[subscription, .. cause])
        {
            byte[] bytes = Encoding.UTF8.GetBytes(part);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }

        return "a-" + Convert.ToHexStringLower(hash.GetHashAndReset())[..32];
    }

    /// <summary>Keeps an alert and what sends it, both durable. Doing it again changes nothing.</summary>
    /// <exception cref="StoreException">It cannot be kept now.</exception>
    /// <param name="subscription">Whose alert.</param>
    /// <param name="body">The alert.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <param name="release">The profile that it was cut to; null where it shows nobody who was found.</param>
    public async ValueTask RaiseAsync(
        Subscription subscription, AlertBody body, CancellationToken cancel, ReleaseProfile? release = null)
    {
        AlertPut put = await stores.Alerts.AddAsync(
            subscription.Partner, body.AlertId, JsonOf(body), clock.GetUtcNow(), cancel);
        if (put.IsNew)
        {
            metrics.Raised(body.Kind);
        }

        if (subscription.Callback is not { } callback || !tasks.IsOpen)
        {
            return;
        }

        TaskRecord task = TaskRecord.Make(
            TaskKinds.Alert, subscription.Partner, body.AlertId, SHA256.HashData(Encoding.UTF8.GetBytes(body.AlertId)),
            ReadOnlyMemory<byte>.Empty, 0, clock.GetUtcNow());
        Http.Failures.Parsed<string> kept = await tasks.AcceptAsync(
            task with
            {
                State = TaskState.Scheduled,
                Result = JsonOf(body with { Number = put.Number }),
                ResultType = "application/json",
                Progress = new TaskNotes(callback, subscription.Id)
                {
                    Asked = new AskedUse(
                        subscription.IsWrapBack ? Operation.ReadGallery : Operation.Identify, subscription.Gallery,
                        subscription.Purpose, subscription.Agreement)
                    {
                        Release = release,
                    },
                }.Encode(),
            },
            cancel);
        if (kept is { IsFailed: true, Failure.Code: Http.Failures.FailureCode.TasksOfPartnerFull })
        {
            // The alert is kept and can be read. Waiting here would hold up the alerts of everybody else.
            metrics.Unsent();
            return;
        }

        if (kept.IsFailed)
        {
            throw new StoreException(kept.Failure.Message);
        }
    }

    /// <summary>An alert as its owner reads it.</summary>
    public static AlertBody BodyOf(Alert alert) =>
        JsonSerializer.Deserialize(alert.Body.Span, StoredAlertJson.Default.AlertBody)! with
        {
            Number = alert.Number,
            Seen = alert.Seen,
        };

    public static byte[] JsonOf(AlertBody body) =>
        JsonSerializer.SerializeToUtf8Bytes(body, StoredAlertJson.Default.AlertBody);
}
