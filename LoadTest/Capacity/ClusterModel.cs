namespace MatchCluster.LoadTest.Capacity;

/// <summary>A cluster as the simulation knows it: equal silos, each with an equal part of every search.</summary>
internal sealed record ClusterModel
{
    public required int Silos { get; init; }

    /// <summary>Searches a second; they arrive as a Poisson process.</summary>
    public required double SearchesPerSecond { get; init; }

    /// <summary>
    /// Milliseconds that one pass of so many searches takes at one silo, without noise.
    /// </summary>
    public required Func<int, double> PassMs { get; init; }

    /// <summary>Searches that share one pass at most.</summary>
    public int MostTogether { get; init; } = 1;

    /// <summary>Milliseconds of a message to a silo and back.</summary>
    public double MessageMs { get; init; }

    /// <summary>Milliseconds of the front end's work for each silo's answer.</summary>
    public double GatherMs { get; init; }

    /// <summary>Chance that a pass meets a collection, a noisy neighbour, a disk.</summary>
    public double SlowChance { get; init; }

    /// <summary>How many times as long such a pass takes.</summary>
    public double SlowFactor { get; init; } = 1;

    /// <summary>
    /// Milliseconds after which a silo's part is asked for a second time, of the silo that holds its copy; null never
    /// asks twice.
    /// </summary>
    public double? HedgeMs { get; init; }

    /// <summary>Share of its time that a silo works when as many searches as possible share a pass.</summary>
    public double Utilisation =>
        SearchesPerSecond * MeanSlowdown * PassMs(MostTogether) / MostTogether / 1000;

    private double MeanSlowdown => 1 + (SlowChance * (SlowFactor - 1));
}
