using MatchCluster.Matching.Scan.Screening;

namespace MatchCluster.Benchmarks.Recall;

/// <summary>Evidence of the first stage for pseudo-persons, fingers added up.</summary>
/// <param name="Mated">Of persons with themselves, where an exhaustive search finds them.</param>
/// <param name="Strangers">Of persons with others.</param>
internal sealed record PersonEvidence(IReadOnlyList<int> Mated, IReadOnlyList<int> Strangers)
{
    public static PersonEvidence Join(IEnumerable<PersonEvidence> parts)
    {
        PersonEvidence[] all = [.. parts];
        return new([.. all.SelectMany(part => part.Mated)], [.. all.SelectMany(part => part.Strangers)]);
    }

    /// <summary>Share of the mated that the engine scores.</summary>
    public double Recall(int fingers) => Mated.Average(e => ScreenEvidence.IsEnough(e, fingers) ? 1.0 : 0);

    /// <summary>Share of strangers that the engine scores.</summary>
    public double Penetration(int fingers) => Strangers.Average(e => ScreenEvidence.IsEnough(e, fingers) ? 1.0 : 0);

    /// <summary>The evidence that all but so many of the mated reach.</summary>
    public int ThresholdFor(double loss)
    {
        int[] ordered = [.. Mated.Order()];
        return ordered[(int)(loss * ordered.Length)];
    }

    public static double ShareFrom(IReadOnlyList<int> evidence, int threshold) =>
        evidence.Average(e => e >= threshold ? 1.0 : 0);
}
