using System.Globalization;
using MatchCluster.Matching.Storage;
using StackExchange.Redis;

namespace MatchCluster.Grains.Redis;

/// <summary>
/// Compares this machine's clock with that of every primary. All silos of a cluster do so with the same
/// servers, which keeps them near each other.
/// </summary>
internal static class RedisClock
{
    /// <exception cref="StoreException">They are further apart than <see cref="RedisLimits.ClockSkew"/>.</exception>
    public static async Task CheckAsync(RedisSession session, TimeProvider clock, CancellationToken cancel)
    {
        foreach (IServer server in session.Primaries)
        {
            long asked = clock.GetTimestamp();
            DateTimeOffset before = clock.GetUtcNow();
            DateTimeOffset theirs = await AskAsync(session, server, cancel);

            // It was read at some moment of the call: what the call took is no difference.
            TimeSpan took = clock.GetElapsedTime(asked);
            TimeSpan ahead = theirs - before;
            TimeSpan apart = ahead < TimeSpan.Zero ? -ahead : ahead > took ? ahead - took : TimeSpan.Zero;
            if (apart > RedisLimits.ClockSkew)
            {
                throw new StoreException(
                    $"{session.Keys}: this machine's clock says {Text(before)} and Redis {server.EndPoint} says "
                    + $"{Text(theirs)}: {apart.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture)} s apart, "
                    + $"wanted at most {RedisLimits.ClockSkew.TotalSeconds:0} s; synchronise the clocks");
            }
        }
    }

    private static async Task<DateTimeOffset> AskAsync(
        RedisSession session, IServer server, CancellationToken cancel)
    {
        try
        {
            return new DateTimeOffset(await server.TimeAsync().WaitAsync(cancel), TimeSpan.Zero);
        }
        catch (Exception fault) when (RedisFaults.IsOurs(fault))
        {
            throw session.Unusable(fault);
        }
    }

    private static string Text(DateTimeOffset time) =>
        time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
