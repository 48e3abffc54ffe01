using MatchCluster.Matching.Model;

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

    /// <summary>
    /// The share of mated identities that the search is expected to lose before full scoring; null where nothing was
    /// screened, or where an older partition does not say it.
    /// </summary>
    public StageLoss? Loss { get; init; }

    /// <summary>The share that was passed on; 1 where there was nobody.</summary>
    public double Penetration => Encounters == 0 ? 1 : Passed / (double)Encounters;

    /// <summary>
    /// The stage with who was found. Whoever is lost among sampled irises may be found by fingers, and the other way
    /// round: the higher of the two losses counts.
    /// </summary>
    /// <param name="reached">Passed encounters that reached the threshold.</param>
    /// <param name="missed">Audited ones that did.</param>
    /// <param name="lossOfIrises">The loss of sampled irises; null where none were.</param>
    public FirstStage Ended(long reached, long missed, StageLoss? lossOfIrises) => this with
    {
        Reached = reached,
        Missed = missed,
        Loss = Loss is { } ofFingers && lossOfIrises is { } ofIrises
            ? StageLoss.Highest(ofFingers, ofIrises) : Loss ?? lossOfIrises,
    };

    public static FirstStage? Add(FirstStage? a, FirstStage? b) => a is null || b is null ? a ?? b : new FirstStage
    {
        Encounters = a.Encounters + b.Encounters,
        Passed = a.Passed + b.Passed,
        Reached = a.Reached + b.Reached,
        Audited = a.Audited + b.Audited,
        Missed = a.Missed + b.Missed,
        Comparisons = a.Comparisons + b.Comparisons,
        Loss = LossOf(a, b),
    };

    /// <summary>A part in which nothing was screened loses nobody; one that does not say it loses as many.</summary>
    private static StageLoss? LossOf(FirstStage a, FirstStage b) => (a.Loss, b.Loss) switch
    {
        (null, null) => null,
        (null, { } stated) when a.Comparisons > 0 => stated,
        ({ } stated, null) when b.Comparisons > 0 => stated,
        _ => StageLoss.Join(a.Loss ?? StageLoss.None, a.Encounters, b.Loss ?? StageLoss.None, b.Encounters),
    };
}
