namespace MatchCluster.LoadTest.Workload;

/// <summary>One kind of caller beside others: its part of the searches, what it asks, how urgent that is.</summary>
internal sealed record Partner
{
    /// <summary>The partner's name in reports.</summary>
    public required string Name { get; init; }

    /// <summary>The partner's share of the searches; the shares of all partners add up to 1.</summary>
    public required double Share { get; init; }

    /// <summary>OSIA's priority, 0..9; null leaves it to the server.</summary>
    public int? Priority { get; init; }

    public required ProbeMix Mix { get; init; }

    /// <summary>Share of probes whose person is enrolled.</summary>
    public required double Mated { get; init; }

    /// <summary>Fingers of a finger probe, 1..10.</summary>
    public required int Fingers { get; init; }

    public required TimeSpan Deadline { get; init; }

    /// <summary>Headers of each of its searches. They are never printed: they may hold credentials.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Name and priority, for reports.</summary>
    public string Title => Priority is { } priority ? $"{Name} ({priority})" : Name;
}
