using System.Numerics;
using System.Runtime.Intrinsics;

namespace MatchCluster.Matching.Fingers.Evidence;

/// <summary>Where two aligned prints show the same skin.</summary>
/// <param name="Probe">Minutiae of the probe inside the row's hull.</param>
/// <param name="Row">Minutiae of the row inside the probe's hull.</param>
/// <param name="Area">Area of the overlap in square units.</param>
internal readonly record struct Overlap(int Probe, int Row, double Area)
{
    private const int Lanes = 4;

    public static Overlap Of(PrintShape probe, PrintShape row, in Motion motion, EvidenceScratch scratch)
    {
        if (scratch.IsPlain || !Vector256.IsHardwareAccelerated)
        {
            return Plain(probe, row, motion);
        }

        Box box = new();
        Vector256<double> cosine = Vector256.Create(motion.Cosine);
        Vector256<double> sine = Vector256.Create(motion.Sine);
        Vector256<double> shiftX = Vector256.Create(motion.ShiftX);
        Vector256<double> shiftY = Vector256.Create(motion.ShiftY);
        int ofProbe = 0;
        for (int i = 0; i < probe.Count; i += Lanes)
        {
            Vector256<double> x = Vector256.LoadUnsafe(ref probe.X[0], (nuint)i);
            Vector256<double> y = Vector256.LoadUnsafe(ref probe.Y[0], (nuint)i);
            Vector256<double> dx = x - shiftX;
            Vector256<double> dy = y - shiftY;
            Vector256<double> held = row.Hull.Holds(
                (cosine * dx) + (sine * dy), (cosine * dy) - (sine * dx), EvidenceParameters.OverlapOffset);
            ofProbe += box.Grow(x, y, held & Below(probe.Count - i));
        }

        int ofRow = 0;
        for (int j = 0; j < row.Count; j += Lanes)
        {
            Vector256<double> qx = Vector256.LoadUnsafe(ref row.X[0], (nuint)j);
            Vector256<double> qy = Vector256.LoadUnsafe(ref row.Y[0], (nuint)j);
            Vector256<double> x = (cosine * qx) - (sine * qy) + shiftX;
            Vector256<double> y = (sine * qx) + (cosine * qy) + shiftY;
            Vector256<double> held = probe.Hull.Holds(x, y, EvidenceParameters.OverlapOffset);
            ofRow += box.Grow(x, y, held & Below(row.Count - j));
        }

        return new(ofProbe, ofRow, ofProbe + ofRow == 0 ? 0 : box.Area());
    }

    /// <summary>The plain form, which the other equals bit for bit.</summary>
    public static Overlap Plain(PrintShape probe, PrintShape row, in Motion motion)
    {
        int ofProbe = 0;
        int ofRow = 0;
        double left = double.PositiveInfinity;
        double right = double.NegativeInfinity;
        double low = double.PositiveInfinity;
        double high = double.NegativeInfinity;
        for (int i = 0; i < probe.Count; i++)
        {
            (double x, double y) = motion.Back(probe.X[i], probe.Y[i]);
            if (row.Hull.Holds(x, y, EvidenceParameters.OverlapOffset))
            {
                ofProbe++;
                Grow(probe.X[i], probe.Y[i]);
            }
        }

        for (int j = 0; j < row.Count; j++)
        {
            double x = motion.X(row.X[j], row.Y[j]);
            double y = motion.Y(row.X[j], row.Y[j]);
            if (probe.Hull.Holds(x, y, EvidenceParameters.OverlapOffset))
            {
                ofRow++;
                Grow(x, y);
            }
        }

        return new(ofProbe, ofRow, ofProbe + ofRow == 0 ? 0 : AreaOf(left, right, low, high));

        void Grow(double x, double y)
        {
            left = Math.Min(left, x);
            right = Math.Max(right, x);
            low = Math.Min(low, y);
            high = Math.Max(high, y);
        }
    }

    private static double AreaOf(double left, double right, double low, double high)
    {
        const double Margin = 2 * EvidenceParameters.AreaMargin;
        return (right - left + Margin) * (high - low + Margin) * EvidenceParameters.AreaFill;
    }

    /// <summary>All bits of the first lanes.</summary>
    private static Vector256<double> Below(int count) =>
        Vector256.LessThan(Vector256.Create(0L, 1, 2, 3), Vector256.Create((long)count)).AsDouble();

    /// <summary>The box around what was held so far, lane by lane.</summary>
    private ref struct Box
    {
        private Vector256<double> left = Vector256.Create(double.PositiveInfinity);
        private Vector256<double> right = Vector256.Create(double.NegativeInfinity);
        private Vector256<double> low = Vector256.Create(double.PositiveInfinity);
        private Vector256<double> high = Vector256.Create(double.NegativeInfinity);

        public Box()
        {
        }

        /// <summary>Takes the held points in; returns how many they are.</summary>
        public int Grow(Vector256<double> x, Vector256<double> y, Vector256<double> held)
        {
            Vector256<double> far = Vector256.Create(double.PositiveInfinity);
            left = Vector256.Min(left, Vector256.ConditionalSelect(held, x, far));
            right = Vector256.Max(right, Vector256.ConditionalSelect(held, x, -far));
            low = Vector256.Min(low, Vector256.ConditionalSelect(held, y, far));
            high = Vector256.Max(high, Vector256.ConditionalSelect(held, y, -far));
            return BitOperations.PopCount(held.ExtractMostSignificantBits());
        }

        public readonly double Area()
        {
            (double l, double r, double b, double t) = (left[0], right[0], low[0], high[0]);
            for (int lane = 1; lane < Lanes; lane++)
            {
                l = Math.Min(l, left[lane]);
                r = Math.Max(r, right[lane]);
                b = Math.Min(b, low[lane]);
                t = Math.Max(t, high[lane]);
            }

            return AreaOf(l, r, b, t);
        }
    }
}
