namespace MatchCluster.Matching.Scan.Screening;

/// <summary>
/// What the finger that agrees best in the first stage must show before an identity's other fingers are compared. It
/// follows from the threshold that the caller asked for and never from what was found so far, so that nobody's answer
/// depends on who was met first; scores of whoever is returned are those of all stages.
/// </summary>
/// <remarks>
/// A tenth of the non-mated persons whom the first stage chooses is left. Of pseudo-persons on real prints whom an
/// exhaustive search finds, fewer than 1 in 1,000 are lost here (<c>Benchmarks recall</c>); below a score of 20 nothing
/// is asked for.
/// </remarks>
/// <param name="Similarity">Least similarity in the second stage: below it the third stage is not made.</param>
/// <param name="Score">Least score after the third stage, by the committed curves whatever the answer is scored by.
/// </param>
internal readonly record struct SecondStageThresholds(int Similarity, double Score)
{
    /// <summary>What a search asks for; nothing where thresholds are low.</summary>
    /// <param name="threshold">-10 log10 FMR.</param>
    /// <param name="fingers">Fingers of the probe: one alone must reach the threshold, of several another may.</param>
    public static SecondStageThresholds For(double threshold, int fingers) => threshold switch
    {
        >= 47 => new(fingers > 1 ? 1020 : 1100, 16),
        >= 40 => fingers > 1 ? new(980, 13) : new(1080, 16),
        >= 30 => new(950, 10),
        >= 20 => new(940, 7),
        _ => default,
    };

    /// <summary>Whether an identity goes on.</summary>
    /// <param name="similarity">Similarity of the finger that agrees best in the first stage.</param>
    /// <param name="score">Its score by the committed curves.</param>
    public bool Allows(int similarity, double score) => similarity >= Similarity && score >= Score;
}
