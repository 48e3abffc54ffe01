namespace MatchCluster.Matching.Scan.Screening;

/// <summary>
/// Second-stage similarities that an identity needs before the third stage is made for it. They follow from the
/// threshold that the caller asked for and never from what was found so far, so that nobody's answer depends on who
/// was met first; scores of whoever is returned are those of all stages.
/// </summary>
/// <remarks>
/// A fifth of the non-mated persons whom the first stage passes on is left. Of pseudo-persons on FVC2002 whom
/// the first stage passes on and whose score reaches the threshold, 1 in 1,000 is lost with one finger and 4
/// in 10,000 with two (<c>Benchmarks recall</c>); below a score of 20 nothing is asked for.
/// </remarks>
/// <param name="Strongest">
/// Least similarity of the finger that agrees best in the first stage: below it no other finger is compared.
/// </param>
/// <param name="Any">Least similarity of the finger that is most like its row.</param>
internal readonly record struct SecondStageThresholds(int Strongest, int Any)
{
    /// <summary>What a search of a threshold asks for; nothing where thresholds are low.</summary>
    /// <param name="threshold">-10 log10 FMR.</param>
    public static SecondStageThresholds For(double threshold) => threshold switch
    {
        >= 47 => new(1000, 1150),
        >= 30 => new(1000, 1100),
        >= 20 => new(950, 1000),
        _ => default,
    };

    /// <summary>Whether an identity goes on.</summary>
    /// <param name="strongest">Similarity of the finger that agrees best in the first stage.</param>
    /// <param name="most">The greatest similarity of any of its fingers.</param>
    public bool Allows(int strongest, int most) => most >= Any && strongest >= Strongest;
}
