namespace MatchCluster.Matching.Images.Wsq;

/// <summary>
/// Widths of the bins of each subband for a wanted number of bits a pixel: busy subbands get narrow bins,
/// quiet ones none (IAFIS-IC-0110, the encoder's bit allocation).
/// </summary>
internal static class WsqBinWidths
{
    /// <summary>A subband that varies less is not coded.</summary>
    private const double LeastVariance = 1.01;

    /// <summary>
    /// A picture whose four lowest subbands vary less together is measured whole and not in its middle.
    /// </summary>
    private const double QuietPicture = 20_000;

    /// <summary>
    /// Coefficients of a subband below which their spread about their own mean says nothing: the lowest of a
    /// picture of 100 x 100 pixels have nine, which are large and all alike in a slope. How large they are decides.
    /// </summary>
    private const int FewCoefficients = 64;

    private const double ZeroBinShare = 1.2;

    /// <summary>Bins on each side of zero: a coefficient has 16 bits.</summary>
    private const double MostBins = 32_000;

    /// <summary>Weights of subbands 52 to 59; those before have 1.</summary>
    private static readonly double[] LastWeights = [1.32, 1.08, 1.42, 1.08, 1.32, 1.42, 1.08, 1.08];

    public static WsqQuantisation For(float[] plane, int width, WsqSubbands subbands, double bitsPerPixel)
    {
        double[] variances = Variances(plane, width, subbands);
        List<int> coded = [.. Enumerable.Range(0, WsqSubbands.Coded).Where(band => variances[band] >= LeastVariance)];
        double[] bins = new double[WsqSubbands.Listed];
        foreach (int band in coded)
        {
            bins[band] = band < 4 ? 1 : 10 / (Weight(band) * Math.Log(variances[band]));
        }

        // Subbands whose bins would be wider than all they hold leave, until none does.
        double scale = 1;
        for (List<int> positive = coded; positive.Count > 0;)
        {
            double share = positive.Sum(Share);
            double product = positive.Aggregate(
                1.0, (value, band) => value * Math.Pow(Math.Sqrt(variances[band]) / bins[band], Share(band)));
            scale = Math.Pow(2, (bitsPerPixel / share) - 1) / 2.5 / Math.Pow(product, 1 / share);
            List<int> left =
                [.. positive.Where(band => bins[band] / scale < 5 * Math.Sqrt(variances[band]))];
            if (left.Count == positive.Count)
            {
                break;
            }

            positive = left;
        }

        float[] widths = new float[WsqSubbands.Listed];
        foreach (int band in coded)
        {
            widths[band] = (float)Math.Max(bins[band] / scale, Largest(plane, width, subbands.Bands[band]) / MostBins);
        }

        return new WsqQuantisation(0.44f, widths, [.. widths.Select(bin => (float)(ZeroBinShare * bin))]);
    }

    private static double Weight(int band) => band < 52 ? 1 : LastWeights[band - 52];

    /// <summary>The share of the picture's pixels that a subband has.</summary>
    private static double Share(int band) => band < 4 ? 1 / 1024.0 : band < 51 ? 1 / 256.0 : 1 / 16.0;

    private static double[] Variances(float[] plane, int width, WsqSubbands subbands)
    {
        double[] variances = new double[WsqSubbands.Coded];
        for (int band = 0; band < WsqSubbands.Coded; band++)
        {
            variances[band] = Variance(plane, width, Middle(subbands.Bands[band]));
        }

        if (variances[..4].Sum() < QuietPicture)
        {
            for (int band = 0; band < WsqSubbands.Coded; band++)
            {
                variances[band] = Variance(plane, width, subbands.Bands[band]);
            }
        }

        for (int band = 0; band < WsqSubbands.Coded; band++)
        {
            WsqRegion region = subbands.Bands[band];
            if (region.Width * region.Height < FewCoefficients)
            {
                variances[band] = MeanSquare(plane, width, region);
            }
        }

        return variances;
    }

    /// <summary>Three quarters of the width and seven sixteenths of the height.</summary>
    private static WsqRegion Middle(WsqRegion band) => band with
    {
        X = band.X + (band.Width / 8),
        Y = band.Y + (9 * band.Height / 32),
        Width = 3 * band.Width / 4,
        Height = 7 * band.Height / 16,
    };

    private static double Largest(float[] plane, int width, WsqRegion region)
    {
        float largest = 0;
        for (int row = region.Y; row < region.Y + region.Height; row++)
        {
            foreach (float value in plane.AsSpan((row * width) + region.X, region.Width))
            {
                largest = Math.Max(largest, Math.Abs(value));
            }
        }

        return largest;
    }

    private static double MeanSquare(float[] plane, int width, WsqRegion region)
    {
        double squares = 0;
        for (int row = region.Y; row < region.Y + region.Height; row++)
        {
            foreach (float value in plane.AsSpan((row * width) + region.X, region.Width))
            {
                squares += (double)value * value;
            }
        }

        return squares / Math.Max(1, region.Width * region.Height);
    }

    private static double Variance(float[] plane, int width, WsqRegion region)
    {
        double count = (double)region.Width * region.Height;
        if (count < 2)
        {
            return 0;
        }

        double sum = 0;
        double squares = 0;
        for (int row = region.Y; row < region.Y + region.Height; row++)
        {
            foreach (float value in plane.AsSpan((row * width) + region.X, region.Width))
            {
                sum += value;
                squares += (double)value * value;
            }
        }

        return (squares - (sum * sum / count)) / (count - 1);
    }
}
