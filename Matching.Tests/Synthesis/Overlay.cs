using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Tests.Synthesis;

/// <summary>
/// The simplest fingerprint matcher there is, independent of the engine: lay every minutia of one print on
/// every minutia of the other and count how many others then coincide.
/// </summary>
internal static class Overlay
{
    private const double PlaceTolerance = 12;
    private const int AngleTolerance = 65536 * 20 / 360;
    private const int RotationLimit = 65536 * 40 / 360;

    /// <summary>Coinciding minutiae under the best overlay, over the smaller count: 0..1.</summary>
    public static double Similarity(FingerView a, FingerView b)
    {
        int best = 0;
        foreach (Minutia p in a.Minutiae)
        {
            foreach (Minutia q in b.Minutiae)
            {
                int turn = (short)(q.Angle - p.Angle);
                if (Math.Abs(turn) <= RotationLimit)
                {
                    best = Math.Max(best, Coinciding(a, b, p, q, turn));
                }
            }
        }

        return (double)best / Math.Min(a.Minutiae.Count, b.Minutiae.Count);
    }

    private static int Coinciding(FingerView a, FingerView b, Minutia p, Minutia q, int turn)
    {
        (double sin, double cos) = Math.SinCos(turn * Math.Tau / 65536);
        int count = 0;
        foreach (Minutia m in a.Minutiae)
        {
            double dx = m.X - p.X;
            double dy = p.Y - m.Y;
            double x = q.X + (cos * dx) - (sin * dy);
            double y = q.Y - ((sin * dx) + (cos * dy));
            foreach (Minutia n in b.Minutiae)
            {
                double ex = n.X - x;
                double ey = n.Y - y;
                if ((ex * ex) + (ey * ey) < PlaceTolerance * PlaceTolerance
                    && Math.Abs((int)(short)(n.Angle - m.Angle - turn)) < AngleTolerance)
                {
                    count++;
                    break;
                }
            }
        }

        return count;
    }
}
