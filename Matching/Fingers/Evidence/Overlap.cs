namespace MatchCluster.Matching.Fingers.Evidence;

/// <summary>Where two aligned prints show the same skin.</summary>
/// <param name="Probe">Minutiae of the probe inside the row's hull.</param>
/// <param name="Row">Minutiae of the row inside the probe's hull.</param>
/// <param name="Area">Of the overlap, square units.</param>
internal readonly record struct Overlap(int Probe, int Row, double Area)
{
    public static Overlap Of(in FingerRow probe, in FingerRow row, in Motion motion, EvidenceScratch scratch)
    {
        int ofProbe = 0;
        int ofRow = 0;
        double left = double.PositiveInfinity;
        double right = double.NegativeInfinity;
        double low = double.PositiveInfinity;
        double high = double.NegativeInfinity;
        for (int i = 0; i < probe.Cylinders; i++)
        {
            (double x, double y) = motion.Back(probe.X[i], probe.Y[i]);
            if (scratch.RowHull.Holds(x, y, EvidenceParameters.OverlapOffset))
            {
                ofProbe++;
                Grow(probe.X[i], probe.Y[i]);
            }
        }

        for (int j = 0; j < row.Cylinders; j++)
        {
            double x = motion.X(row.X[j], row.Y[j]);
            double y = motion.Y(row.X[j], row.Y[j]);
            if (scratch.ProbeHull.Holds(x, y, EvidenceParameters.OverlapOffset))
            {
                ofRow++;
                Grow(x, y);
            }
        }

        const double Margin = 2 * EvidenceParameters.AreaMargin;
        double area = ofProbe + ofRow == 0
            ? 0 : (right - left + Margin) * (high - low + Margin) * EvidenceParameters.AreaFill;
        return new(ofProbe, ofRow, area);

        void Grow(double x, double y)
        {
            left = Math.Min(left, x);
            right = Math.Max(right, x);
            low = Math.Min(low, y);
            high = Math.Max(high, y);
        }
    }
}
