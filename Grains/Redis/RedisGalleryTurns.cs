using System.Globalization;
using MatchCluster.Matching.Seam;
using StackExchange.Redis;

namespace MatchCluster.Grains.Redis;

/// <summary>
/// Turns of the galleries of a cluster: one lease of each gallery, with an epoch, in Redis and by its clock. A holder
/// renews it while it works. Whoever waits longest is next by a note beside the lease, so that no front end takes the
/// turn again and again before the others. An epoch is never lower than the time in microseconds: a Redis that lost a
/// lease gives out no old number.
/// </summary>
/// <param name="redis">Stays the caller's.</param>
/// <param name="name">The name of the gallery store.</param>
/// <param name="options">How long Redis is waited for.</param>
/// <param name="lease">How long a holder that says nothing keeps the turn; null takes five seconds.</param>
public sealed class RedisGalleryTurns(
    IConnectionMultiplexer redis, string name, RedisStoreOptions options, TimeSpan? lease = null) : IGalleryTurns
{
    /// <summary>
    /// KEYS lease. ARGV who, microseconds. Answers the epoch, or 0 where somebody else has it or is next.
    /// </summary>
    private const string Take =
        """
        local time = redis.call('TIME')
        local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
        local was = redis.call('HMGET', KEYS[1], 'who', 'until', 'epoch', 'next', 'nextuntil')
        local mine = was[1] == ARGV[1]
        local held = was[1] and was[1] ~= '' and not mine and tonumber(was[2]) > now
        local next = was[4] and was[4] ~= '' and tonumber(was[5]) > now and was[4] or ARGV[1]
        if held or next ~= ARGV[1] then
          if next == ARGV[1] then
            redis.call('HSET', KEYS[1], 'next', next, 'nextuntil', string.format('%.0f', now + 500000))
          end
          return '0'
        end
        local epoch = mine and tonumber(was[3]) or math.max(tonumber(was[3] or '0') + 1, now)
        redis.call('HSET', KEYS[1], 'who', ARGV[1], 'epoch', string.format('%.0f', epoch), 'next', '',
          'until', string.format('%.0f', now + tonumber(ARGV[2])))
        redis.call('EXPIRE', KEYS[1], 86400)
        return string.format('%.0f', epoch)
        """;

    /// <summary>KEYS lease. ARGV who, microseconds. Answers 1 where it still was who has it.</summary>
    private const string Renew =
        """
        if redis.call('HGET', KEYS[1], 'who') ~= ARGV[1] then return 0 end
        local time = redis.call('TIME')
        local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
        redis.call('HSET', KEYS[1], 'until', string.format('%.0f', now + tonumber(ARGV[2])))
        return 1
        """;

    /// <summary>KEYS lease. ARGV who.</summary>
    private const string LetGo =
        """
        if redis.call('HGET', KEYS[1], 'who') == ARGV[1] then redis.call('HSET', KEYS[1], 'who', '') end
        return 1
        """;

    private static readonly TimeSpan DefaultLease = TimeSpan.FromSeconds(5);

    private readonly RedisSession session = new(redis, new RedisKeys(name), options);
    private readonly TimeSpan lease = lease ?? DefaultLease;

    private long Microseconds => (long)lease.TotalMicroseconds;

    /// <inheritdoc/>
    public async ValueTask<IGalleryTurn?> TakeAsync(
        IReadOnlyList<string> galleries, TimeSpan within, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(galleries);
        Turn turn = new(this);
        long started = options.Clock.GetTimestamp();
        try
        {
            foreach (string gallery in galleries)
            {
                while (!await turn.TryAddAsync(gallery, cancel))
                {
                    if (options.Clock.GetElapsedTime(started) > within)
                    {
                        await turn.DisposeAsync();
                        return null;
                    }

                    // Front ends look at different moments.
                    await Task.Delay(turn.NextPause(), options.Clock, cancel);
                }
            }

            return turn;
        }
        catch
        {
            await turn.DisposeAsync();
            throw;
        }
    }

    private Task<RedisResult> RunAsync(string script, string gallery, string who, CancellationToken cancel) =>
        session.RepeatAsync(
            _ => session.RunAsync(script, [session.Keys.Turn(gallery)], [who, Microseconds]), cancel);

    /// <summary>The turns of one holder; renewed until they are let go.</summary>
    private sealed class Turn : IGalleryTurn
    {
        private readonly RedisGalleryTurns turns;
        private readonly string who = Guid.NewGuid().ToString("N");
        private readonly List<GalleryLease> leases = [];
        private readonly Lock gate = new();
        private readonly CancellationTokenSource ended = new();
        private readonly Task renewing;
        private int looks;

        public Turn(RedisGalleryTurns turns)
        {
            this.turns = turns;
            renewing = RenewAsync();
        }

        public IReadOnlyList<GalleryLease> Leases
        {
            get
            {
                lock (gate)
                {
                    return [.. leases];
                }
            }
        }

        /// <summary>3 to 14 ms, in an order of its own.</summary>
        public TimeSpan NextPause() => TimeSpan.FromMilliseconds(3 + ((uint)(who[0] + (5 * looks++)) % 12));

        public async Task<bool> TryAddAsync(string gallery, CancellationToken cancel)
        {
            long epoch = long.Parse(
                (string)(await turns.RunAsync(Take, gallery, who, cancel))!, CultureInfo.InvariantCulture);
            if (epoch > 0)
            {
                lock (gate)
                {
                    leases.Add(new GalleryLease(gallery, epoch));
                }
            }

            return epoch > 0;
        }

        /// <summary>What cannot be told ends by itself: the next holder waits for the lease.</summary>
        public async ValueTask DisposeAsync()
        {
            await ended.CancelAsync();
            await renewing;
            foreach (GalleryLease one in Leases)
            {
                try
                {
                    await turns.session.RunAsync(LetGo, [turns.session.Keys.Turn(one.Gallery)], [who]);
                }
                catch (Exception fault) when (RedisFaults.IsOurs(fault))
                {
                    break;
                }
            }

            ended.Dispose();
        }

        /// <summary>
        /// A lease that was lost is not looked for here: partitions refuse what is written in it.
        /// </summary>
        private async Task RenewAsync()
        {
            while (true)
            {
                try
                {
                    await Task.Delay(turns.lease / 3, turns.Clock, ended.Token);
                    foreach (GalleryLease one in Leases)
                    {
                        await turns.session.RunAsync(
                            Renew, [turns.session.Keys.Turn(one.Gallery)], [who, turns.Microseconds]);
                    }
                }
                catch (OperationCanceledException) when (ended.IsCancellationRequested)
                {
                    return;
                }
                catch (Exception fault) when (RedisFaults.IsOurs(fault))
                {
                    // Tried again at the next time.
                }
            }
        }
    }

    private TimeProvider Clock => options.Clock;
}
