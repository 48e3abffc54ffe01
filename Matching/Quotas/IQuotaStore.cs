namespace MatchCluster.Matching.Quotas;

/// <summary>
/// Where uses of a day are counted, durable, for all processes that use the same store. It gives away several at a
/// time: who takes some may use them without asking again, and brings back what is left.
/// </summary>
public interface IQuotaStore
{
    /// <summary>Takes some of a day's quota; what is given counts as used.</summary>
    /// <param name="account">Whose quota.</param>
    /// <param name="day">Days of UTC since the first of January of the year 1.</param>
    /// <param name="wanted">How many; 1 at least.</param>
    /// <param name="quota">How many there are in the day.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <returns>How many are given, as many as are left, at most those wanted.</returns>
    /// <exception cref="Storage.StoreException">They cannot be counted.</exception>
    ValueTask<long> TakeAsync(string account, int day, long wanted, long quota, CancellationToken cancel);

    /// <summary>Brings back what was taken and not used.</summary>
    /// <exception cref="Storage.StoreException">They cannot be counted.</exception>
    ValueTask ReturnAsync(string account, int day, long left, CancellationToken cancel);
}

/// <summary>Counts that end with the process: for a gallery that does so too.</summary>
public sealed class MemoryQuotaStore : IQuotaStore
{
    private readonly Lock guard = new();
    private readonly Dictionary<(string Account, int Day), long> used = [];

    /// <inheritdoc/>
    public ValueTask<long> TakeAsync(string account, int day, long wanted, long quota, CancellationToken cancel)
    {
        lock (guard)
        {
            long before = used.GetValueOrDefault((account, day));
            long given = Math.Clamp(quota - before, 0, wanted);
            used[(account, day)] = before + given;
            return ValueTask.FromResult(given);
        }
    }

    /// <inheritdoc/>
    public ValueTask ReturnAsync(string account, int day, long left, CancellationToken cancel)
    {
        lock (guard)
        {
            used[(account, day)] = Math.Max(0, used.GetValueOrDefault((account, day)) - left);
            return ValueTask.CompletedTask;
        }
    }
}
