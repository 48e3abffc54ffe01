namespace MatchCluster.Matching.Fingers;

/// <summary>
/// The convex hull of a print's minutiae, widened by an offset: outside it nothing is known about the finger.
/// </summary>
internal sealed class ConvexHull
{
    private readonly (int X, int Y)[] corners;

    /// <summary>Monotone chain (A. M. Andrew, 1979): counter-clockwise, without collinear points.</summary>
    public ConvexHull(ReadOnlySpan<PlacedMinutia> minutiae)
    {
        (int X, int Y)[] points = new (int X, int Y)[minutiae.Length];
        for (int i = 0; i < points.Length; i++)
        {
            points[i] = (minutiae[i].X, minutiae[i].Y);
        }

        points = [.. points.Distinct().Order()];
        corners = points.Length < 3 ? points : [.. Chain(points), .. Chain([.. points.Reverse()])];
    }

    /// <summary>True where the point lies inside, or outside by no more than the offset.</summary>
    public bool Contains(int x, int y, int offset)
    {
        bool inside = corners.Length > 2;
        long nearest = long.MaxValue;
        for (int i = 0; i < corners.Length; i++)
        {
            (int X, int Y) from = corners[i];
            (int X, int Y) to = corners[i + 1 < corners.Length ? i + 1 : 0];

            // The nearest point of a convex hull always lies on an edge that can be seen from outside.
            if (corners.Length > 2 && Cross(from, to, (x, y)) >= 0)
            {
                continue;
            }

            inside = false;
            nearest = Math.Min(nearest, SquaredDistance(from, to, x, y));
        }

        return inside || nearest <= (long)offset * offset;
    }

    /// <summary>True where a whole disc lies inside the hull itself, without the offset.</summary>
    public bool HoldsDisc(int x, int y, int radius)
    {
        for (int i = 0; i < corners.Length; i++)
        {
            (int X, int Y) from = corners[i];
            (int X, int Y) to = corners[i + 1 < corners.Length ? i + 1 : 0];
            double dx = to.X - from.X;
            double dy = to.Y - from.Y;
            double cross = Cross(from, to, (x, y));
            if (cross <= 0 || cross * cross < (double)radius * radius * ((dx * dx) + (dy * dy)))
            {
                return false;
            }
        }

        return corners.Length > 2;
    }

    /// <summary>Half of the hull, its last point left to the other half.</summary>
    private static List<(int X, int Y)> Chain((int X, int Y)[] points)
    {
        List<(int X, int Y)> chain = [];
        foreach ((int X, int Y) point in points)
        {
            while (chain.Count > 1 && Cross(chain[^2], chain[^1], point) <= 0)
            {
                chain.RemoveAt(chain.Count - 1);
            }

            chain.Add(point);
        }

        chain.RemoveAt(chain.Count - 1);
        return chain;
    }

    /// <summary>Positive where c lies to the left of the line from a to b.</summary>
    private static long Cross((int X, int Y) a, (int X, int Y) b, (int X, int Y) c) =>
        ((long)(b.X - a.X) * (c.Y - a.Y)) - ((long)(b.Y - a.Y) * (c.X - a.X));

    private static long SquaredDistance((int X, int Y) from, (int X, int Y) to, int x, int y)
    {
        long dx = to.X - from.X;
        long dy = to.Y - from.Y;
        long px = x - from.X;
        long py = y - from.Y;
        long length = (dx * dx) + (dy * dy);
        long along = (px * dx) + (py * dy);
        if (along <= 0 || length == 0)
        {
            return (px * px) + (py * py);
        }

        if (along >= length)
        {
            return ((px - dx) * (px - dx)) + ((py - dy) * (py - dy));
        }

        // Rounded down to whole units: basic operations only, so every machine gets the same hull.
        double across = (px * dy) - (py * dx);
        return (long)(across * across / length);
    }
}
