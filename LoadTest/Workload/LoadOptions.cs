namespace MatchCluster.LoadTest.Workload;

/// <summary>One run, as it was asked for.</summary>
internal sealed record LoadOptions
{
    public required Uri Url { get; init; }

    /// <summary>Searches a second.</summary>
    public required double Rate { get; init; }

    public required TimeSpan Duration { get; init; }

    /// <summary>Time at the start of the duration in which requests are sent and not counted.</summary>
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

    /// <summary>OSIA's priority, 0..9; null leaves it to the server.</summary>
    public int? Priority { get; init; }

    /// <summary>An access token of requests that bring none of their own. It is never printed.</summary>
    public string? Token { get; init; }

    /// <summary>Several kinds of callers at once; empty where there is one.</summary>
    public IReadOnlyList<Partner> Partners { get; init; } = [];

    /// <summary>Who searches: the partners, or the only one there is.</summary>
    public IReadOnlyList<Partner> Callers => Partners.Count > 0 ? Partners :
    [
        new Partner
        {
            Name = "all",
            Share = 1,
            Priority = Priority,
            Mix = Mix,
            Mated = Mated,
            Fingers = Fingers,
            Deadline = Deadline,
        },
    ];

    /// <summary>Kinds of search that somebody asks.</summary>
    public IReadOnlyList<RequestKind> Kinds =>
        [.. Callers.SelectMany(caller => caller.Mix.Kinds).Distinct().Order()];

    /// <summary>The longest deadline of all requests.</summary>
    public TimeSpan LongestDeadline => Callers.Max(caller => caller.Deadline) is var longest && longest > Deadline
        ? longest : Deadline;

    public FileInfo? Json { get; init; }
}
