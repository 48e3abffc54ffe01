using System.Collections.Concurrent;
using MatchCluster.Matching.Governance;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Storage;

namespace MatchCluster.Matching.Quotas;

/// <summary>
/// Counts the uses of agreements that set a rate or a quota of the day. The rate is that of this process. The day's
/// uses are counted in the store, which gives <see cref="MostTaken"/> at most at a time: no day has more uses than its
/// quota, whatever ends or restarts. What a process that was killed had taken and not used is lost, and what others
/// have taken and not used is not there for this one: that much less may be used at most.
/// </summary>
/// <remarks>
/// The day is that of UTC by the clock of this process. Each day has a count of its own: where a clock jumps back, the
/// earlier day's count goes on where it was, and nothing is given twice. A quota that is made smaller acts at the next
/// look at the store, after <see cref="MostTaken"/> uses at most.
/// </remarks>
public sealed class UseMeter(IQuotaStore store, TimeProvider clock) : IAsyncDisposable
{
    /// <summary>Uses that are taken from the store at once: a thousandth of the quota, up to this.</summary>
    public const int MostTaken = 64;

    private const int PartsOfQuota = 1000;

    /// <summary>After a look that found nothing left, the next one: others may bring some back.</summary>
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    /// <summary>An account that nobody uses is forgotten, and what it had taken brought back.</summary>
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, Account> accounts = new(StringComparer.Ordinal);
    private long swept = clock.GetTimestamp();

    /// <summary>Agreements whose uses are counted here now.</summary>
    public int Accounts => accounts.Count;

    /// <summary>Takes one use; why there is none, with the time until there is one, or null.</summary>
    public async ValueTask<Refusal?> TakeAsync(Agreement agreement, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(agreement);
        if (agreement is { RatePerSecond: null, QuotaPerDay: null })
        {
            return null;
        }

        await SweepAsync();
        Account account = await EnterAsync(agreement.Id, cancel);
        try
        {
            if (RateRefusal(agreement, account) is { } tooFast)
            {
                return tooFast;
            }

            if (await DayRefusalAsync(agreement, account, cancel) is { } usedUp)
            {
                return usedUp;
            }

            account.Tokens.Take();
            return null;
        }
        catch (StoreException fault)
        {
            return new Refusal(
                RefusalKind.Unavailable,
                $"the uses of agreement {agreement.Id} cannot be counted: {fault.Outage.Reason}",
                TimeSpan.FromSeconds(1));
        }
        finally
        {
            account.Guard.Release();
        }
    }

    /// <summary>
    /// Why there would be no use now, as far as it is known without a look at the store; null where there may be one.
    /// </summary>
    public Refusal? Look(Agreement agreement)
    {
        ArgumentNullException.ThrowIfNull(agreement);
        if (!accounts.TryGetValue(agreement.Id, out Account? account) || !account.Guard.Wait(0))
        {
            return null; // Somebody takes one just now: whether there is one is seen when this one's turn comes.
        }

        try
        {
            return RateRefusal(agreement, account)
                ?? (agreement.QuotaPerDay is { } quota && account.IsUsedUp(Day, clock, quota, BetweenLooks)
                    ? UsedUp(agreement) : null);
        }
        finally
        {
            account.Guard.Release();
        }
    }

    /// <summary>Tokens of the rate that are there, and the time until there is one.</summary>
    public (int Uses, TimeSpan Wait) RoomOf(Agreement agreement)
    {
        ArgumentNullException.ThrowIfNull(agreement);
        if (agreement.RatePerSecond is not { } rate || !accounts.TryGetValue(agreement.Id, out Account? account)
            || !account.Guard.Wait(0))
        {
            return (agreement.RatePerSecond is { } any ? (int)TokenBucket.BurstOf(any) : int.MaxValue, TimeSpan.Zero);
        }

        try
        {
            return ((int)account.Tokens.Fill(rate), account.Tokens.WaitFor(rate));
        }
        finally
        {
            account.Guard.Release();
        }
    }

    /// <summary>Brings back what was taken and not used.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (string name in accounts.Keys)
        {
            await ForgetAsync(name);
        }
    }

    private int Day => clock.GetUtcNow().UtcDateTime.Date.Subtract(DateTime.MinValue).Days;

    private async ValueTask<Account> EnterAsync(string name, CancellationToken cancel)
    {
        while (true)
        {
            Account account = accounts.GetOrAdd(name, _ => new Account(clock));
            await account.Guard.WaitAsync(cancel);
            if (!account.IsForgotten)
            {
                account.Used = clock.GetTimestamp();
                return account;
            }

            account.Guard.Release();
        }
    }

    private static Refusal? RateRefusal(Agreement agreement, Account account) =>
        agreement.RatePerSecond is { } rate && account.Tokens.WaitFor(rate) is var wait && wait > TimeSpan.Zero
            ? Refusal.Of(
                UseRule.QuotaExceeded,
                FormattableString.Invariant($"agreement {agreement.Id} allows {rate} uses a second")) with
            {
                RetryAfter = wait,
            }
            : null;

    private async ValueTask<Refusal?> DayRefusalAsync(Agreement agreement, Account account, CancellationToken cancel)
    {
        if (agreement.QuotaPerDay is not { } quota)
        {
            return null;
        }

        int day = Day;
        if (account.Day != day)
        {
            (int earlier, long left) = (account.Day, account.Left);
            (account.Day, account.Left, account.Looked) = (day, 0, null);
            await BringBackAsync(agreement.Id, earlier, left);
        }

        if (account.Left == 0)
        {
            if (account.IsUsedUp(day, clock, quota, BetweenLooks))
            {
                return UsedUp(agreement);
            }

            long wanted = Math.Clamp(quota / PartsOfQuota, 1, MostTaken);
            account.Left = await store.TakeAsync(agreement.Id, day, wanted, quota, cancel);
            account.Quota = quota;
            account.Looked = account.Left == 0 ? clock.GetTimestamp() : null;
            if (account.Left == 0)
            {
                return UsedUp(agreement);
            }
        }

        account.Left--;
        return null;
    }

    private Refusal UsedUp(Agreement agreement)
    {
        DateTime now = clock.GetUtcNow().UtcDateTime;
        return Refusal.Of(
            UseRule.QuotaExceeded,
            $"agreement {agreement.Id} allows {agreement.QuotaPerDay} uses a UTC day, and those of this day are used")
            with
        {
            RetryAfter = now.Date.AddDays(1) - now,
        };
    }

    private async ValueTask SweepAsync()
    {
        long last = Volatile.Read(ref swept);
        long now = clock.GetTimestamp();
        if (clock.GetElapsedTime(last, now) < Forgotten || Interlocked.CompareExchange(ref swept, now, last) != last)
        {
            return;
        }

        foreach ((string name, Account account) in accounts)
        {
            if (clock.GetElapsedTime(account.Used, now) >= Forgotten)
            {
                await ForgetAsync(name);
            }
        }
    }

    /// <summary>
    /// A rate so low that its bucket fills more slowly than this loses what it had to wait for: one use more in ten
    /// minutes at most.
    /// </summary>
    private async ValueTask ForgetAsync(string name)
    {
        if (!accounts.TryGetValue(name, out Account? account))
        {
            return;
        }

        await account.Guard.WaitAsync();
        try
        {
            account.IsForgotten = true;
            accounts.TryRemove(new KeyValuePair<string, Account>(name, account));
            await BringBackAsync(name, account.Day, account.Left);
        }
        finally
        {
            account.Guard.Release();
        }
    }

    private async ValueTask BringBackAsync(string name, int day, long left)
    {
        try
        {
            if (left > 0)
            {
                await store.ReturnAsync(name, day, left, CancellationToken.None);
            }
        }
        catch (StoreException)
        {
            // They stay counted as used: less may be used, not more.
        }
    }

    private sealed class Account(TimeProvider clock)
    {
        public SemaphoreSlim Guard { get; } = new(1);

        public TokenBucket Tokens { get; } = new(clock);

        public int Day { get; set; } = -1;

        /// <summary>Uses of the day that were taken from the store and not used.</summary>
        public long Left { get; set; }

        /// <summary>When the store had none left; null where it gave some at the last look.</summary>
        public long? Looked { get; set; }

        /// <summary>The quota at that look.</summary>
        public long Quota { get; set; }

        public long Used { get; set; }

        public bool IsForgotten { get; set; }

        public bool IsUsedUp(int day, TimeProvider time, long quota, TimeSpan within) =>
            Day == day && Left == 0 && Quota == quota && Looked is { } at && time.GetElapsedTime(at) < within;
    }
}
