namespace MatchCluster.Matching.Subscriptions;

/// <summary>
/// The alerts of all owners, durable. Each owner's are numbered 1, 2, 3 ... in the order in which they were added:
/// whoever has seen n never finds a new one at or before n.
/// </summary>
/// <remarks>Every method throws <see cref="Storage.StoreException"/> where the store cannot be used.</remarks>
public interface IAlertStore
{
    /// <summary>Adds an alert, once: one of a name that the owner has already changes nothing.</summary>
    /// <returns>Its number, and whether it is new. Done means durable.</returns>
    ValueTask<AlertPut> AddAsync(
        string owner, string id, ReadOnlyMemory<byte> body, DateTimeOffset now, CancellationToken cancel);

    /// <summary>An owner's alerts after a number, the oldest first.</summary>
    ValueTask<IReadOnlyList<Alert>> ReadAsync(string owner, long after, int most, CancellationToken cancel);

    /// <summary>Notes that the owner has seen one. Doing it again keeps the first time.</summary>
    /// <returns>False where the owner has none of the name.</returns>
    ValueTask<bool> SeenAsync(string owner, string id, DateTimeOffset now, CancellationToken cancel);

    /// <summary>
    /// Deletes alerts that are older than a time, at most so many. Numbers are not given again; names are forgotten.
    /// </summary>
    ValueTask<int> PurgeAsync(DateTimeOffset before, int most, CancellationToken cancel);
}

/// <param name="Number">Its place among the owner's.</param>
/// <param name="IsNew">Whether it was added now.</param>
public readonly record struct AlertPut(long Number, bool IsNew);

/// <summary>Somebody came into a gallery who resembles a subscription's probe.</summary>
/// <param name="Number">Its place among the owner's.</param>
/// <param name="Id">Its name.</param>
/// <param name="At">When it was raised.</param>
/// <param name="Seen">When its owner said that it was seen; null before that.</param>
/// <param name="Body">The rest, as JSON.</param>
public sealed record Alert(long Number, string Id, DateTimeOffset At, DateTimeOffset? Seen, ReadOnlyMemory<byte> Body)
{
    /// <summary>Without what it says of whom.</summary>
    public override string ToString() => $"alert {Id}";
}
