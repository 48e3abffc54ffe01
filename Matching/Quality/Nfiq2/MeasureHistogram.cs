namespace MatchCluster.Matching.Quality.Nfiq2;

/// <summary>Ten counts of the local values of a measure with their mean and deviation.</summary>
internal static class MeasureHistogram
{
    /// <summary>Numbers that are written: ten counts, the mean, the deviation (divided by the number).</summary>
    public const int Numbers = 12;

    /// <summary>Writes the counts, the mean and the deviation.</summary>
    /// <param name="values">Local values; all twelve numbers are 0 where there is none.</param>
    /// <param name="limits">Nine limits; a value belongs below the first one that exceeds it.</param>
    /// <param name="target">Twelve numbers.</param>
    public static void Write(ReadOnlySpan<double> values, ReadOnlySpan<double> limits, Span<double> target)
    {
        target[..Numbers].Clear();
        if (values.IsEmpty)
        {
            return;
        }

        double sum = 0;
        foreach (double value in values)
        {
            int bin = 0;
            while (bin < limits.Length && value >= limits[bin])
            {
                bin++;
            }

            target[bin]++;
            sum += value;
        }

        double mean = sum / values.Length;
        double squares = 0;
        foreach (double value in values)
        {
            squares += (value - mean) * (value - mean);
        }

        target[10] = mean;
        target[11] = Math.Sqrt(squares / values.Length);
    }
}
