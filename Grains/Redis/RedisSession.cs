using MatchCluster.Matching.Model;
using MatchCluster.Matching.Storage;
using StackExchange.Redis;

namespace MatchCluster.Grains.Redis;

/// <summary>The connection of one store, and how long it is waited for.</summary>
internal sealed class RedisSession(IConnectionMultiplexer redis, RedisKeys keys, RedisStoreOptions options)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);

    public RedisKeys Keys => keys;

    /// <summary>The primaries that are connected: one, or several of a Redis Cluster.</summary>
    public IEnumerable<IServer> Primaries =>
        redis.GetServers().Where(server => server.IsConnected && !server.IsReplica);

    public IDatabase Database { get; } = redis.GetDatabase();

    public Task<RedisResult> RunAsync(string script, RedisKey[] scriptKeys, RedisValue[] arguments) =>
        Database.ScriptEvaluateAsync(script, scriptKeys, arguments, CommandFlags.DemandMaster);

    /// <summary>
    /// Runs what may be run twice, again where the connection was lost in the middle or the server is starting.
    /// </summary>
    /// <exception cref="StoreException">Redis refused it, or could not be reached in time.</exception>
    public async Task<T> RepeatAsync<T>(Func<IDatabase, Task<T>> ask, CancellationToken cancel)
    {
        RedisPatience patience = NewPatience();
        while (true)
        {
            try
            {
                cancel.ThrowIfCancellationRequested();
                return await ask(Database).WaitAsync(cancel);
            }
            catch (Exception fault) when (
                (RedisFaults.LeavesDoubt(fault) || RedisFaults.PassesBy(fault)) && patience.IsLeft)
            {
                await patience.PauseAsync(cancel);
            }
            catch (Exception fault) when (RedisFaults.IsOurs(fault))
            {
                throw Unusable(fault);
            }
        }
    }

    public StoreException Unusable(Exception fault) =>
        new(RedisFaults.OutageOf(fault), keys.ToString()!, fault);

    public Outage OutcomeUnknown() => new(
        $"Redis did not answer within {options.SettleWithin.TotalSeconds:0.#} s and whether the append was "
        + "written is not known; put the same encounters again",
        MayRetry: true);

    public RedisPatience NewPatience() => new(options.Clock, options.SettleWithin, FirstPause, LongestPause);
}

/// <summary>Pauses between attempts that double up to a longest one, until the time is up.</summary>
internal sealed class RedisPatience(TimeProvider clock, TimeSpan within, TimeSpan first, TimeSpan longest)
{
    private readonly long started = clock.GetTimestamp();
    private TimeSpan pause = first;

    public bool IsLeft => clock.GetElapsedTime(started) < within;

    public async Task PauseAsync(CancellationToken cancel)
    {
        await Task.Delay(pause, clock, cancel);
        pause = pause * 2 < longest ? pause * 2 : longest;
    }
}
