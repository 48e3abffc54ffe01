using MatchCluster.Matching.Scan.Screening;

namespace MatchCluster.Benchmarks.Recall;

/// <summary>Evidence of the first stage for pseudo-persons, fingers added up.</summary>
/// <param name="Mated">Evidence of persons with themselves, where an exhaustive search finds them.</param>
/// <param name="Strangers">Evidence of non-mated persons.</param>
/// <param name="Threshold">Score (-10 log10 FMR) that was asked for.</param>
internal sealed record PersonEvidence(
    IReadOnlyList<Screened> Mated, IReadOnlyList<Screened> Strangers, double Threshold)
{
    private readonly ScreenThresholds first = ScreenThresholds.For(Threshold);

    public static PersonEvidence Join(IEnumerable<PersonEvidence> parts)
    {
        PersonEvidence[] all = [.. parts];
        return new(
            [.. all.SelectMany(part => part.Mated)], [.. all.SelectMany(part => part.Strangers)], all[0].Threshold);
    }

    /// <summary>Share of the mated that the first stage chooses.</summary>
    public double Chosen => Share(Mated, IsChosen);

    /// <summary>Share of the mated that the engine scores in full.</summary>
    public double Recall => Share(Mated, IsScored);

    /// <summary>Evidence that the engine asks for.</summary>
    public int Committed => first.LeastFor(Mated[0].Fingers);

    /// <summary>Share of the mated that would be scored in full if the first stage asked for other evidence.</summary>
    public double RecallFrom(int evidence) => Share(Mated, one => IsScored(one, evidence));

    /// <summary>Whether a mated person would be lost if the first stage asked for other evidence.</summary>
    public bool IsLost(Screened one, int evidence) => !IsScored(one, evidence);

    /// <summary>Share of the non-mated that the first stage chooses.</summary>
    public double Penetration => Share(Strangers, IsChosen);

    /// <summary>Share of the non-mated that are scored in full.</summary>
    public double Scored => Share(Strangers, IsScored);

    /// <summary>The evidence that all but so many of the mated reach.</summary>
    public int ThresholdFor(double loss)
    {
        int[] ordered = [.. Mated.Select(e => e.Evidence).Order()];
        return ordered[(int)(loss * ordered.Length)];
    }

    public static double ShareFrom(IReadOnlyList<Screened> people, int threshold) =>
        Share(people, one => one.Evidence >= threshold);

    private static double Share(IReadOnlyList<Screened> people, Func<Screened, bool> holds) =>
        people.Count == 0 ? double.NaN : people.Average(one => holds(one) ? 1.0 : 0);

    private bool IsChosen(Screened one) => one.GoesOn && first.IsEnough(one.Evidence, one.Fingers);

    private bool IsScored(Screened one) => IsScored(one, first.LeastFor(one.Fingers));

    private bool IsScored(Screened one, int evidence) => one.GoesOn && one.Evidence >= evidence
        && SecondStageThresholds.For(Threshold, one.Fingers).Allows(one.Similarity, one.Score);
}

/// <summary>One pseudo-person in the first two stages.</summary>
/// <param name="Fingers">Fingers compared.</param>
/// <param name="GoesOn">Whether the fingers before the last left the person in question.</param>
/// <param name="Evidence">Evidence of all fingers.</param>
/// <param name="Strongest">Evidence of the finger that agrees best.</param>
/// <param name="Similarity">Similarity of that finger in the second stage.</param>
/// <param name="Score">Its score after the third.</param>
/// <param name="Drawn">Bits of the fingers that make the person, by their number in the set.</param>
internal readonly record struct Screened(
    int Fingers, bool GoesOn, int Evidence, int Strongest, int Similarity, double Score, ulong Drawn)
{
    public Screened With(int evidence, int similarity, double score, int finger)
    {
        Screened more = this with
        {
            Fingers = Fingers + 1,
            GoesOn = Fingers == 0 || (GoesOn && ScreenThresholds.MayGoOn(Evidence, Fingers)),
            Evidence = Evidence + evidence,
            Drawn = Drawn | (1UL << finger),
        };
        return Fingers == 0 || evidence > Strongest
            ? more with { Strongest = evidence, Similarity = similarity, Score = score } : more;
    }
}
