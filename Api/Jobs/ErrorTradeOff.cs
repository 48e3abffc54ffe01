namespace MatchCluster.Api.Jobs;

/// <summary>A point of a trade-off between the errors.</summary>
internal sealed record ErrorPoint(double Threshold, double Fpir, double Fnir);

/// <summary>FNIR and FPIR of a labelled set over all thresholds.</summary>
internal static class ErrorTradeOff
{
    /// <summary>Decades below 1 that a curve shows; smaller shares lie on its edge.</summary>
    public const int Decades = 4;

    /// <summary>Least distance of two points, as a part of a side of the curve: less is no pixel.</summary>
    private const double Step = 1.0 / 1000;

    /// <summary>
    /// Thresholds, rising, at which one of the errors changes; where neither changes by a step of the curve
    /// since the last one, the point is left out. Takes the time to sort the scores.
    /// </summary>
    /// <param name="seen">How the probes scored.</param>
    /// <param name="floor">Below this score nothing was looked at: the lowest threshold.</param>
    public static IReadOnlyList<ErrorPoint> Of(IReadOnlyList<Observation> seen, double floor)
    {
        double[] mates = Sorted(seen.Where(one => one.IsMated).Select(one => one.MateScore));
        double[] others = Sorted(seen.Where(one => !one.IsMated).Select(one => one.OtherScore));
        double mated = seen.Count(one => one.IsMated);
        double nonMated = seen.Count - mated;
        List<ErrorPoint> points = [];
        (int mate, int other) = (0, 0);
        double threshold = floor;
        while (true)
        {
            while (mate < mates.Length && mates[mate] < threshold)
            {
                mate++;
            }

            while (other < others.Length && others[other] < threshold)
            {
                other++;
            }

            // Those who were not found reach no threshold.
            ErrorPoint point = new(
                threshold, Share(others.Length - other, nonMated),
                Share(mated - (mates.Length - mate), mated));
            double next = Math.Min(Above(mates, mate, threshold), Above(others, other, threshold));
            if (points.Count == 0 || double.IsInfinity(next) || IsApart(points[^1], point))
            {
                points.Add(point);
            }

            if (double.IsInfinity(next))
            {
                return points;
            }

            threshold = next;
        }
    }

    /// <summary>Where a share lies on an axis of the curve, 0..1, logarithmic.</summary>
    public static double Along(double share) =>
        Math.Clamp((Math.Log10(Math.Max(share, Math.Pow(10, -Decades))) + Decades) / Decades, 0, 1);

    private static bool IsApart(ErrorPoint one, ErrorPoint other) =>
        Math.Abs(Along(one.Fpir) - Along(other.Fpir)) >= Step
        || Math.Abs(Along(one.Fnir) - Along(other.Fnir)) >= Step;

    private static double[] Sorted(IEnumerable<double?> scores) => [.. scores.OfType<double>().Order()];

    /// <summary>The lowest of the rest that is above a threshold.</summary>
    private static double Above(double[] scores, int from, double threshold)
    {
        while (from < scores.Length && scores[from] <= threshold)
        {
            from++;
        }

        return from < scores.Length ? scores[from] : double.PositiveInfinity;
    }

    private static double Share(double count, double of) => of == 0 ? 0 : count / of;
}
