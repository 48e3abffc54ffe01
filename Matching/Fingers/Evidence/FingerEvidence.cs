namespace MatchCluster.Matching.Fingers.Evidence;

/// <summary>What the best alignment of two prints shows.</summary>
/// <param name="Mates">Minutiae paired one to one; the pairs are in <see cref="EvidenceScratch.Best"/>.</param>
/// <param name="ProbeOverlap">Minutiae of the probe inside the row's hull; at least the paired ones.</param>
/// <param name="RowOverlap">Minutiae of the row inside the probe's hull; at least the paired ones.</param>
/// <param name="Expected64">Pairs that chance would give there, in 64ths.</param>
/// <param name="MatesEvidence">Sum over the pairs, less the unpaired minutiae, in 1024ths.</param>
/// <param name="CountEvidence">How far the count is above chance, in 1024ths.</param>
/// <param name="Motion">What brings the row onto the probe.</param>
internal readonly record struct EvidenceFound(
    int Mates, int ProbeOverlap, int RowOverlap, int Expected64, int MatesEvidence, int CountEvidence, Motion Motion);

/// <summary>
/// Stage 3, for comparisons that could matter: the prints are laid over one another by the pairs that survived
/// relaxation, minutiae are paired one to one, and their number is held against what chance gives in an
/// overlap of that size.
/// </summary>
/// <remarks>
/// It asks what the second stage does not: relaxation looks at the best dozen pairs, however many minutiae in the
/// overlap contradict them. Work is bounded: 3 alignments x 3 rounds of at most 64 x 64 looks. Everything is
/// integers, or doubles with +, -, *, / and square root in a fixed order.
/// </remarks>
internal static class FingerEvidence
{
    /// <summary>
    /// The alignment whose paired minutiae give the most evidence; empty where no pair was chosen.
    /// </summary>
    /// <param name="probe">The probe.</param>
    /// <param name="row">The gallery row.</param>
    /// <param name="shape">Shape of the probe.</param>
    /// <param name="pairs">Chosen pairs of the second stage, keys of <see cref="SimilarityKeys"/>.</param>
    /// <param name="relaxed">Relaxed similarity of each.</param>
    /// <param name="scratch">The working memory of this thread.</param>
    public static EvidenceFound Find(
        in FingerRow probe, in FingerRow row, PrintShape shape, ReadOnlySpan<uint> pairs, ReadOnlySpan<int> relaxed,
        EvidenceScratch scratch)
    {
        Sort(relaxed, scratch.Order);
        scratch.Row.Take(row);
        EvidenceFound best = new(0, 0, 0, 1, int.MinValue, 0, default);
        for (int rank = 0; rank < Math.Min(pairs.Length, EvidenceParameters.Hypotheses); rank++)
        {
            EvidenceFound found = Try(probe, row, shape, pairs, scratch.Order[rank], scratch);
            if (found.MatesEvidence > best.MatesEvidence)
            {
                best = found;
                scratch.Tried.AsSpan(0, found.Mates).CopyTo(scratch.Best);
            }
        }

        return best;
    }

    private static EvidenceFound Try(
        in FingerRow probe, in FingerRow row, PrintShape shape, ReadOnlySpan<uint> pairs, int seed,
        EvidenceScratch scratch)
    {
        Span<MinutiaPair> mates = scratch.Tried;
        Motion motion =
            Motion.Of(probe, row, SimilarityKeys.Probe(pairs[seed]), SimilarityKeys.Row(pairs[seed]));
        int count = Support(probe, row, pairs, seed, motion, mates);
        motion = Motion.Fit(probe, row, mates[..count], motion);
        for (int round = 1; round <= EvidenceParameters.Rounds; round++)
        {
            // Rigid until the motion stands; the last round lets skin stretch.
            bool last = round == EvidenceParameters.Rounds;
            count = MinutiaPairing.Find(
                shape, scratch.Row, motion, mates[..(last && count > 2 ? count : 0)], scratch, mates);
            if (count < 2)
            {
                break;
            }

            motion = last ? motion : Motion.Fit(probe, row, mates[..count], motion);
        }

        return Weigh(shape, motion, mates[..count], scratch);
    }

    /// <summary>The chosen pairs that lie about where a motion says, the seed among them.</summary>
    private static int Support(
        in FingerRow probe, in FingerRow row, ReadOnlySpan<uint> pairs, int seed, in Motion motion,
        Span<MinutiaPair> found)
    {
        int seedAt = SimilarityKeys.Probe(pairs[seed]);
        int count = 0;
        foreach (uint key in pairs)
        {
            int i = SimilarityKeys.Probe(key);
            int j = SimilarityKeys.Row(key);
            double dx = motion.X(row.X[j], row.Y[j]) - probe.X[i];
            double dy = motion.Y(row.X[j], row.Y[j]) - probe.Y[i];
            double sx = probe.X[i] - probe.X[seedAt];
            double sy = probe.Y[i] - probe.Y[seedAt];
            double reach = EvidenceParameters.SupportReach
                + (EvidenceParameters.SupportStretch * Math.Sqrt((sx * sx) + (sy * sy)));
            int turn = Math.Abs((int)(short)(row.Angles[j] + motion.Turn - probe.Angles[i]));
            if ((dx * dx) + (dy * dy) < reach * reach && turn < EvidenceParameters.SupportTurn)
            {
                found[count++] = new((byte)i, (byte)j, 0, 0);
            }
        }

        return count;
    }

    private static EvidenceFound Weigh(
        PrintShape probe, in Motion motion, ReadOnlySpan<MinutiaPair> mates, EvidenceScratch scratch)
    {
        Overlap overlap = Overlap.Of(probe, scratch.Row, motion, scratch);
        int ofProbe = Math.Max(overlap.Probe, mates.Length);
        int ofRow = Math.Max(overlap.Row, mates.Length);
        int evidence = -(int)(EvidenceParameters.UnmatchedCost * EvidenceParameters.Unit)
            * (Math.Min(ofProbe, ofRow) - mates.Length);
        foreach (MinutiaPair mate in mates)
        {
            evidence += EvidenceTables.MinutiaPair(mate.Distance, mate.Turn);
        }

        int expected64 = Expected64(ofProbe, ofRow, overlap.Area);
        return new(
            mates.Length, ofProbe, ofRow, expected64, evidence,
            EvidenceTables.AboveChance(mates.Length, expected64), motion);
    }

    /// <summary>
    /// Pairs by chance: every minutia of the one with every one of the other, times the share of the overlap
    /// within reach and the share of the circle within tolerance. At most 64, beyond which no count is
    /// evidence.
    /// </summary>
    private static int Expected64(int ofProbe, int ofRow, double area)
    {
        const double Near = Math.PI * EvidenceParameters.MateReach * EvidenceParameters.MateReach;
        const double Turned = 2.0 * EvidenceParameters.MateTurn / MccParameters.Turn
            * EvidenceParameters.DirectionCrowding;
        double expected = ofProbe * ofRow * Math.Min(1, Near / Math.Max(area, 1)) * Turned;
        expected = Math.Clamp(expected, EvidenceParameters.LeastExpected, Limits.MinutiaeScored);
        return (int)(expected * EvidenceTables.ExpectedSteps);
    }

    /// <summary>Indexes, highest value first; equals in their order.</summary>
    private static void Sort(ReadOnlySpan<int> values, int[] order)
    {
        for (int t = 0; t < values.Length; t++)
        {
            int at = t;
            for (; at > 0 && values[order[at - 1]] < values[t]; at--)
            {
                order[at] = order[at - 1];
            }

            order[at] = t;
        }
    }
}
