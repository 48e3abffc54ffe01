using System.Diagnostics;
using MatchCluster.LoadTest.Client;
using MatchCluster.LoadTest.Runs;
using MatchCluster.LoadTest.Workload;

namespace MatchCluster.LoadTest.Ladders;

/// <summary>
/// Searches one after another before a ladder climbs. A server that has just started compiles while it answers: a
/// first step that meets that queues what the following seconds cannot work off, and breaks at a rate that the server
/// holds easily a minute later.
/// </summary>
internal sealed class LoneSearches(ServerClient client, ProbePool pool, LoadOptions load)
{
    /// <summary>Searches whose median is compared with that of as many before.</summary>
    private const int Window = 20;

    /// <summary>The share of the median before from which a median no longer counts as faster.</summary>
    private const double Settled = 0.9;

    /// <summary>Searches until they become no faster, one of the pool's after another.</summary>
    /// <param name="most">The longest that this may take.</param>
    /// <param name="stop">Ends it.</param>
    /// <returns>The median milliseconds of the last that were answered; null where none was.</returns>
    public async Task<double?> SettleAsync(TimeSpan most, CancellationToken stop)
    {
        Random random = new(load.Seed);
        string session = Guid.NewGuid().ToString("n")[..8];
        long began = Stopwatch.GetTimestamp();
        double? before = null;
        List<double> window = [];
        for (int sent = 0; Stopwatch.GetElapsedTime(began) < most && !stop.IsCancellationRequested; sent++)
        {
            int caller = pool.DrawCaller(random);
            long asked = Stopwatch.GetTimestamp();
            Outcome outcome = await client.IdentifyAsync(
                pool.Draw(caller, random), load.Callers[caller], $"settle-{session}-{sent:x}", stop);
            if (!outcome.IsSuccess)
            {
                // It is busy, loads, or is not there: the steps will say so.
                return before ?? MedianOf(window);
            }

            window.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
            if (window.Count == Window)
            {
                double now = MedianOf(window)!.Value;
                if (before is { } earlier && now > Settled * earlier)
                {
                    return now;
                }

                before = now;
                window.Clear();
            }
        }

        return before ?? MedianOf(window);
    }

    private static double? MedianOf(List<double> milliseconds) =>
        milliseconds.Count == 0 ? null : milliseconds.Order().ElementAt(milliseconds.Count / 2);
}
