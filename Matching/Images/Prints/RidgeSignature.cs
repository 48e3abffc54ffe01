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

    /// <summary>Periods of one print differ by less than this share of their median.</summary>
    private const double Alike = 0.25;
    private const double LeastDeviation = 12;
    private const double ShortestPeriod = 2.5;

    /// <summary>The median in pixels, or null where too few blocks have ridges.</summary>
    public static double? PeriodOf(GrayImage image)
    {
        List<double> periods = PeriodsIn(
            image.Pixels.Span, image.Width, new RidgeBox(0, 0, image.Width, image.Height), MostBlocks, LeastCoherence,
            out _);
        if (periods.Count < LeastBlocks)
        {
            return null;
        }

        periods.Sort();
        return periods[periods.Count / 2];
    }

    /// <summary>
    /// The share of the blocks of a part of a picture that have ridges of about one period, as a print has; 0 where
    /// fewer than <paramref name="leastBlocks"/> have room.
    /// </summary>
    /// <param name="pixels">Grey values, row by row.</param>
    /// <param name="width">Pixels of a row.</param>
    /// <param name="box">The part; what lies outside of the picture is left out.</param>
    /// <param name="mostBlocks">Blocks that are looked at, evenly over the part.</param>
    /// <param name="leastBlocks">Fewer blocks say nothing.</param>
    /// <param name="leastCoherence">How much a block must prefer one direction, 0 to 1.</param>
    public static double ShareIn(
        ReadOnlySpan<byte> pixels, int width, RidgeBox box, int mostBlocks, int leastBlocks, double leastCoherence)
    {
        List<double> periods = PeriodsIn(pixels, width, box, mostBlocks, leastCoherence, out int blocks);
        if (blocks < leastBlocks || periods.Count == 0)
        {
            return 0;
        }

        periods.Sort();
        double median = periods[periods.Count / 2];
        return (double)periods.Count(period => Math.Abs(period - median) <= Alike * median) / blocks;
    }

    private static List<double> PeriodsIn(
        ReadOnlySpan<byte> pixels, int width, RidgeBox box, int mostBlocks, double leastCoherence, out int blocks)
    {
        const int Margin = Reach + 2;
        int height = pixels.Length / width;
        (int left, int right) = (Math.Max(box.Left, Margin), Math.Min(box.Right, width - Margin));
        (int top, int bottom) = (Math.Max(box.Top, Margin), Math.Min(box.Bottom, height - Margin));
        double area = (double)(box.Right - box.Left) * (box.Bottom - box.Top);
        int step = Math.Max(Block / 2, (int)Math.Sqrt(area / mostBlocks));
        List<double> periods = [];
        Span<double> signature = stackalloc double[(2 * Reach) + 1];
        blocks = 0;
        for (int y = top; y < bottom; y += step)
        {
            for (int x = left; x < right; x += step)
            {
                blocks++;
                if (NormalAt(pixels, width, x, y, leastCoherence) is not { } normal)
                {
                    continue;
                }

                Sign(pixels, width, x, y, normal.X, normal.Y, signature);
                if (Period(signature) is { } period)
                {
                    periods.Add(period);
                }
            }
        }

        return periods;
    }

    /// <summary>The direction across the ridges of a block; null where it has none or several.</summary>
    private static (double X, double Y)? NormalAt(
        ReadOnlySpan<byte> pixels, int width, int x, int y, double leastCoherence)
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
        if (deviation < LeastDeviation || length < leastCoherence * (xx + yy))
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

/// <summary>A part of a picture, in its pixels; right and bottom lie outside.</summary>
internal readonly record struct RidgeBox(int Left, int Top, int Right, int Bottom);
