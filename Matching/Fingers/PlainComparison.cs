using System.Numerics;

namespace MatchCluster.Matching.Fingers;

/// <summary>
/// The comparison of two fingers as the paper tells it, loop by loop: local similarities, greedy
/// one-to-one choice of pairs (LGS), relaxation, mean of the relaxed similarities of the most
/// efficient pairs. This twin decides: every faster form returns the same integer.
/// </summary>
/// <remarks>
/// Similarities are fixed point of 15 bits, relaxed similarities of 24. Single precision is used with +, -, *, / and
/// square root alone, in the order written here, so that lanes of a vector give equal results.
/// </remarks>
internal static class PlainComparison
{
    private readonly record struct Pair(int Probe, int Row, int Similarity)
    {
        public uint Key =>
            SimilarityKeys.Base(Probe) - (uint)Row + ((uint)Similarity << SimilarityKeys.SimilarityShift);
    }

    /// <summary>Compares two fingers; the similarity is 0..<see cref="FingerScorer.One"/>.</summary>
    /// <param name="left">Receives the pairs and their relaxed similarities, where wanted.</param>
    public static int Compare(
        ReadOnlySpan<byte> probeBytes, ReadOnlySpan<byte> rowBytes, FingerScratch? left = null)
    {
        FingerRow probe = FingerRow.Over(probeBytes);
        FingerRow row = FingerRow.Over(rowBytes);
        int smaller = Math.Min(probe.Cylinders, row.Cylinders);
        int wanted = Math.Min(smaller, MccParameters.MaxRelaxedPairs);
        List<Pair> pairs = Choose(Similarities(probe, row), wanted);
        if (pairs.Count < FingerScorer.LeastPairs)
        {
            return 0;
        }

        int[] first = [.. pairs.Select(p => p.Similarity << 9)];
        int[] relaxed = Relax(first, Compatibilities(probe, row, pairs), wanted);
        if (left is not null)
        {
            left.Pairs = pairs.Count;
            pairs.Select(p => p.Key).ToArray().CopyTo(left.Chosen, 0);
            relaxed.CopyTo(left.Relaxed, 0);
        }

        int finalPairs = RelaxationTables.FinalPairs[smaller];
        long sum = Enumerable.Range(0, pairs.Count)
            .OrderByDescending(t => (float)relaxed[t] / first[t]) // efficiency
            .ThenBy(t => t)
            .Take(finalPairs)
            .Sum(t => (long)relaxed[t]);
        return (int)(sum / finalPairs >> 8);
    }

    /// <summary>
    /// 1 - sqrt|a xor b| / (sqrt|a| + sqrt|b|) in 2^-15 for every cylinder of the probe with every one of the row; 0
    /// where their directions are more than a quarter turn apart.
    /// </summary>
    private static int[,] Similarities(FingerRow probe, FingerRow row)
    {
        int[,] similarities = new int[probe.Cylinders, row.Cylinders];
        for (int i = 0; i < probe.Cylinders; i++)
        {
            for (int j = 0; j < row.Cylinders; j++)
            {
                short apart = (short)(probe.Angles[i] - row.Angles[j]);
                if (apart is < -MccParameters.DirectionWindow or > MccParameters.DirectionWindow)
                {
                    continue;
                }

                int differing = 0;
                for (int section = 0; section < MccParameters.Sections; section++)
                {
                    int step = section * FingerRow.Lanes;
                    differing += BitOperations.PopCount(
                        probe.Bits[FingerRow.WordOf(i) + step] ^ row.Bits[FingerRow.WordOf(j) + step]);
                }

                float distance = MathF.Sqrt(differing) / (probe.Roots[i] + row.Roots[j]);
                similarities[i, j] = (int)((1 - distance) * RelaxationTables.Unit);
            }
        }

        return similarities;
    }

    /// <summary>
    /// Takes the most similar pair whose cylinders are both free, until enough are taken or none is left; among
    /// equals the lower probe index, then the lower row index.
    /// </summary>
    private static List<Pair> Choose(int[,] similarities, int wanted)
    {
        List<Pair> pairs = [];
        bool[] probeTaken = new bool[similarities.GetLength(0)];
        bool[] rowTaken = new bool[similarities.GetLength(1)];
        while (pairs.Count < wanted)
        {
            Pair best = default;
            for (int i = 0; i < probeTaken.Length; i++)
            {
                for (int j = 0; j < rowTaken.Length; j++)
                {
                    if (!probeTaken[i] && !rowTaken[j] && similarities[i, j] > best.Similarity)
                    {
                        best = new(i, j, similarities[i, j]);
                    }
                }
            }

            if (best.Similarity == 0)
            {
                break;
            }

            probeTaken[best.Probe] = true;
            rowTaken[best.Row] = true;
            pairs.Add(best);
        }

        return pairs;
    }

    /// <summary>
    /// How well two pairs agree as parts of one rigid motion, in 2^-15: distance between the two minutiae, difference
    /// of their directions, direction of the one seen from the other, each through its sigmoid.
    /// </summary>
    private static int[,] Compatibilities(FingerRow probe, FingerRow row, List<Pair> pairs)
    {
        int[,] compatibilities = new int[pairs.Count, pairs.Count];
        for (int t = 0; t < pairs.Count; t++)
        {
            for (int k = 0; k < pairs.Count; k++)
            {
                compatibilities[t, k] = t == k ? 0 : Compatibility(probe, row, pairs[t], pairs[k]);
            }
        }

        return compatibilities;
    }

    private static int Compatibility(FingerRow probe, FingerRow row, Pair t, Pair k)
    {
        int turn = (short)(probe.Angles[t.Probe] - row.Angles[t.Row]);
        int turnOfOther = (short)(probe.Angles[k.Probe] - row.Angles[k.Row]);
        int turned = Math.Abs((int)(short)(turn - turnOfOther));

        float ax = probe.X[k.Probe] - probe.X[t.Probe];
        float ay = probe.Y[k.Probe] - probe.Y[t.Probe];
        float bx = row.X[k.Row] - row.X[t.Row];
        float by = row.Y[k.Row] - row.Y[t.Row];
        float a = MathF.Sqrt((ax * ax) + (ay * ay));
        float b = MathF.Sqrt((bx * bx) + (by * by));
        float stretched = MathF.Abs(a - b);

        // Turning the probe by -turn brings pair t into line: what angle is then left between the two views of k?
        float dot = (ax * bx) + (ay * by);
        float cross = (bx * ay) - (by * ax);
        float aligned = (RelaxationTables.Cosine(turn) * dot) + (RelaxationTables.Sine(turn) * cross);
        float product = a * b;

        // Places are whole units, so only a product of 0 (two in one place) is below 1; its angle is undefined.
        float bent = (1 - (aligned / MathF.Max(product, 1))) * RelaxationTables.CosineSteps;
        return RelaxationTables.Distance[(int)MathF.Min(stretched, RelaxationTables.DistanceLimit)]
            * RelaxationTables.Turn[Math.Min(turned, RelaxationTables.TurnLimit) >> RelaxationTables.TurnShift]
            / RelaxationTables.Unit
            * RelaxationTables.Radial[(int)Math.Clamp(bent, 0, RelaxationTables.RadialLimit)]
            / RelaxationTables.Unit;
    }

    /// <summary>
    /// n_rel rounds of: half of one's own value, half of the mean of the others' weighted by compatibility. Values in
    /// 2^-24.
    /// </summary>
    private static int[] Relax(int[] first, int[,] compatibilities, int wanted)
    {
        int[] now = first;
        for (int round = 0; round < MccParameters.RelaxationRounds; round++)
        {
            int[] next = new int[now.Length];
            for (int t = 0; t < now.Length; t++)
            {
                next[t] = now[t] >> 1;
                for (int k = 0; k < now.Length; k++)
                {
                    long weight = compatibilities[t, k] * RelaxationTables.HalfMean[wanted];
                    next[t] += (int)(weight * now[k] >> 31);
                }
            }

            now = next;
        }

        return now;
    }
}
