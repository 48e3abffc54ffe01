namespace MatchCluster.Matching.Fingers.Evidence;

/// <summary>
/// A rotation and a shift that bring the gallery's print onto the probe's. Double precision with +, -, *, / and square
/// root alone, in the order written here.
/// </summary>
/// <param name="Cosine">Cosine of the rotation.</param>
/// <param name="Sine">Sine of the rotation.</param>
/// <param name="ShiftX">Added after it, in units.</param>
/// <param name="ShiftY">Added after it, in units.</param>
/// <param name="Turn">The rotation in 65536ths of a turn, counter-clockwise.</param>
internal readonly record struct Motion(double Cosine, double Sine, double ShiftX, double ShiftY, short Turn)
{
    /// <summary>The motion that lays one minutia exactly onto another, direction and all.</summary>
    public static Motion Of(in FingerRow probe, in FingerRow row, int probeAt, int rowAt)
    {
        short turn = (short)(probe.Angles[probeAt] - row.Angles[rowAt]);
        double cosine = RelaxationTables.Cosine(turn);
        double sine = RelaxationTables.Sine(turn);
        double x = row.X[rowAt];
        double y = row.Y[rowAt];
        return new(
            cosine,
            sine,
            probe.X[probeAt] - ((cosine * x) - (sine * y)),
            probe.Y[probeAt] - ((sine * x) + (cosine * y)),
            turn);
    }

    /// <summary>
    /// Least squares over pairs (the planar case of B. K. P. Horn, JOSA A 4(4), 1987), the difference of their
    /// directions beside their places.
    /// </summary>
    /// <param name="pairs">The pairs, at least one.</param>
    /// <param name="about">A motion near the wanted one: the turn is measured from it.</param>
    public static Motion Fit(in FingerRow probe, in FingerRow row, ReadOnlySpan<MinutiaPair> pairs, in Motion about)
    {
        double ax = 0;
        double ay = 0;
        double bx = 0;
        double by = 0;
        foreach (MinutiaPair pair in pairs)
        {
            ax += probe.X[pair.Probe];
            ay += probe.Y[pair.Probe];
            bx += row.X[pair.Row];
            by += row.Y[pair.Row];
        }

        ax /= pairs.Length;
        ay /= pairs.Length;
        bx /= pairs.Length;
        by /= pairs.Length;
        double dot = 0;
        double cross = 0;
        foreach (MinutiaPair pair in pairs)
        {
            const double Lever = (double)EvidenceParameters.DirectionLever * EvidenceParameters.DirectionLever;
            double px = probe.X[pair.Probe] - ax;
            double py = probe.Y[pair.Probe] - ay;
            double qx = row.X[pair.Row] - bx;
            double qy = row.Y[pair.Row] - by;
            int apart = probe.Angles[pair.Probe] - row.Angles[pair.Row];
            dot += (px * qx) + (py * qy) + (Lever * RelaxationTables.Cosine(apart));
            cross += (py * qx) - (px * qy) + (Lever * RelaxationTables.Sine(apart));
        }

        double length = Math.Sqrt((dot * dot) + (cross * cross));
        if (length == 0)
        {
            return about; // pairs that contradict one another say nothing
        }

        double cosine = dot / length;
        double sine = cross / length;
        return new(
            cosine,
            sine,
            ax - ((cosine * bx) - (sine * by)),
            ay - ((sine * bx) + (cosine * by)),
            (short)(about.Turn + TurnBetween(about, cosine, sine)));
    }

    public double X(double x, double y) => (Cosine * x) - (Sine * y) + ShiftX;

    public double Y(double x, double y) => (Sine * x) + (Cosine * y) + ShiftY;

    /// <summary>Where the inverse motion takes a point of the probe: its place in the gallery's print.</summary>
    public (double X, double Y) Back(double x, double y)
    {
        double dx = x - ShiftX;
        double dy = y - ShiftY;
        return ((Cosine * dx) + (Sine * dy), (Cosine * dy) - (Sine * dx));
    }

    /// <summary>
    /// Arc tangent of the rotation between two motions by x / (1 + 0.28 x^2), within 0.3 degrees up to an eighth of a
    /// turn: enough for a tolerance of 25, and without a library's last bits.
    /// </summary>
    private static int TurnBetween(in Motion from, double cosine, double sine)
    {
        double along = (from.Cosine * cosine) + (from.Sine * sine);
        double across = (from.Cosine * sine) - (from.Sine * cosine);
        if (along <= 0 || Math.Abs(across) > along)
        {
            return across > 0 ? MccParameters.Turn / 8 : -MccParameters.Turn / 8; // no such pairs support it
        }

        double tangent = across / along;
        return (int)Math.Round(MccParameters.Turn / (2 * Math.PI) * tangent / (1 + (0.28 * tangent * tangent)));
    }
}
