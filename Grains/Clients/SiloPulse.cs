using System.Collections.Concurrent;
using System.Diagnostics;
using MatchCluster.Matching.Model;

namespace MatchCluster.Grains.Clients;

/// <summary>How a silo stands to this member.</summary>
internal enum SiloReachability
{
    /// <summary>It answers a ping: it is there, however long its searches take.</summary>
    Answers,

    /// <summary>It takes messages and answers none: it is paused, cut off, or gone and nobody has noticed.</summary>
    Silent,

    /// <summary>It cannot be reached: what was there is opened elsewhere, or will be.</summary>
    Gone,
}

/// <summary>
/// Tells a busy silo from a silent one. A busy one is waited for until the deadline; a silent one costs those who wait
/// when it falls silent <see cref="QuietTime"/> and <see cref="PingTime"/>, and nobody after them: it is pinged aside
/// until it answers again. Whoever waits for one silo shares one ping.
/// </summary>
/// <param name="ping">Sends a ping to the silo of a name; it is answered outside of every queue.</param>
/// <param name="gone">Told of a silo that cannot be reached, each time that it is found so.</param>
/// <param name="clock">Measures the silence.</param>
internal sealed class SiloPulse(
    Func<string, CancellationToken, Task> ping, Action<string> gone, TimeProvider clock)
{
    /// <summary>An answer that takes longer makes its silo be pinged; most take less and cost no ping.</summary>
    public static readonly TimeSpan QuietTime = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// A ping takes a millisecond or two; the rest is for pauses of a collector. Together with
    /// <see cref="QuietTime"/> it stays below a second.
    /// </summary>
    public static readonly TimeSpan PingTime = TimeSpan.FromMilliseconds(600);

    /// <summary>The time between two pings to a silo that does not answer.</summary>
    private static readonly TimeSpan PingAgainAfter = TimeSpan.FromMilliseconds(250);

    /// <summary>A ping that fails at once is tried again within <see cref="PingTime"/>.</summary>
    private static readonly TimeSpan AfterFailure = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// A silo that was out of reach for so long is asked after no more; one that starts again is found.
    /// </summary>
    private static readonly TimeSpan ForgottenAfter = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<string, Watched> silos = new(StringComparer.Ordinal);

    /// <summary>Whether a silo was silent when it was last pinged: nobody need wait for it.</summary>
    public bool IsSilent(string silo) =>
        silos.TryGetValue(silo, out Watched? watched) && watched.Standing == SiloReachability.Silent;

    /// <summary>What is said of a silo instead of its answer.</summary>
    public static Outage OutageOf(string silo) =>
        new($"silo {silo} is silent: it answers neither searches nor pings", MayRetry: true);

    /// <summary>Waits for an answer of a silo as long as the silo answers pings.</summary>
    /// <param name="silo">Its name.</param>
    /// <param name="asked">Completes when the answer is there, or nobody wants it any more.</param>
    /// <returns><see cref="SiloReachability.Answers"/> where <paramref name="asked"/> is complete.</returns>
    public async Task<SiloReachability> WatchAsync(string silo, Task asked)
    {
        Watched watched = Of(silo);
        while (!await IsDoneAsync(asked))
        {
            Task<SiloReachability> pinged = StandingAsync(silo, watched);
            if (await Task.WhenAny(asked, pinged) == pinged
                && await pinged is not SiloReachability.Answers and var failed)
            {
                return failed;
            }
        }

        return SiloReachability.Answers;
    }

    /// <summary>
    /// Waits for an answer from a silo that is not known, as one has to of a partition that moves: as long as what is
    /// asked answers a ping of its own, or every silo that was ever asked answers one.
    /// </summary>
    /// <param name="asked">Completes when the answer is there.</param>
    /// <param name="itself">Pings what is asked.</param>
    /// <returns>A silo that does not answer, or null where <paramref name="asked"/> is complete.</returns>
    public async Task<string?> WatchAllAsync(Task asked, Func<CancellationToken, Task> itself)
    {
        while (!await IsDoneAsync(asked))
        {
            Task<(string Silo, SiloReachability Standing)[]> pinged = Task.WhenAll(silos.Select(
                async each => (each.Key, await StandingAsync(each.Key, each.Value))));
            if (await Task.WhenAny(asked, pinged) == pinged
                && (await pinged).FirstOrDefault(each => each.Standing != SiloReachability.Answers).Silo is { } failed)
            {
                Task<SiloReachability> found = PingAsync(itself);
                if (await Task.WhenAny(asked, found) == found && await found != SiloReachability.Answers)
                {
                    return failed;
                }
            }
        }

        return null;
    }

    private async Task<bool> IsDoneAsync(Task asked)
    {
        if (asked.IsCompleted)
        {
            return true;
        }

        using CancellationTokenSource done = new();
        await Task.WhenAny(asked, Task.Delay(QuietTime, clock, done.Token));
        await done.CancelAsync();
        return asked.IsCompleted;
    }

    private Watched Of(string silo) => silos.GetOrAdd(silo, _ => new Watched());

    /// <summary>The standing that a ping finds; of a silo that is pinged aside, the one found last.</summary>
    private Task<SiloReachability> StandingAsync(string silo, Watched watched)
    {
        lock (watched)
        {
            if (watched.Standing != SiloReachability.Answers)
            {
                return Task.FromResult(watched.Standing);
            }

            return watched.Pinged is { IsCompleted: false } underWay
                ? underWay : watched.Pinged = Task.Run(() => LookAsync(silo, watched));
        }
    }

    private async Task<SiloReachability> LookAsync(string silo, Watched watched)
    {
        SiloReachability found = await PingAsync(cancel => ping(silo, cancel));
        if (found != SiloReachability.Answers)
        {
            lock (watched)
            {
                watched.Standing = found;
            }

            _ = LookAsideAsync(silo, watched, found);
        }

        return found;
    }

    /// <summary>
    /// Pings until there is an answer. Each time the silo is out of reach, the owner of the map is told.
    /// </summary>
    private async Task LookAsideAsync(string silo, Watched watched, SiloReachability found)
    {
        long goneSince = clock.GetTimestamp();
        while (found != SiloReachability.Answers)
        {
            if (found == SiloReachability.Gone)
            {
                gone(silo);
                if (clock.GetElapsedTime(goneSince) > ForgottenAfter)
                {
                    silos.TryRemove(KeyValuePair.Create(silo, watched));
                    return;
                }
            }
            else
            {
                goneSince = clock.GetTimestamp();
            }

            await Task.Delay(PingAgainAfter, clock);
            found = await PingAsync(cancel => ping(silo, cancel));
            lock (watched)
            {
                watched.Standing = found;
            }
        }
    }

    private async Task<SiloReachability> PingAsync(Func<CancellationToken, Task> once)
    {
        // No part of the search that happened to ask first: others share the ping, and it goes on after that search.
        Activity.Current = null;
        long began = clock.GetTimestamp();
        using CancellationTokenSource enough = new(PingTime, clock);
        while (true)
        {
            try
            {
                await once(enough.Token).WaitAsync(enough.Token);
                return SiloReachability.Answers;
            }
            catch (OperationCanceledException)
            {
                // Where this process itself stood still, an answer may lie unread: the next ping will tell.
                return clock.GetElapsedTime(began) > 2 * PingTime ? SiloReachability.Answers : SiloReachability.Silent;
            }
            catch (Exception) when (clock.GetElapsedTime(began) < PingTime - AfterFailure)
            {
                await Task.Delay(AfterFailure, clock);
            }
            catch (Exception)
            {
                return SiloReachability.Gone;
            }
        }
    }

    /// <summary>One silo. Changed under its own lock.</summary>
    private sealed class Watched
    {
        private volatile SiloReachability standing;

        public SiloReachability Standing
        {
            get => standing;
            set => standing = value;
        }

        public Task<SiloReachability>? Pinged { get; set; }
    }
}
