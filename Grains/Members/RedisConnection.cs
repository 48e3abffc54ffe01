using System.Diagnostics;
using System.Net;
using StackExchange.Redis;

namespace MatchCluster.Grains.Members;

/// <summary>The first connection to Redis: a start waits a little for it, longer while Redis loads its data.</summary>
public static class RedisConnection
{
    /// <summary>Redis and its callers may be started together.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>A Redis that is there and reads its files back: about 1 GB in ten seconds.</summary>
    private static readonly TimeSpan LoadingPatience = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <param name="options">Where and how.</param>
    /// <param name="client">What Redis calls the connection (CLIENT LIST).</param>
    /// <param name="isLoading">Called once where Redis is there but loads.</param>
    /// <param name="cancel">Ends the waiting.</param>
    /// <exception cref="StartRefusedException">It cannot be reached, or refuses.</exception>
    public static async Task<ConnectionMultiplexer> OpenAsync(
        ConfigurationOptions options, string client, Action isLoading, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(isLoading);
        ConfigurationOptions used = options.Clone();
        used.ClientName = client;
        used.AbortOnConnectFail = true;
        used.ConnectTimeout = Math.Min(used.ConnectTimeout, (int)Patience.TotalMilliseconds);

        // CONFIG GET says how durable an ack is; the library counts it among what administrators do.
        used.AllowAdmin = true;
        long began = Stopwatch.GetTimestamp();
        bool hasSaidSo = false;
        while (true)
        {
            try
            {
                return await ConnectionMultiplexer.ConnectAsync(used).WaitAsync(cancel);
            }
            catch (RedisConnectionException fault)
            {
                bool loads = fault.Message.Contains("LOADING", StringComparison.OrdinalIgnoreCase);
                if (loads && !hasSaidSo)
                {
                    isLoading();
                    hasSaidSo = true;
                }

                if (Stopwatch.GetElapsedTime(began) > (loads ? LoadingPatience : Patience))
                {
                    throw new StartRefusedException(Reason(used, fault), fault);
                }
            }

            await Task.Delay(Pause, cancel);
        }
    }

    private static string Reason(ConfigurationOptions options, RedisConnectionException fault)
    {
        string where = string.Join(", ", options.EndPoints.Select(
            endpoint => endpoint is DnsEndPoint dns ? $"{dns.Host}:{dns.Port}" : $"{endpoint}"));
        string[] refusals = ["NOAUTH", "WRONGPASS", "NOPERM", "LOADING"];
        string text = fault.ToString();
        return refusals.FirstOrDefault(code => text.Contains(code, StringComparison.Ordinal)) is { } code
            ? $"Redis at {where} refuses this connection ({code})"
            : $"Redis at {where} cannot be reached ({fault.FailureType}); start it or check --redis";
    }
}
