namespace MatchCluster.Matching.Fingers.Evidence;

/// <summary>
/// Finds the one-to-one mates of two aligned prints: nearest first, in place and direction together.
/// </summary>
/// <remarks>
/// Both rows are ordered by direction, so only a window of the probe is looked at for each gallery minutia. Bounded:
/// 64 x 64 looks and at most <see cref="MaxCandidates"/> candidates, whatever the templates hold.
/// </remarks>
internal static class Mating
{
    /// <summary>
    /// Real prints have fewer than two candidates a minutia; one made of 64 in a heap has 64 each. What comes after
    /// is dropped.
    /// </summary>
    public const int MaxCandidates = 512;

    /// <summary>The mates under a motion; returns how many.</summary>
    /// <param name="known">
    /// Mates of the round before, whose neighbours are pulled along as skin stretches; empty for a rigid print.
    /// </param>
    /// <param name="mates">Receives at most 64; may be the memory of <paramref name="known"/>.</param>
    public static int Find(
        in FingerRow probe, in FingerRow row, in Motion motion, ReadOnlySpan<Mate> known, EvidenceScratch scratch,
        Span<Mate> mates)
    {
        int candidates = Candidates(probe, row, motion, known, scratch);
        Span<ulong> sorted = scratch.Candidates.AsSpan(0, candidates);
        sorted.Sort();
        ulong probeTaken = 0;
        ulong rowTaken = 0;
        int count = 0;
        foreach (ulong candidate in sorted)
        {
            Mate mate = Unpack(candidate);
            ulong ofProbe = 1UL << mate.Probe;
            ulong ofRow = 1UL << mate.Row;
            if ((probeTaken & ofProbe) == 0 && (rowTaken & ofRow) == 0)
            {
                probeTaken |= ofProbe;
                rowTaken |= ofRow;
                mates[count++] = mate;
            }
        }

        return count;
    }

    private static int Candidates(
        in FingerRow probe, in FingerRow row, in Motion motion, ReadOnlySpan<Mate> known, EvidenceScratch scratch)
    {
        ReadOnlySpan<short> angles = probe.Angles[..probe.Cylinders];
        Pull[] pulls = scratch.Pulls;
        for (int k = 0; k < known.Length; k++)
        {
            double qx = row.X[known[k].Row];
            double qy = row.Y[known[k].Row];
            pulls[k] = new(
                known[k].Row, qx, qy, probe.X[known[k].Probe] - motion.X(qx, qy),
                probe.Y[known[k].Probe] - motion.Y(qx, qy));
        }

        int count = 0;
        for (int j = 0; j < row.Cylinders; j++)
        {
            (double x, double y) = Moved(row, motion, pulls.AsSpan(0, known.Length), j);
            int angle = (short)(row.Angles[j] + motion.Turn);

            // The window may reach over the end of the half turn; then it goes on at the other end.
            int low = angle - EvidenceParameters.MateTurn;
            int high = angle + EvidenceParameters.MateTurn;
            count = Look(probe, angles, x, y, angle, low, high, j, scratch.Candidates, count);
            if (low < short.MinValue)
            {
                low += MccParameters.Turn;
                count = Look(probe, angles, x, y, angle, low, short.MaxValue, j, scratch.Candidates, count);
            }
            else if (high > short.MaxValue)
            {
                high -= MccParameters.Turn;
                count = Look(probe, angles, x, y, angle, short.MinValue, high, j, scratch.Candidates, count);
            }
        }

        return count;
    }

    /// <summary>Where a gallery minutia comes to lie, pulled by the mates near it; its own does not count.</summary>
    private static (double X, double Y) Moved(
        in FingerRow row, in Motion motion, ReadOnlySpan<Pull> pulls, int j)
    {
        const double Reach = (double)EvidenceParameters.ElasticReach * EvidenceParameters.ElasticReach;
        double x = row.X[j];
        double y = row.Y[j];
        double weights = EvidenceParameters.ElasticRest;
        double pullX = 0;
        double pullY = 0;
        foreach (ref readonly Pull pull in pulls)
        {
            if (pull.Row == j)
            {
                continue;
            }

            double dx = x - pull.X;
            double dy = y - pull.Y;
            double weight = 1 / (1 + (((dx * dx) + (dy * dy)) / Reach));
            weight *= weight;
            weights += weight;
            pullX += weight * pull.ByX;
            pullY += weight * pull.ByY;
        }

        return (motion.X(x, y) + (pullX / weights), motion.Y(x, y) + (pullY / weights));
    }

    /// <summary>Appends the probe's minutiae of a window of directions that lie within reach of a point.</summary>
    private static int Look(
        in FingerRow probe, ReadOnlySpan<short> angles, double x, double y, int angle, int low, int high, int j,
        ulong[] candidates, int count)
    {
        const double Reach = (double)EvidenceParameters.MateReach * EvidenceParameters.MateReach;
        for (int i = FirstFrom(angles, low); i < angles.Length && angles[i] <= high; i++)
        {
            double dx = x - probe.X[i];
            double dy = y - probe.Y[i];
            double squared = (dx * dx) + (dy * dy);
            if (squared <= Reach && count < candidates.Length)
            {
                candidates[count++] = Pack(
                    i, j, (int)Math.Sqrt(squared), Math.Abs((int)(short)(angle - angles[i])));
            }
        }

        return count;
    }

    private static int FirstFrom(ReadOnlySpan<short> angles, int low)
    {
        int from = 0;
        int to = angles.Length;
        while (from < to)
        {
            int middle = (from + to) / 2;
            (from, to) = angles[middle] < low ? (middle + 1, to) : (from, middle);
        }

        return from;
    }

    /// <summary>
    /// Cost first, then the indexes: ties fall to the lower. A direction at the edge of its tolerance costs half of
    /// what a place at the edge of its reach does.
    /// </summary>
    private static ulong Pack(int probe, int row, int distance, int turn)
    {
        int cost = (1024 * distance / EvidenceParameters.MateReach) + (512 * turn / EvidenceParameters.MateTurn);
        return ((ulong)cost << 44) | ((ulong)probe << 38) | ((ulong)row << 32) | ((ulong)distance << 16) | (uint)turn;
    }

    private static Mate Unpack(ulong key) => new(
        (byte)((key >> 38) & 63), (byte)((key >> 32) & 63), (short)((key >> 16) & 0xFFFF), (short)(key & 0xFFFF));
}
