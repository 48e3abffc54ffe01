namespace MatchCluster.Matching.Seam;

/// <summary>What the first stage did for one search, counted in encounters that the search may see.</summary>
public sealed record FirstStage
{
    /// <summary>Encounters that the search may see.</summary>
    public required long Encounters { get; init; }

    /// <summary>Encounters that the first stage passed on to be scored in full.</summary>
    public required long Passed { get; init; }

    /// <summary>Passed encounters that reached the threshold.</summary>
    public long Reached { get; init; }

    /// <summary>
    /// Encounters of the audit: a sample of those passed over, scored in full to see what the first stage
    /// misses.
    /// </summary>
    public long Audited { get; init; }

    /// <summary>Audited encounters that reached the threshold: they were found by the audit alone.</summary>
    public long Missed { get; init; }

    /// <summary>Fingers, or eyes of a fast search, compared in the first stage.</summary>
    public long Comparisons { get; init; }

    /// <summary>The share that was passed on; 1 where there was nobody.</summary>
    public double Penetration => Encounters == 0 ? 1 : Passed / (double)Encounters;

    public static FirstStage? Add(FirstStage? a, FirstStage? b) => a is null || b is null ? a ?? b : new FirstStage
    {
        Encounters = a.Encounters + b.Encounters,
        Passed = a.Passed + b.Passed,
        Reached = a.Reached + b.Reached,
        Audited = a.Audited + b.Audited,
        Missed = a.Missed + b.Missed,
        Comparisons = a.Comparisons + b.Comparisons,
    };
}
