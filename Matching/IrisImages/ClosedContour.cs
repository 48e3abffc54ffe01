namespace MatchCluster.Matching.IrisImages;

/// <summary>
/// The closed path of the largest gain around a polar sheet that moves at most one sample from ray to ray
/// (dynamic programming; A. Viterbi, IEEE Trans. Information Theory 13, 1967; used for irises by OSIRIS, N.
/// Othman and others, Pattern Recognition Letters 82, 2016).
/// </summary>
internal static class ClosedContour
{
    /// <summary>
    /// The sample of the path on each ray. The path is followed for one turn and a half, of which the middle
    /// turn is taken: there, start and end meet but for a sample or two.
    /// </summary>
    /// <param name="gain">Gain of each sample, ray by ray.</param>
    /// <param name="rays">Number of rays.</param>
    /// <param name="samples">Samples of a ray.</param>
    /// <param name="bend">What a move to the next sample costs.</param>
    public static int[] Find(ReadOnlySpan<int> gain, int rays, int samples, int bend)
    {
        int lead = rays / 4;
        int steps = rays + (2 * lead);
        sbyte[] moves = new sbyte[steps * samples];
        int[] before = new int[samples];
        int[] now = new int[samples];
        for (int step = 0; step < steps; step++)
        {
            ReadOnlySpan<int> here = gain.Slice((step + rays - lead) % rays * samples, samples);
            Span<sbyte> move = moves.AsSpan(step * samples, samples);
            for (int k = 0; k < samples; k++)
            {
                int best = before[k];
                int from = 0;
                if (k > 0 && before[k - 1] - bend > best)
                {
                    best = before[k - 1] - bend;
                    from = -1;
                }

                if (k + 1 < samples && before[k + 1] - bend > best)
                {
                    best = before[k + 1] - bend;
                    from = 1;
                }

                now[k] = best + here[k];
                move[k] = (sbyte)from;
            }

            (before, now) = (now, before);
        }

        int at = 0;
        for (int k = 1; k < samples; k++)
        {
            at = before[k] > before[at] ? k : at;
        }

        int[] path = new int[rays];
        for (int step = steps - 1; step >= lead; step--)
        {
            if (step < lead + rays)
            {
                path[step - lead] = at;
            }

            at += moves[(step * samples) + at];
        }

        return path;
    }

    /// <summary>A path with its peaks placed between samples, by the parabola through three gains.</summary>
    public static double[] Between(ReadOnlySpan<int> gain, ReadOnlySpan<int> path, int samples)
    {
        double[] fine = new double[path.Length];
        for (int ray = 0; ray < path.Length; ray++)
        {
            int k = path[ray];
            fine[ray] = k;
            if (k > 0 && k + 1 < samples)
            {
                int at = (ray * samples) + k;
                double curve = gain[at - 1] - (2.0 * gain[at]) + gain[at + 1];
                if (curve < 0)
                {
                    fine[ray] += Math.Clamp((gain[at - 1] - gain[at + 1]) / (2 * curve), -0.5, 0.5);
                }
            }
        }

        return fine;
    }
}
