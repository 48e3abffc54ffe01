namespace MatchCluster.Matching.Quality.Nfiq2;

/// <summary>
/// Splits pixels into black and white where the variance between the two classes is largest (N. Otsu, "A threshold
/// selection method from gray-level histograms", IEEE Transactions on Systems, Man, and Cybernetics 9(1), 1979).
/// </summary>
internal static class Otsu
{
    /// <summary>Sets every pixel above the threshold to 255 and every other one to 0.</summary>
    public static void Split(Span<byte> pixels)
    {
        int threshold = Threshold(pixels);
        foreach (ref byte pixel in pixels)
        {
            pixel = pixel > threshold ? (byte)255 : (byte)0;
        }
    }

    /// <summary>The highest level of the darker class; 0 where there is one level only.</summary>
    public static int Threshold(ReadOnlySpan<byte> pixels)
    {
        Span<int> counts = stackalloc int[256];
        counts.Clear();
        foreach (byte pixel in pixels)
        {
            counts[pixel]++;
        }

        long sum = 0;
        for (int level = 0; level < counts.Length; level++)
        {
            sum += (long)level * counts[level];
        }

        int best = 0;
        double largest = 0;
        long below = 0;
        long belowSum = 0;
        for (int level = 0; level < counts.Length; level++)
        {
            below += counts[level];
            belowSum += (long)level * counts[level];
            long above = pixels.Length - below;
            if (below == 0 || above == 0)
            {
                continue;
            }

            double apart = ((double)belowSum / below) - ((double)(sum - belowSum) / above);
            double between = (double)below * above * apart * apart;
            (best, largest) = between > largest ? (level, between) : (best, largest);
        }

        return best;
    }
}
