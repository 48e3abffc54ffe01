using System.Numerics;
using System.Runtime.Intrinsics;

namespace MatchCluster.Matching.Fingers.Evidence;

/// <summary>
/// Finds every pair of minutiae of two aligned prints that may be the same: near in place and direction. Keys
/// of <see cref="MinutiaPairing"/>, gallery minutia by gallery minutia, the probe's ascending.
/// </summary>
/// <remarks>
/// <see cref="Plain"/> is the definition; <see cref="Find"/> equals it bit for bit. Lanes do what the scalars do, in
/// their order and without fused multiply-adds, so nothing depends on the CPU.
/// </remarks>
internal static class MateCandidates
{
    private const double Reach = (double)EvidenceParameters.MateReach * EvidenceParameters.MateReach;
    private const double Elastic = (double)EvidenceParameters.ElasticReach * EvidenceParameters.ElasticReach;

    /// <summary>Doubles of a vector.</summary>
    private const int Lanes = 4;

    /// <summary>Appends the candidates, <see cref="MinutiaPairing.MaxCandidates"/> at most; returns how many.</summary>
    /// <param name="probe">The probe.</param>
    /// <param name="row">The gallery row.</param>
    /// <param name="motion">What lays the row onto the probe.</param>
    /// <param name="pulls">Paired minutiae that pull their neighbours along; empty for a rigid print.</param>
    /// <param name="scratch">Receives them.</param>
    public static int Find(
        PrintShape probe, PrintShape row, in Motion motion, ReadOnlySpan<Pull> pulls, EvidenceScratch scratch)
    {
        if (scratch.IsPlain || !Vector256.IsHardwareAccelerated)
        {
            return Plain(probe, row, motion, pulls, scratch.Candidates);
        }

        Move(row, motion, pulls, scratch.MovedX, scratch.MovedY);
        ulong held = Below(probe.Count);
        int count = 0;
        for (int j = 0; j < row.Count; j++)
        {
            int angle = (short)(row.Angles[j] + motion.Turn);
            ulong like = Like(probe.Angles, (short)angle) & held;
            Vector256<double> x = Vector256.Create(scratch.MovedX[j]);
            Vector256<double> y = Vector256.Create(scratch.MovedY[j]);
            while (like != 0)
            {
                int group = BitOperations.TrailingZeroCount(like) & ~(Lanes - 1);
                Vector256<double> dx = x - Vector256.LoadUnsafe(ref probe.X[0], (nuint)group);
                Vector256<double> dy = y - Vector256.LoadUnsafe(ref probe.Y[0], (nuint)group);
                Vector256<double> squared = (dx * dx) + (dy * dy);
                ulong near = Vector256.LessThanOrEqual(squared, Vector256.Create(Reach)).ExtractMostSignificantBits();
                for (ulong hits = near & (like >> group); hits != 0; hits &= hits - 1)
                {
                    int lane = BitOperations.TrailingZeroCount(hits);
                    count = Add(scratch.Candidates, count, group + lane, j, squared[lane], angle, probe);
                }

                like &= ~(((1UL << Lanes) - 1) << group);
            }
        }

        return count;
    }

    /// <summary>The plain form.</summary>
    public static int Plain(
        PrintShape probe, PrintShape row, in Motion motion, ReadOnlySpan<Pull> pulls, Span<ulong> candidates)
    {
        int count = 0;
        for (int j = 0; j < row.Count; j++)
        {
            (double x, double y) = Moved(row, motion, pulls, j);
            int angle = (short)(row.Angles[j] + motion.Turn);
            for (int i = 0; i < probe.Count; i++)
            {
                double dx = x - probe.X[i];
                double dy = y - probe.Y[i];
                double squared = (dx * dx) + (dy * dy);
                if (Math.Abs((int)(short)(angle - probe.Angles[i])) <= EvidenceParameters.MateTurn && squared <= Reach)
                {
                    count = Add(candidates, count, i, j, squared, angle, probe);
                }
            }
        }

        return count;
    }

    /// <summary>
    /// Where a gallery minutia comes to lie, pulled by the paired minutiae near it; its own pair does not
    /// count.
    /// </summary>
    private static (double X, double Y) Moved(PrintShape row, in Motion motion, ReadOnlySpan<Pull> pulls, int j)
    {
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
            double weight = 1 / (1 + (((dx * dx) + (dy * dy)) / Elastic));
            weight *= weight;
            weights += weight;
            pullX += weight * pull.ByX;
            pullY += weight * pull.ByY;
        }

        return (motion.X(x, y) + (pullX / weights), motion.Y(x, y) + (pullY / weights));
    }

    /// <summary>
    /// Moves every minutia as <see cref="Moved"/> does, four at a time; a pair adds nothing to its own lane.
    /// </summary>
    private static void Move(
        PrintShape row, in Motion motion, ReadOnlySpan<Pull> pulls, double[] movedX, double[] movedY)
    {
        Vector256<double> one = Vector256<double>.One;
        Vector256<double> elastic = Vector256.Create(Elastic);
        Vector256<double> cosine = Vector256.Create(motion.Cosine);
        Vector256<double> sine = Vector256.Create(motion.Sine);
        for (int j = 0; j < row.Count; j += Lanes)
        {
            Vector256<double> x = Vector256.LoadUnsafe(ref row.X[0], (nuint)j);
            Vector256<double> y = Vector256.LoadUnsafe(ref row.Y[0], (nuint)j);
            Vector256<long> number = Vector256.Create(j, j + 1L, j + 2L, j + 3L);
            Vector256<double> weights = Vector256.Create(EvidenceParameters.ElasticRest);
            Vector256<double> pullX = Vector256<double>.Zero;
            Vector256<double> pullY = Vector256<double>.Zero;
            foreach (ref readonly Pull pull in pulls)
            {
                Vector256<double> dx = x - Vector256.Create(pull.X);
                Vector256<double> dy = y - Vector256.Create(pull.Y);
                Vector256<double> weight = one / (one + (((dx * dx) + (dy * dy)) / elastic));
                Vector256<double> own = Vector256.Equals(number, Vector256.Create((long)pull.Row)).AsDouble();
                weight = Vector256.AndNot(weight * weight, own);
                weights += weight;
                pullX += weight * Vector256.Create(pull.ByX);
                pullY += weight * Vector256.Create(pull.ByY);
            }

            Vector256<double> toX = (cosine * x) - (sine * y) + Vector256.Create(motion.ShiftX);
            Vector256<double> toY = (sine * x) + (cosine * y) + Vector256.Create(motion.ShiftY);
            (toX + (pullX / weights)).StoreUnsafe(ref movedX[0], (nuint)j);
            (toY + (pullY / weights)).StoreUnsafe(ref movedY[0], (nuint)j);
        }
    }

    /// <summary>Which of 64 directions lie within the tolerance of one; the circle closes by itself.</summary>
    private static ulong Like(short[] angles, short angle)
    {
        const short Tolerance = EvidenceParameters.MateTurn;
        Vector256<short> about = Vector256.Create(angle);
        ulong like = 0;
        for (int i = 0; i < Limits.MinutiaeScored; i += Vector256<short>.Count)
        {
            Vector256<short> apart = Vector256.LoadUnsafe(ref angles[0], (nuint)i) - about;
            Vector256<short> near = Vector256.LessThanOrEqual(apart, Vector256.Create(Tolerance))
                & Vector256.GreaterThanOrEqual(apart, Vector256.Create((short)-Tolerance));
            like |= (ulong)near.ExtractMostSignificantBits() << i;
        }

        return like;
    }

    private static ulong Below(int count) => count >= 64 ? ulong.MaxValue : (1UL << count) - 1;

    private static int Add(
        Span<ulong> candidates, int count, int i, int j, double squared, int angle, PrintShape probe)
    {
        if (count < MinutiaPairing.MaxCandidates)
        {
            candidates[count++] = MinutiaPairing.Pack(
                i, j, (int)Math.Sqrt(squared), Math.Abs((int)(short)(angle - probe.Angles[i])));
        }

        return count;
    }
}
