namespace MatchCluster.Matching.Images.Prints;

/// <summary>
/// How far ridges are apart, from blocks where they run in one direction: pixels are averaged along the ridge (the
/// signature of Hong, Wan and Jain 1998), and the autocorrelation across it is measured.
/// </summary>
internal static class RidgeSignature
{
    private const int Block = 24;
    private const int Reach = 30;
    private const int Along = 6;

    /// <summary>A share of a signature's own power that its next period must agree with.</summary>
    private const double LeastAgreement = 0.35;

    /// <summary>Blocks that are looked at, evenly over the picture: enough for a median.</summary>
    private const int MostBlocks = 400;

    /// <summary>Blocks with ridges below which there is no statement.</summary>
    private const int LeastBlocks = 12;
    private const double LeastCoherence = 0.5;
    private const double LeastDeviation = 12;
    private const double ShortestPeriod = 2.5;

    /// <summary>The median in pixels, or null where too few blocks have ridges.</summary>
    public static double? PeriodOf(GrayImage image)
    {
        ReadOnlySpan<byte> pixels = image.Pixels.Span;
        int margin = Reach + 2;
        int step = Math.Max(Block / 2, (int)Math.Sqrt((double)image.Width * image.Height / MostBlocks));
        List<double> periods = [];
        Span<double> signature = stackalloc double[(2 * Reach) + 1];
        for (int y = margin; y < image.Height - margin; y += step)
        {
            for (int x = margin; x < image.Width - margin; x += step)
            {
                if (NormalAt(pixels, image.Width, x, y) is not { } normal)
                {
                    continue;
                }

                Sign(pixels, image.Width, x, y, normal.X, normal.Y, signature);
                if (Period(signature) is { } period)
                {
                    periods.Add(period);
                }
            }
        }

        if (periods.Count < LeastBlocks)
        {
            return null;
        }

        periods.Sort();
        return periods[periods.Count / 2];
    }

    /// <summary>The direction across the ridges of a block; null where it has none or several.</summary>
    private static (double X, double Y)? NormalAt(ReadOnlySpan<byte> pixels, int width, int x, int y)
    {
        long xx = 0;
        long yy = 0;
        long xy = 0;
        long sum = 0;
        long squares = 0;
        for (int row = y - (Block / 2); row < y + (Block / 2); row++)
        {
            for (int at = (row * width) + x - (Block / 2); at < (row * width) + x + (Block / 2); at++)
            {
                int across = pixels[at + 1] - pixels[at - 1];
                int down = pixels[at + width] - pixels[at - width];
                xx += across * across;
                yy += down * down;
                xy += across * down;
                sum += pixels[at];
                squares += pixels[at] * pixels[at];
            }
        }

        const double Count = Block * Block;
        double deviation = Math.Sqrt(Math.Max(0, (squares / Count) - (sum / Count * (sum / Count))));
        double length = Math.Sqrt(((double)(xx - yy) * (xx - yy)) + (4.0 * xy * xy));
        if (deviation < LeastDeviation || length < LeastCoherence * (xx + yy))
        {
            return null;
        }

        double angle = 0.5 * Math.Atan2(2.0 * xy, xx - yy);
        return (Math.Cos(angle), Math.Sin(angle));
    }

    private static void Sign(
        ReadOnlySpan<byte> pixels, int width, int x, int y, double normalX, double normalY, Span<double> signature)
    {
        for (int i = 0; i < signature.Length; i++)
        {
            double across = i - Reach;
            int sum = 0;
            for (int along = -Along; along <= Along; along++)
            {
                // The reach and the width along are within the margin at any angle.
                int column = x + (int)Math.Round((across * normalX) - (along * normalY) * 0.99);
                int row = y + (int)Math.Round((across * normalY) + (along * normalX) * 0.99);
                sum += pixels[(row * width) + column];
            }

            signature[i] = sum;
        }
    }

    /// <summary>
    /// The lag at which the signature agrees with itself again, past the lag of its opposite; null where it never does.
    /// </summary>
    private static double? Period(Span<double> signature)
    {
        double mean = 0;
        foreach (double value in signature)
        {
            mean += value / signature.Length;
        }

        foreach (ref double value in signature)
        {
            value -= mean;
        }

        double none = Agreement(signature, 0);
        int lag = 1;
        while (lag < Reach && Agreement(signature, lag) > 0)
        {
            lag++;
        }

        int best = lag;
        for (int later = lag; later < Reach && later < 4 * lag; later++)
        {
            best = Agreement(signature, later) > Agreement(signature, best) ? later : best;
        }

        double peak = Agreement(signature, best);
        if (best == lag || best >= Reach - 1 || peak < LeastAgreement * none)
        {
            return null;
        }

        // The top of the parabola through the peak and its neighbours.
        double before = Agreement(signature, best - 1);
        double after = Agreement(signature, best + 1);
        double curve = before - (2 * peak) + after;
        double period = best + (curve < 0 ? 0.5 * (before - after) / curve : 0);
        return period >= ShortestPeriod ? period : null;
    }

    private static double Agreement(ReadOnlySpan<double> signature, int lag)
    {
        double sum = 0;
        for (int i = lag; i < signature.Length; i++)
        {
            sum += signature[i] * signature[i - lag];
        }

        return sum / (signature.Length - lag);
    }
}
