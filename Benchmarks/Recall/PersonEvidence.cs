using MatchCluster.Matching.Scan.Screening;

namespace MatchCluster.Benchmarks.Recall;

/// <summary>Evidence of the first stage for pseudo-persons, fingers added up.</summary>
/// <param name="Mated">Evidence of persons with themselves, where an exhaustive search finds them.</param>
/// <param name="Strangers">Evidence of non-mated persons.</param>
internal sealed record PersonEvidence(IReadOnlyList<Screened> Mated, IReadOnlyList<Screened> Strangers)
{
    public static PersonEvidence Join(IEnumerable<PersonEvidence> parts)
    {
        PersonEvidence[] all = [.. parts];
        return new([.. all.SelectMany(part => part.Mated)], [.. all.SelectMany(part => part.Strangers)]);
    }

    /// <summary>Share of the mated that the engine scores.</summary>
    public double Recall(int fingers) => Mated.Average(e => e.Passes(fingers) ? 1.0 : 0);

    /// <summary>Share of the non-mated that pass the first stage.</summary>
    public double Penetration(int fingers) => Strangers.Average(e => e.IsEnough(fingers) ? 1.0 : 0);

    /// <summary>Share of the non-mated that are scored in full.</summary>
    public double Scored(int fingers) => Strangers.Average(e => e.Passes(fingers) ? 1.0 : 0);

    /// <summary>The evidence that all but so many of the mated reach.</summary>
    public int ThresholdFor(double loss)
    {
        int[] ordered = [.. Mated.Select(e => e.Evidence).Order()];
        return ordered[(int)(loss * ordered.Length)];
    }

    public static double ShareFrom(IReadOnlyList<Screened> people, int threshold) =>
        people.Average(e => e.Evidence >= threshold ? 1.0 : 0);
}

/// <summary>One pseudo-person in the first two stages.</summary>
/// <param name="Evidence">Evidence of all fingers.</param>
/// <param name="Strongest">Evidence of the finger that agrees best.</param>
/// <param name="Similarity">Similarity of that finger in the second stage.</param>
/// <param name="Most">The greatest similarity of any finger in the second stage.</param>
internal readonly record struct Screened(int Evidence, int Strongest, int Similarity, int Most)
{
    public Screened With(int evidence, int similarity)
    {
        int most = Math.Max(Most, similarity);
        return evidence > Strongest || Evidence == 0
            ? new(Evidence + evidence, evidence, similarity, most)
            : this with { Evidence = Evidence + evidence, Most = most };
    }

    public bool IsEnough(int fingers) => ScreenEvidence.IsEnough(Evidence, fingers);

    public bool Passes(int fingers) =>
        IsEnough(fingers) && SecondStageThresholds.For(EvidenceSet.FoundFrom).Allows(Similarity, Most);
}
