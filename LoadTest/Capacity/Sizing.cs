using MathNet.Numerics.Statistics;

namespace MatchCluster.LoadTest.Capacity;

/// <summary>What is asked of a cluster.</summary>
/// <param name="Name">Its name in the report.</param>
/// <param name="Identities">Identities of the gallery.</param>
/// <param name="SearchesPerSecond">Searches a second at the peak.</param>
internal sealed record Demand(string Name, double Identities, double SearchesPerSecond);

/// <summary>The machines it is built of, and what is assumed of them.</summary>
internal sealed record Assumptions
{
    public int Cores { get; init; } = 64;

    public double MemoryGiB { get; init; } = 512;

    /// <summary>Share of the memory that the gallery may take: the rest is the runtime's, and a move's.</summary>
    public double MemoryShare { get; init; } = 0.6;

    /// <summary>Share of its time that a silo works at the peak, at most.</summary>
    public double MostUtilisation { get; init; } = 0.6;

    /// <summary>Milliseconds within which 95 % of the searches must be answered.</summary>
    public double LimitMs { get; init; } = 2000;

    /// <summary>
    /// Searches that share a pass over the gallery: those that callers send as one batch; this version joins no others.
    /// </summary>
    public int Together { get; init; } = 1;

    public double SlowChance { get; init; } = 0.01;

    public double SlowFactor { get; init; } = 4;

    public int Searches { get; init; } = 4000;

    public int Seed { get; init; } = 1;
}

/// <summary>How many machines a demand takes, and what searches then take.</summary>
internal sealed record SizingResult
{
    public required Demand Demand { get; init; }

    public required string Probe { get; init; }

    /// <summary>Machines that hold the gallery.</summary>
    public required int MachinesByMemory { get; init; }

    /// <summary>Machines that answer the peak rate within the utilisation.</summary>
    public required int MachinesBySpeed { get; init; }

    /// <summary>
    /// Machines with which the simulated p95 is within the limit too; null where not even ten times as many
    /// help.
    /// </summary>
    public required int? Machines { get; init; }

    public double P50Ms { get; init; }

    public double P95Ms { get; init; }

    public double P99Ms { get; init; }

    public double Utilisation { get; init; }
}

internal static class Sizing
{
    private const double GiB = 1L << 30;
    private const double Growth = 1.1;
    private const int MostTimes = 10;

    public static SizingResult Of(Demand demand, ProbeFigures probe, MachineFigures machine, Assumptions assumed)
    {
        int byMemory = Machines(
            demand.Identities * probe.BytesPerIdentity / (assumed.MemoryGiB * GiB * assumed.MemoryShare));
        double coreSeconds = probe.CoreSeconds(demand.Identities, assumed.Together) / assumed.Together;
        int bySpeed = Machines(
            demand.SearchesPerSecond * coreSeconds / (assumed.Cores * assumed.MostUtilisation));
        int least = Math.Max(byMemory, bySpeed);
        SizingResult result = new()
        {
            Demand = demand,
            Probe = probe.Name,
            MachinesByMemory = byMemory,
            MachinesBySpeed = bySpeed,
            Machines = null,
        };
        for (int silos = least; silos <= least * MostTimes; silos = Math.Max(silos + 1, (int)(silos * Growth)))
        {
            ClusterModel model = ModelOf(silos, demand, probe, machine, assumed);
            double[] latency = ClusterSimulation.Run(model, assumed.Searches, assumed.Seed);
            if (At(latency, 0.95) <= assumed.LimitMs)
            {
                return result with
                {
                    Machines = silos,
                    P50Ms = At(latency, 0.5),
                    P95Ms = At(latency, 0.95),
                    P99Ms = At(latency, 0.99),
                    Utilisation = demand.SearchesPerSecond * coreSeconds / (assumed.Cores * (double)silos),
                };
            }
        }

        return result;
    }

    public static ClusterModel ModelOf(
        int silos, Demand demand, ProbeFigures probe, MachineFigures machine, Assumptions assumed) => new()
        {
            Silos = silos,
            MostTogether = assumed.Together,
            SearchesPerSecond = demand.SearchesPerSecond,
            PassMs = together => 1000 * probe.CoreSeconds(demand.Identities / silos, together) / assumed.Cores,
            MessageMs = machine.MessageMs,
            GatherMs = machine.GatherMs,
            SlowChance = assumed.SlowChance,
            SlowFactor = assumed.SlowFactor,
        };

    /// <summary>The least of some sorted latencies that a share of them does not exceed.</summary>
    public static double At(double[] sorted, double share) =>
        SortedArrayStatistics.QuantileCustom(sorted, share, QuantileDefinition.EmpiricalInvCDF);

    private static int Machines(double exactly) => Math.Max(1, (int)Math.Ceiling(exactly));
}
