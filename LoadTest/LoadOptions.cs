namespace MatchCluster.LoadTest;

/// <summary>One run, as it was asked for.</summary>
internal sealed record LoadOptions
{
    public required Uri Url { get; init; }

    /// <summary>Searches a second.</summary>
    public required double Rate { get; init; }

    public required TimeSpan Duration { get; init; }

    /// <summary>At the start of the duration, sent and not counted.</summary>
    public TimeSpan WarmUp { get; init; }

    /// <summary>Synthetic persons 0 .. People-1 are enrolled on the server; the ones after are not.</summary>
    public required int People { get; init; }

    /// <summary>Seed of the population, of the arrivals and of every draw.</summary>
    public required int Seed { get; init; }

    public required string Gallery { get; init; }

    public required ProbeMix Mix { get; init; }

    /// <summary>Share of probes whose person is enrolled.</summary>
    public required double Mated { get; init; }

    /// <summary>Enrolments a second, beside the searches.</summary>
    public required double EnrolRate { get; init; }

    /// <summary>Fingers of a finger probe, 1..10.</summary>
    public required int Fingers { get; init; }

    public required TimeSpan Deadline { get; init; }

    public required int MaxInFlight { get; init; }

    /// <summary>Most bodies prepared of each kind; a longer run asks some of them again.</summary>
    public required int Pool { get; init; }

    public FileInfo? Json { get; init; }
}
