using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MatchCluster.Matching.Fingers;

/// <summary>
/// Relaxation of the chosen pairs: vectors find the few pairs of pairs that may agree, scalar code weighs those, and
/// the rounds run over them only.
/// </summary>
/// <remarks>
/// Some 6 % of the pairs of pairs of two different fingers pass the first look (29 instructions per eight of
/// them, no root or division), so the sums of the paper are sparse. The loops are written without branches
/// that data decide: lists are appended to always and lengthened where it counts.
/// </remarks>
internal static class Relaxation
{
    /// <summary>Entries written past the end of a list before its length is known.</summary>
    public const int Spare = 4;

    private const int Wide = 8;

    /// <summary>Mean relaxed similarity of the most efficient pairs, 0..<see cref="FingerScorer.One"/>.</summary>
    public static int Score(in FingerRow probe, in FingerRow row, FingerScratch scratch, int count, int wanted)
    {
        Spread(probe, row, scratch, count);
        int near = FindNear(scratch.Columns, count, scratch.Near);
        int agreements = Weigh(
            scratch.Columns, scratch.Near.AsSpan(0, near), RelaxationTables.HalfMean[wanted], scratch.Agreements);
        Span<int> relaxed = Relax(scratch, scratch.Agreements.AsSpan(0, agreements), count);
        return MeanOfMostEfficient(
            scratch.First, relaxed, RelaxationTables.FinalPairs[Math.Min(probe.Cylinders, row.Cylinders)]);
    }

    [MethodImpl(HotLoop.Root)]
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

    /// <summary>
    /// Lists the pairs of pairs whose distances and turns may differ by less than the limits; lets a few more pass.
    /// </summary>
    /// <remarks>
    /// |a - b| &lt; L implies (a^2 - b^2)^2 &lt; 2 L^2 (a^2 + b^2), because (a + b)^2 never exceeds 2 (a^2 + b^2). The
    /// squares are below 2^34 with an error of 2^-22 of themselves, which moves a^2 - b^2 by less than 2^-10 of
    /// itself where the two sides meet: a margin of 1 % covers it.
    /// </remarks>
    [MethodImpl(HotLoop.Root)]
    private static int FindNear(PairColumns columns, int count, Span<ushort> found)
    {
        const int TurnReach = (RelaxationTables.TurnLimit - 1) << 16;
        Vector256<float> limit = Vector256.Create(
            2.02f * RelaxationTables.DistanceLimit * RelaxationTables.DistanceLimit);
        ref float probeX = ref MemoryMarshal.GetArrayDataReference(columns.ProbeX);
        ref float probeY = ref MemoryMarshal.GetArrayDataReference(columns.ProbeY);
        ref float rowX = ref MemoryMarshal.GetArrayDataReference(columns.RowX);
        ref float rowY = ref MemoryMarshal.GetArrayDataReference(columns.RowY);
        ref int turns = ref MemoryMarshal.GetArrayDataReference(columns.Turn);
        int length = 0;
        for (int t = 0; t + 1 < count; t++)
        {
            Vector256<float> ax = Vector256.Create(Unsafe.Add(ref probeX, t));
            Vector256<float> ay = Vector256.Create(Unsafe.Add(ref probeY, t));
            Vector256<float> bx = Vector256.Create(Unsafe.Add(ref rowX, t));
            Vector256<float> by = Vector256.Create(Unsafe.Add(ref rowY, t));
            Vector256<int> turn = Vector256.Create(Unsafe.Add(ref turns, t) + TurnReach);
            ulong near = 0;
            for (int from = (t + 1) / Wide * Wide; from < count; from += Wide)
            {
                Vector256<float> a = Square(
                    Vector256.LoadUnsafe(ref probeX, (nuint)from) - ax,
                    Vector256.LoadUnsafe(ref probeY, (nuint)from) - ay);
                Vector256<float> b = Square(
                    Vector256.LoadUnsafe(ref rowX, (nuint)from) - bx,
                    Vector256.LoadUnsafe(ref rowY, (nuint)from) - by);
                Vector256<float> difference = a - b;
                Vector256<uint> turned = (turn - Vector256.LoadUnsafe(ref turns, (nuint)from)).AsUInt32();
                Vector256<uint> agree = Vector256.LessThanOrEqual(turned, Vector256.Create(2u * TurnReach))
                    & Vector256.LessThanOrEqual(difference * difference, limit * (a + b)).AsUInt32();
                near |= (ulong)agree.ExtractMostSignificantBits() << from;
            }

            // Later pairs only, and no lane beyond the last.
            near = near >> (t + 1) << (t + 1) & ((1UL << count) - 1);
            length = Append(near, (uint)t << 8, found, length);
        }

        return length;
    }

    /// <summary>Appends tag + index of every bit set: four at once, because there are seldom more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Append(ulong bits, uint tag, Span<ushort> list, int length)
    {
        int end = length + (int)ulong.PopCount(bits);
        do
        {
            Span<ushort> four = list.Slice(length, Spare);
            four[0] = (ushort)(tag + ulong.TrailingZeroCount(bits));
            bits &= bits - 1;
            four[1] = (ushort)(tag + ulong.TrailingZeroCount(bits));
            bits &= bits - 1;
            four[2] = (ushort)(tag + ulong.TrailingZeroCount(bits));
            bits &= bits - 1;
            four[3] = (ushort)(tag + ulong.TrailingZeroCount(bits));
            bits &= bits - 1;
            length += Spare;
        }
        while (length < end);
        return end;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Square(Vector256<float> x, Vector256<float> y) => (x * x) + (y * y);

    /// <summary>
    /// Lists what of its similarity each pair gives to each other in a round, where that is not 0. Both directions
    /// share everything but the frame they are turned into.
    /// </summary>
    [MethodImpl(HotLoop.Root)]
    private static int Weigh(
        PairColumns columns, ReadOnlySpan<ushort> near, int halfMean, Span<Agreement> agreements)
    {
        // Read once: this method is compiled before the runtime knows that the tables stay.
        ReadOnlySpan<ushort> distances = RelaxationTables.Distance;
        ReadOnlySpan<ushort> turns = RelaxationTables.Turn;
        ReadOnlySpan<ushort> radial = RelaxationTables.Radial;
        ReadOnlySpan<float> cosines = RelaxationTables.Cosines;
        int length = 0;
        foreach (ushort both in near)
        {
            int t = both >> 8;
            int k = both & 255;
            float ax = columns.ProbeX[k] - columns.ProbeX[t];
            float ay = columns.ProbeY[k] - columns.ProbeY[t];
            float bx = columns.RowX[k] - columns.RowX[t];
            float by = columns.RowY[k] - columns.RowY[t];
            float a = MathF.Sqrt((ax * ax) + (ay * ay));
            float b = MathF.Sqrt((bx * bx) + (by * by));
            float dot = (ax * bx) + (ay * by);
            float cross = (bx * ay) - (by * ax);
            float product = MathF.Max(a * b, 1);
            int turned = Math.Abs((columns.Turn[t] - columns.Turn[k]) >> 16);
            int rigid = distances[(int)MathF.Min(MathF.Abs(a - b), RelaxationTables.DistanceLimit)]
                * turns[turned >> RelaxationTables.TurnShift] / RelaxationTables.Unit;

            int share = rigid * Radial(radial, cosines, columns.Turn[t] >> 16, dot, cross, product)
                / RelaxationTables.Unit;
            agreements[length] = new((short)t, (short)k, share * halfMean);
            length += share > 0 ? 1 : 0;
            share = rigid * Radial(radial, cosines, columns.Turn[k] >> 16, dot, cross, product)
                / RelaxationTables.Unit;
            agreements[length] = new((short)k, (short)t, share * halfMean);
            length += share > 0 ? 1 : 0;
        }

        return length;
    }

    /// <summary>Compatibility of the directions in which a pair's two fingers show another pair.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Radial(
        ReadOnlySpan<ushort> table, ReadOnlySpan<float> cosines, int turn, float dot, float cross, float product)
    {
        float aligned = (cosines[RelaxationTables.CosineAt(turn)] * dot)
            + (cosines[RelaxationTables.SineAt(turn)] * cross);
        float bent = (1 - (aligned / product)) * RelaxationTables.CosineSteps;
        return table[(int)MathF.Min(MathF.Max(bent, 0), RelaxationTables.RadialLimit)];
    }

    [MethodImpl(HotLoop.Root)]
    private static Span<int> Relax(FingerScratch scratch, ReadOnlySpan<Agreement> agreements, int count)
    {
        Span<int> now = scratch.Now.AsSpan(0, count);
        Span<int> next = scratch.Next.AsSpan(0, count);
        scratch.First.AsSpan(0, count).CopyTo(now);
        for (int round = 0; round < MccParameters.RelaxationRounds; round++)
        {
            for (int t = 0; t < now.Length; t++)
            {
                next[t] = now[t] >> 1;
            }

            foreach (Agreement agreement in agreements)
            {
                next[agreement.To] += (int)((long)agreement.Share * now[agreement.From] >> 31);
            }

            Span<int> swap = now;
            now = next;
            next = swap;
        }

        return now;
    }

    /// <summary>
    /// Keeps the pairs that lost least by relaxation, among equals the more similar one; pairs that are missing
    /// count as 0.
    /// </summary>
    [MethodImpl(HotLoop.Root)]
    private static int MeanOfMostEfficient(ReadOnlySpan<int> first, ReadOnlySpan<int> relaxed, int finalPairs)
    {
        Span<float> efficiency = stackalloc float[MccParameters.MaxPairs];
        Span<int> kept = stackalloc int[MccParameters.MaxPairs];
        int held = 0;
        for (int t = 0; t < relaxed.Length; t++)
        {
            float value = (float)relaxed[t] / first[t];
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
            kept[at] = relaxed[t];
        }

        long sum = 0;
        foreach (int value in kept[..held])
        {
            sum += value;
        }

        return (int)(sum / finalPairs >> 8);
    }
}
