namespace MatchCluster.Matching.Quality.Nfiq2;

/// <summary>
/// FDA, frequency domain analysis: how much of the spectrum of a block's profile lies at its strongest frequency. 1
/// for a block whose profile has its strongest frequency at the very first one.
/// </summary>
internal static class FrequencyDomain
{
    private const int Length = 32;
    private const int Columns = 16;

    /// <summary>Share of the two neighbours of the strongest frequency that counts with it.</summary>
    private const double Neighbours = 0.3;

    public static ReadOnlySpan<double> Limits => [0.268, 0.304, 0.33, 0.355, 0.38, 0.407, 0.44, 0.50, 1];

    /// <summary>Cosines of n / 32 of a turn, by halving of angles.</summary>
    private static readonly double[] Cosines = MakeCosines();

    public static double Of(GreyPlane image, RidgeBlock block)
    {
        Span<byte> turned = stackalloc byte[Length * Columns];
        (double cosine, double sine) = block.Across;

        // A quarter of a turn more: the ridges run along the rows.
        TurnedBlock.Copy(image, block, (-sine, cosine), TurnedBlock.Frame, turned, Columns);
        Span<int> profile = stackalloc int[Length];
        int sum = 0;
        for (int y = 0; y < Length; y++)
        {
            int row = 0;
            foreach (byte pixel in turned.Slice(y * Columns, Columns))
            {
                row += pixel;
            }

            profile[y] = row;
            sum += row;
        }

        return Share(profile, sum);
    }

    private static double Share(ReadOnlySpan<int> profile, int sum)
    {
        const int half = Length / 2;
        Span<double> amplitudes = stackalloc double[half + 2];
        int strongest = 1;
        double all = 0;
        for (int f = 1; f <= half; f++)
        {
            double real = 0;
            double imaginary = 0;
            for (int y = 0; y < Length; y++)
            {
                // The mean is taken away in whole numbers: a flat profile has no amplitude at all.
                int value = (profile[y] * Length) - sum;
                real += value * Cosines[(f * y) % Length];
                imaginary += value * Cosines[((f * y) + (3 * Length / 4)) % Length];
            }

            amplitudes[f] = Math.Sqrt((real * real) + (imaginary * imaginary));
            all += f < half ? amplitudes[f] : 0;
            strongest = amplitudes[f] > amplitudes[strongest] ? f : strongest;
        }

        // The spectrum of real numbers is symmetric about its middle.
        amplitudes[half + 1] = amplitudes[half - 1];
        return strongest == 1 || all == 0 ? 1
            : (amplitudes[strongest] + (Neighbours * (amplitudes[strongest - 1] + amplitudes[strongest + 1]))) / all;
    }

    private static double[] MakeCosines()
    {
        double[] quarter = new double[9];
        quarter[0] = 1;
        quarter[4] = Math.Sqrt(0.5);
        quarter[2] = Math.Sqrt((1 + quarter[4]) / 2);
        quarter[6] = Math.Sqrt((1 - quarter[4]) / 2);
        quarter[1] = Math.Sqrt((1 + quarter[2]) / 2);
        quarter[3] = Math.Sqrt((1 + quarter[6]) / 2);
        quarter[5] = Math.Sqrt((1 - quarter[6]) / 2);
        quarter[7] = Math.Sqrt((1 - quarter[2]) / 2);
        return
        [
            .. Enumerable.Range(0, Length).Select(n => (n / 8) switch
            {
                0 => quarter[n],
                1 => -quarter[16 - n],
                2 => -quarter[n - 16],
                _ => quarter[32 - n],
            }),
        ];
    }
}
