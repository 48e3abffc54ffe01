using MatchCluster.LoadTest.Capacity;

namespace MatchCluster.Api.Tests.LoadTest;

/// <summary>The simulation against what can be computed by hand.</summary>
public sealed class SimulationTests
{
    private const int Many = 200_000;

    private static readonly ClusterModel OneByOne = new()
    {
        Silos = 1,
        SearchesPerSecond = 50,
        PassMs = _ => 10,
        MostTogether = 1,
    };

    [Theory]
    [InlineData(20)]
    [InlineData(50)]
    [InlineData(80)]
    public void One_silo_waits_as_Pollaczek_and_Khinchine_say(double rate)
    {
        double load = rate * 10 / 1000;
        double[] latency = ClusterSimulation.Run(OneByOne with { SearchesPerSecond = rate }, Many, seed: 1);

        double mean = 10 + (load * 10 / (2 * (1 - load))); // M/D/1
        Assert.InRange(latency.Average(), 0.97 * mean, 1.03 * mean);
        Assert.True(latency[0] >= 10);
    }

    [Fact]
    public void Searches_that_wait_share_a_pass()
    {
        double[] latency = ClusterSimulation.Run(
            OneByOne with { SearchesPerSecond = 400, MostTogether = 64 }, Many, seed: 1);

        // Whoever comes waits for the pass that runs and is in the next one.
        Assert.InRange(latency.Average(), 14.5, 15.5);
        Assert.True(latency[^1] <= 20.0001);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(100)]
    public void The_slowest_of_all_silos_is_waited_for(int silos)
    {
        ClusterModel rare = new()
        {
            Silos = silos,
            SearchesPerSecond = 0.001, // nobody meets anybody
            PassMs = _ => 10,
            SlowChance = 0.01,
            SlowFactor = 5,
            MessageMs = 2,
            GatherMs = 0.01,
        };

        double[] latency = ClusterSimulation.Run(rare, 20_000, seed: 3);

        double least = 12 + (0.01 * silos);
        Assert.Equal(least, latency[0], 1e-3);
        double slow = latency.Count(one => one > least + 1) / (double)latency.Length;
        double wanted = 1 - Math.Pow(0.99, silos);
        Assert.InRange(slow, wanted - 0.02, wanted + 0.02);
        Assert.Equal(least + 40, latency[^1], 1e-3);
    }

    [Fact]
    public void Asking_twice_cuts_the_tail_to_the_hedge_and_one_pass()
    {
        ClusterModel slow = new()
        {
            Silos = 20,
            SearchesPerSecond = 0.1,
            PassMs = _ => 10,
            SlowChance = 0.01,
            SlowFactor = 50,
            HedgeMs = 15,
        };

        double[] hedged = ClusterSimulation.Run(slow, 20_000, seed: 3);

        Assert.Equal(10, Sizing.At(hedged, 0.5), 1e-3);
        Assert.Equal(25, Sizing.At(hedged, 0.99), 1e-3);
        Assert.Equal(500, Sizing.At(ClusterSimulation.Run(slow with { HedgeMs = null }, 20_000, 3), 0.99), 1e-3);
    }

    [Fact]
    public void The_same_seed_gives_the_same_latencies_and_too_much_load_is_refused()
    {
        ClusterModel model = OneByOne with { Silos = 3, SlowChance = 0.1, SlowFactor = 3, HedgeMs = 12 };

        Assert.Equal(ClusterSimulation.Run(model, 1000, 5), ClusterSimulation.Run(model, 1000, 5));
        Assert.NotEqual(ClusterSimulation.Run(model, 1000, 5), ClusterSimulation.Run(model, 1000, 6));
        Assert.Throws<ArgumentException>(() =>
            ClusterSimulation.Run(OneByOne with { SearchesPerSecond = 101 }, 1000, 5));
    }

    [Fact]
    public void Both_measured_rates_come_out_of_the_cost_of_a_pass()
    {
        ProbeFigures probe = new("eyes", 4e6, 8e6, 1000);

        Assert.Equal(0.25, probe.CoreSeconds(1e6, 1), 1e-9);
        Assert.Equal(1, probe.CoreSeconds(1e6, ProbeFigures.Together), 1e-9);
        Assert.Equal(1, new ProbeFigures("slower together", 8e6, 4e6, 1000).CoreSeconds(1e6, 4), 1e-9);
    }

    [Fact]
    public void Machines_are_what_memory_or_speed_asks_for()
    {
        MachineFigures machine = new()
        {
            Machine = "m",
            Source = "s",
            MessageMs = 1,
            GatherMs = 0.01,
            Probes = [new ProbeFigures("p", 1e6, 1e6, 1000)],
        };
        Assumptions assumed = new()
        {
            Cores = 10,
            MemoryGiB = 1e12 / (1L << 30),
            MemoryShare = 0.5,
            MostUtilisation = 0.5,
            SlowChance = 0,
        };

        SizingResult held = Sizing.Of(new Demand("memory", 4.99e9, 0.001), machine.Probes[0], machine, assumed with
        {
            LimitMs = 1e6,
        });
        SizingResult busy = Sizing.Of(new Demand("speed", 1e6, 50), machine.Probes[0], machine, assumed);

        Assert.Equal((10, 10), (held.MachinesByMemory, held.Machines));
        Assert.Equal((10, 10), (busy.MachinesBySpeed, busy.Machines));
        Assert.InRange(busy.P50Ms, 11, 25);
        Assert.Equal(0.5, busy.Utilisation, 1e-9);
    }
}
