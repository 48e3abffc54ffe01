namespace MatchCluster.Matching.Fingers.Evidence;

/// <summary>
/// Pairs the minutiae of two aligned prints one to one: the nearest first, in place and direction together.
/// </summary>
/// <remarks>
/// Bounded: 64 x 64 looks and at most <see cref="MaxCandidates"/> candidates, whatever the templates hold.
/// </remarks>
internal static class MinutiaPairing
{
    /// <summary>
    /// Real prints have fewer than two candidates a minutia; one made of 64 in a heap has 64 each. What comes after
    /// is dropped.
    /// </summary>
    public const int MaxCandidates = 512;

    /// <summary>Pairs the minutiae under a motion; returns how many pairs there are.</summary>
    /// <param name="known">
    /// Pairs of the round before, whose neighbours are pulled along as skin stretches; empty for a rigid
    /// print.
    /// </param>
    /// <param name="mates">Receives at most 64; may be the memory of <paramref name="known"/>.</param>
    public static int Find(
        PrintShape probe, PrintShape row, in Motion motion, ReadOnlySpan<MinutiaPair> known, EvidenceScratch scratch,
        Span<MinutiaPair> mates)
    {
        Pull[] pulls = scratch.Pulls;
        for (int k = 0; k < known.Length; k++)
        {
            double qx = row.X[known[k].Row];
            double qy = row.Y[known[k].Row];
            pulls[k] = new(
                known[k].Row, qx, qy, probe.X[known[k].Probe] - motion.X(qx, qy),
                probe.Y[known[k].Probe] - motion.Y(qx, qy));
        }

        int candidates = MateCandidates.Find(probe, row, motion, pulls.AsSpan(0, known.Length), scratch);
        Span<ulong> sorted = scratch.Candidates.AsSpan(0, candidates);
        sorted.Sort();
        ulong probeTaken = 0;
        ulong rowTaken = 0;
        int count = 0;
        foreach (ulong candidate in sorted)
        {
            MinutiaPair mate = Unpack(candidate);
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

    /// <summary>
    /// Cost first, then the indexes: ties fall to the lower. A direction at the edge of its tolerance costs half of
    /// what a place at the edge of its reach does.
    /// </summary>
    public static ulong Pack(int probe, int row, int distance, int turn)
    {
        int cost = (1024 * distance / EvidenceParameters.MateReach) + (512 * turn / EvidenceParameters.MateTurn);
        return ((ulong)cost << 44) | ((ulong)probe << 38) | ((ulong)row << 32) | ((ulong)distance << 16) | (uint)turn;
    }

    private static MinutiaPair Unpack(ulong key) => new(
        (byte)((key >> 38) & 63), (byte)((key >> 32) & 63), (short)((key >> 16) & 0xFFFF), (short)(key & 0xFFFF));
}
