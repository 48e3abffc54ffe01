namespace MatchCluster.Matching.Scores;

/// <summary>
/// What a fused score needs from its samples. <see cref="Fusion.Fuse"/> rises with every sample's score. So
/// samples that all lie at or below s fuse to at most the score of equally many samples of s. An identity
/// reaches a fused score only if one of its samples lies above the highest s with which it just fails.
/// </summary>
internal static class FusionFloor
{
    /// <summary>A margin larger than the rounding error of a score.</summary>
    private const double Slack = 0.01;

    /// <summary>
    /// A score such that an identity with 1..<paramref name="samples"/> comparisons whose fused score reaches
    /// <paramref name="fused"/> has a comparison of at least it; 0 where every identity may.
    /// </summary>
    public static double Of(double fused, int samples)
    {
        double least = double.PositiveInfinity;
        Span<double> scores = stackalloc double[Math.Max(samples, 1)];
        for (int count = 1; count <= samples; count++)
        {
            least = Math.Min(least, FailsAt(fused, scores[..count]));
        }

        return double.IsInfinity(least) ? 0 : Math.Max(least - Slack, 0);
    }

    /// <summary>
    /// The highest score, nearly, that all of the samples may have while they fuse to less than
    /// <paramref name="fused"/>.
    /// </summary>
    private static double FailsAt(double fused, Span<double> scores)
    {
        double fails = 0;
        double reaches = Math.Max(fused, 0) + 1;
        scores.Clear();
        if (Fusion.Fuse(scores) >= fused)
        {
            return 0;
        }

        // Several samples may need more each than one alone: the far end is looked for first.
        scores.Fill(reaches);
        while (Fusion.Fuse(scores) < fused)
        {
            fails = reaches;
            reaches *= 2;
            scores.Fill(reaches);
        }

        while (reaches - fails > Slack)
        {
            double middle = (fails + reaches) / 2;
            scores.Fill(middle);
            if (Fusion.Fuse(scores) < fused)
            {
                fails = middle;
            }
            else
            {
                reaches = middle;
            }
        }

        return fails;
    }
}
