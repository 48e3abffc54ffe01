using System.Runtime.Intrinsics;

namespace MatchCluster.Matching.Fingers.Evidence;

/// <summary>
/// The convex hull of a row's minutiae as half-planes: a point is inside, or outside by no more than an offset, where
/// it lies on the inner side of every edge shifted outwards. At corners that is a little more than the offset.
/// </summary>
internal sealed class HullEdges
{
    private readonly long[] order = new long[Limits.MinutiaeScored];
    private readonly int[] corners = new int[(2 * Limits.MinutiaeScored) + 1];
    private readonly double[] normalX = new double[2 * Limits.MinutiaeScored];
    private readonly double[] normalY = new double[2 * Limits.MinutiaeScored];
    private readonly double[] level = new double[2 * Limits.MinutiaeScored];
    private int edges;

    /// <summary>Takes the hull of a row (monotone chain, A. M. Andrew, 1979).</summary>
    public void Take(in FingerRow row)
    {
        edges = 0;
        int count = row.Cylinders;
        for (int i = 0; i < count; i++)
        {
            order[i] = ((long)row.X[i] << 32) + ((long)(row.Y[i] - short.MinValue) << 8) + i;
        }

        Array.Sort(order, 0, count);
        int length = Chain(row, count);
        for (int i = 0; i + 1 < length; i++)
        {
            double dx = row.X[corners[i + 1]] - row.X[corners[i]];
            double dy = row.Y[corners[i + 1]] - row.Y[corners[i]];
            double size = Math.Sqrt((dx * dx) + (dy * dy));
            if (size > 0)
            {
                normalX[edges] = -dy / size;
                normalY[edges] = dx / size;
                level[edges] = (normalX[edges] * row.X[corners[i]]) + (normalY[edges] * row.Y[corners[i]]);
                edges++;
            }
        }
    }

    /// <summary>False always for a hull without an area.</summary>
    public bool Holds(double x, double y, double offset)
    {
        for (int i = 0; i < edges; i++)
        {
            if ((normalX[i] * x) + (normalY[i] * y) < level[i] - offset)
            {
                return false;
            }
        }

        return edges > 2;
    }

    /// <summary>
    /// Whether the hull holds each of four points: all bits are set in the lanes that it holds.
    /// </summary>
    public Vector256<double> Holds(Vector256<double> x, Vector256<double> y, double offset)
    {
        Vector256<double> outside = edges > 2 ? Vector256<double>.Zero : Vector256<double>.AllBitsSet;
        for (int i = 0; i < edges; i++)
        {
            outside |= Vector256.LessThan(
                (Vector256.Create(normalX[i]) * x) + (Vector256.Create(normalY[i]) * y),
                Vector256.Create(level[i] - offset));
        }

        return ~outside;
    }

    /// <summary>Corners counter-clockwise, the first again at the end; their number.</summary>
    private int Chain(in FingerRow row, int count)
    {
        int length = 0;
        for (int i = 0; i < count; i++)
        {
            length = Add(row, (int)(order[i] & 255), length, 2);
        }

        int lower = length + 1;
        for (int i = count - 2; i >= 0; i--)
        {
            length = Add(row, (int)(order[i] & 255), length, lower);
        }

        return length;
    }

    private int Add(in FingerRow row, int point, int length, int keep)
    {
        while (length >= keep && Cross(row, corners[length - 2], corners[length - 1], point) <= 0)
        {
            length--;
        }

        corners[length] = point;
        return length + 1;
    }

    private static long Cross(in FingerRow row, int a, int b, int c) =>
        ((long)(row.X[b] - row.X[a]) * (row.Y[c] - row.Y[a])) - ((long)(row.Y[b] - row.Y[a]) * (row.X[c] - row.X[a]));
}
