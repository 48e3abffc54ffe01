using MatchCluster.LoadTest.Workload;

namespace MatchCluster.LoadTest.Fairness;

/// <summary>What is asked of a server to see whether one partner's haste is another's wait.</summary>
internal sealed record FairnessOptions
{
    /// <summary>The two partners (the quiet one first), what they ask, and the seconds of one situation.</summary>
    public required LoadOptions Load { get; init; }

    /// <summary>Searches a second that are the quiet partner's share; the other's are as its share says.</summary>
    public required double Rate { get; init; }

    /// <summary>How many times its share the noisy partner asks.</summary>
    public required double Factor { get; init; }

    /// <summary>How often each situation is made: in turn, so that a machine that is not always as fast favours
    /// none.</summary>
    public required int Rounds { get; init; }

    /// <summary>The quiet partner's p95 beside the noisy one, over the one where both keep to their share.</summary>
    public required double MostRatio { get; init; }

    public Partner Quiet => Load.Partners[0];

    public Partner Noisy => Load.Partners[1];

    /// <summary>Searches a second that are the noisy partner's share.</summary>
    public double NoisyRate => Rate * Noisy.Share / Quiet.Share;

    /// <summary>Searches a second of all in the loudest situation.</summary>
    public double MostRate => Rate + (Factor * NoisyRate);

    /// <summary>What each situation asks of whom.</summary>
    public IReadOnlyList<Situation> Situations =>
    [
        new($"{Quiet.Name} alone", Rate, 0),
        new($"{Noisy.Name} alone", 0, NoisyRate),
        new("both at their share", Rate, NoisyRate),
        new($"{Noisy.Name} asks {Factor:0.#} times its share", Rate, Factor * NoisyRate),
    ];
}

/// <param name="Name">For reports.</param>
/// <param name="QuietRate">Searches a second of the quiet partner.</param>
/// <param name="NoisyRate">Searches a second of the noisy one.</param>
internal sealed record Situation(string Name, double QuietRate, double NoisyRate)
{
    /// <summary>The run of it; who asks nothing is left out.</summary>
    public LoadOptions Of(FairnessOptions options, int seed)
    {
        double all = QuietRate + NoisyRate;
        return options.Load with
        {
            Rate = all,
            Seed = seed,
            Partners =
            [
                .. new[]
                {
                    options.Quiet with { Share = QuietRate / all }, options.Noisy with { Share = NoisyRate / all },
                }.Where(partner => partner.Share > 0),
            ],
        };
    }
}
