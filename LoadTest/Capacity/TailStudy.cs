namespace MatchCluster.LoadTest.Capacity;

/// <summary>Latency of one cluster, with and without its slow passes, with and without asking twice.</summary>
/// <param name="Silos">Number of silos. Each has an equal share, so that a pass takes equally long at any
/// number of them.</param>
/// <param name="Steady">Latency where no pass is slow.</param>
/// <param name="Slow">Latency where some passes are slow.</param>
/// <param name="Hedged">Latency where some passes are slow and a late part is asked for a second
/// time.</param>
internal sealed record TailRow(int Silos, Tail Steady, Tail Slow, Tail Hedged);

internal readonly record struct Tail(double P50Ms, double P95Ms, double P99Ms, double P999Ms)
{
    public static Tail Of(double[] sorted) => new(
        Sizing.At(sorted, 0.5), Sizing.At(sorted, 0.95), Sizing.At(sorted, 0.99), Sizing.At(sorted, 0.999));
}

/// <summary>
/// How the slowest of many silos makes the tail of the latencies: every silo has passes of 100 ms and works a
/// third of the time.
/// </summary>
internal static class TailStudy
{
    public const double PassMs = 100;

    /// <summary>The share of its time that a silo works, with one search in each pass.</summary>
    public const double Load = 0.33;

    /// <summary>
    /// Milliseconds after which a part is asked for again: nine in ten lone passes would have waited and been
    /// scanned by then.
    /// </summary>
    public const double HedgeMs = 2 * PassMs;

    public static IEnumerable<TailRow> Rows(MachineFigures machine, Assumptions assumed)
    {
        foreach (int silos in (int[])[1, 3, 10, 30, 100])
        {
            ClusterModel slow = new()
            {
                Silos = silos,
                MostTogether = assumed.Together,
                SearchesPerSecond = Load * 1000 / PassMs,
                PassMs = together => PassMs * (0.2 + (0.8 * together)),
                MessageMs = machine.MessageMs,
                GatherMs = machine.GatherMs,
                SlowChance = assumed.SlowChance,
                SlowFactor = assumed.SlowFactor,
            };
            yield return new TailRow(
                silos, Run(slow with { SlowChance = 0 }), Run(slow), Run(slow with { HedgeMs = HedgeMs }));
        }

        Tail Run(ClusterModel model) => Tail.Of(ClusterSimulation.Run(model, assumed.Searches, assumed.Seed));
    }
}
