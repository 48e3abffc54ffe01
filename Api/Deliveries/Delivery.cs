using MatchCluster.Api.Http.Failures;

namespace MatchCluster.Api.Deliveries;

/// <summary>One result on its way to the address that its caller gave.</summary>
/// <param name="Address">The callback address, as it was checked.</param>
/// <param name="Partner">Who gave it.</param>
/// <param name="ContentType">What the body is.</param>
/// <param name="Body">The result.</param>
/// <param name="TaskId">The task that it is the result of.</param>
/// <param name="TransactionId">The caller's own name of the transaction.</param>
internal sealed record Delivery(
    Uri Address, string Partner, string ContentType, ReadOnlyMemory<byte> Body, string TaskId, string TransactionId);

/// <summary>What became of one attempt to deliver.</summary>
internal enum DeliveryOutcome
{
    /// <summary>The receiver answered 2xx.</summary>
    Delivered,

    /// <summary>The receiver could not be reached, took too long, or answered something that may change.</summary>
    TryAgain,

    /// <summary>Trying again is of no use: the address is not allowed, or the receiver answered 410.</summary>
    Refused,
}

/// <summary>One attempt to deliver.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Reason">One sentence for operators; it repeats no address, no header and no body.</param>
internal sealed record DeliveryResult(DeliveryOutcome Outcome, string Reason)
{
    /// <summary>How long the receiver wants to be left alone (Retry-After); null where it says nothing.</summary>
    public TimeSpan? After { get; init; }

    /// <summary>Attempts after which such an answer is final; null where the plan alone says so.</summary>
    public int? MostAttempts { get; init; }

    /// <summary>
    /// False where nothing was sent, because as many deliveries to the same server are on their way as may be. It does
    /// not count as an attempt, and <see cref="After"/> says when to ask again.
    /// </summary>
    public bool IsAttempt { get; init; } = true;
}

/// <summary>Sends results to the addresses that callers gave.</summary>
internal interface IDeliverer
{
    /// <summary>The failure of a callback address that a partner may not give, or null.</summary>
    /// <param name="address">What the caller sent.</param>
    /// <param name="partner">Who calls; empty where callers are not told apart.</param>
    Failure? Check(string address, string partner);

    /// <summary>Tries once. It takes no longer than a fixed time, and throws only where it was cancelled.</summary>
    Task<DeliveryResult> DeliverAsync(Delivery delivery, CancellationToken cancel);
}
