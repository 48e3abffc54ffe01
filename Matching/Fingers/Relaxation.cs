using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MatchCluster.Matching.Fingers;

/// <summary>
/// Relaxation of the chosen pairs: vectors find the few pairs of pairs that agree at all in distance and direction,
/// scalar code weighs those, and the rounds run over them only.
/// </summary>
/// <remarks>
/// Of two different fingers some 4 % of the pairs of pairs pass the first look (about 25 instructions per eight of
/// them, two square roots among them), so the sums of the paper are sparse. Both directions of a pair of pairs share
/// everything but the frame they are turned into.
/// </remarks>
internal static class Relaxation
{
    private const int Wide = 8;

    /// <summary>Mean relaxed similarity of the most efficient pairs, 0..<see cref="FingerScorer.One"/>.</summary>
    public static int Score(in FingerRow probe, in FingerRow row, FingerScratch scratch, int count, int wanted)
    {
        Spread(probe, row, scratch, count);
        int agreements = Agree(scratch.Columns, count, scratch.Agreements);
        Relax(scratch, scratch.Agreements.AsSpan(0, agreements), count, RelaxationTables.HalfMean[wanted]);
        return MeanOfMostEfficient(
            scratch, count, RelaxationTables.FinalPairs[Math.Min(probe.Cylinders, row.Cylinders)]);
    }

    private static void Spread(in FingerRow probe, in FingerRow row, FingerScratch scratch, int count)
    {
        PairColumns columns = scratch.Columns;
        for (int t = 0; t < count; t++)
        {
            uint key = scratch.Chosen[t];
            int i = SimilarityKeys.Probe(key);
            int j = SimilarityKeys.Row(key);
            columns.ProbeX[t] = probe.X[i];
            columns.ProbeY[t] = probe.Y[i];
            columns.RowX[t] = row.X[j];
            columns.RowY[t] = row.Y[j];
            columns.Turn[t] = (probe.Angles[i] - row.Angles[j]) << 16;
            scratch.First[t] = SimilarityKeys.Similarity(key) << 9;
        }
    }

    /// <summary>Lists the agreements of every pair with every later one, in both directions.</summary>
    private static int Agree(PairColumns columns, int count, Span<Agreement> agreements)
    {
        const int TurnReach = (RelaxationTables.TurnLimit - 1) << 16;
        Vector256<float> limit = Vector256.Create((float)RelaxationTables.DistanceLimit);
        ref float probeX = ref MemoryMarshal.GetArrayDataReference(columns.ProbeX);
        ref float probeY = ref MemoryMarshal.GetArrayDataReference(columns.ProbeY);
        ref float rowX = ref MemoryMarshal.GetArrayDataReference(columns.RowX);
        ref float rowY = ref MemoryMarshal.GetArrayDataReference(columns.RowY);
        ref int turns = ref MemoryMarshal.GetArrayDataReference(columns.Turn);
        int found = 0;
        for (int t = 0; t + 1 < count; t++)
        {
            Vector256<float> ax = Vector256.Create(Unsafe.Add(ref probeX, t));
            Vector256<float> ay = Vector256.Create(Unsafe.Add(ref probeY, t));
            Vector256<float> bx = Vector256.Create(Unsafe.Add(ref rowX, t));
            Vector256<float> by = Vector256.Create(Unsafe.Add(ref rowY, t));
            Vector256<int> turn = Vector256.Create(Unsafe.Add(ref turns, t) + TurnReach);
            for (int from = (t + 1) / Wide * Wide; from < count; from += Wide)
            {
                Vector256<float> distance = Distance(
                    Vector256.LoadUnsafe(ref probeX, (nuint)from) - ax,
                    Vector256.LoadUnsafe(ref probeY, (nuint)from) - ay);
                Vector256<float> other = Distance(
                    Vector256.LoadUnsafe(ref rowX, (nuint)from) - bx,
                    Vector256.LoadUnsafe(ref rowY, (nuint)from) - by);
                Vector256<uint> turned = (turn - Vector256.LoadUnsafe(ref turns, (nuint)from)).AsUInt32();
                uint near = (Vector256.LessThan(Vector256.Abs(distance - other), limit).AsUInt32()
                    & Vector256.LessThanOrEqual(turned, Vector256.Create(2u * TurnReach))).ExtractMostSignificantBits();

                // Later pairs only, and no lane beyond the last.
                near &= uint.MaxValue << Math.Max(t + 1 - from, 0) & (uint)((1UL << (count - from)) - 1);
                for (; near != 0; near &= near - 1)
                {
                    found = Weigh(columns, t, from + (int)uint.TrailingZeroCount(near), agreements, found);
                }
            }
        }

        return found;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Distance(Vector256<float> x, Vector256<float> y) =>
        Vector256.Sqrt((x * x) + (y * y));

    /// <summary>Appends the agreement of t with k and of k with t where it is not 0.</summary>
    private static int Weigh(PairColumns columns, int t, int k, Span<Agreement> agreements, int found)
    {
        float ax = columns.ProbeX[k] - columns.ProbeX[t];
        float ay = columns.ProbeY[k] - columns.ProbeY[t];
        float bx = columns.RowX[k] - columns.RowX[t];
        float by = columns.RowY[k] - columns.RowY[t];
        float a = MathF.Sqrt((ax * ax) + (ay * ay));
        float b = MathF.Sqrt((bx * bx) + (by * by));
        float dot = (ax * bx) + (ay * by);
        float cross = (bx * ay) - (by * ax);
        float product = a * b;
        int turned = Math.Abs((columns.Turn[t] - columns.Turn[k]) >> 16);
        int weight = RelaxationTables.Distance[(int)MathF.Abs(a - b)]
            * RelaxationTables.Turn[turned >> RelaxationTables.TurnShift] / RelaxationTables.Unit;

        int toFirst = weight * Radial(columns.Turn[t] >> 16, dot, cross, product) / RelaxationTables.Unit;
        if (toFirst > 0)
        {
            agreements[found++] = new((short)t, (short)k, toFirst);
        }

        int toSecond = weight * Radial(columns.Turn[k] >> 16, dot, cross, product) / RelaxationTables.Unit;
        if (toSecond > 0)
        {
            agreements[found++] = new((short)k, (short)t, toSecond);
        }

        return found;
    }

    /// <summary>Compatibility of the directions in which a pair's two fingers show another pair.</summary>
    private static int Radial(int turn, float dot, float cross, float product)
    {
        float aligned = (RelaxationTables.Cosine(turn) * dot) + (RelaxationTables.Sine(turn) * cross);
        return aligned > RelaxationTables.CosineLimit * product
            ? RelaxationTables.Radial[(int)Math.Max((1 - (aligned / product)) * RelaxationTables.CosineSteps, 0)]
            : 0;
    }

    private static void Relax(FingerScratch scratch, ReadOnlySpan<Agreement> agreements, int count, int halfMean)
    {
        Span<int> now = scratch.Relaxed.AsSpan(0, count);
        Span<long> support = scratch.Support.AsSpan(0, count);
        scratch.First.AsSpan(0, count).CopyTo(now);
        for (int round = 0; round < MccParameters.RelaxationRounds; round++)
        {
            support.Clear();
            foreach (Agreement agreement in agreements)
            {
                support[agreement.To] += (long)agreement.Weight * now[agreement.From];
            }

            for (int t = 0; t < now.Length; t++)
            {
                now[t] = (now[t] >> 1) + (int)((support[t] >> 15) * halfMean >> 16);
            }
        }
    }

    /// <summary>
    /// Keeps the pairs that lost least by relaxation, among equals the more similar one; pairs that are missing
    /// count as 0.
    /// </summary>
    private static int MeanOfMostEfficient(FingerScratch scratch, int count, int finalPairs)
    {
        Span<float> efficiency = stackalloc float[MccParameters.MaxPairs];
        Span<int> kept = stackalloc int[MccParameters.MaxPairs];
        int held = 0;
        for (int t = 0; t < count; t++)
        {
            float value = (float)scratch.Relaxed[t] / scratch.First[t];
            if (held == finalPairs)
            {
                if (value <= efficiency[held - 1])
                {
                    continue;
                }

                held--;
            }

            int at = held++;
            for (; at > 0 && efficiency[at - 1] < value; at--)
            {
                efficiency[at] = efficiency[at - 1];
                kept[at] = kept[at - 1];
            }

            efficiency[at] = value;
            kept[at] = scratch.Relaxed[t];
        }

        long sum = 0;
        foreach (int relaxed in kept[..held])
        {
            sum += relaxed;
        }

        return (int)(sum / finalPairs >> 8);
    }
}
