namespace MatchCluster.Matching.Images.Wsq;

/// <summary>
/// Splits a picture into subbands by the standard's 9/7 filters (Cohen, Daubechies, Feauveau 1992) with
/// whole-sample symmetric ends. Encoding need not be equal bit by bit to anybody's: the stream says what its
/// coefficients mean.
/// </summary>
internal static class WsqAnalysis
{
    /// <summary>Half of the filter's taps, from the middle outwards.</summary>
    public static ReadOnlySpan<float> LowHalf =>
    [
        0.85269867900940344f, 0.37740285561265380f, -0.11062440441842342f, -0.02384946501938000f,
        0.03782845550699546f,
    ];

    /// <summary>Half of the filter's taps, from the middle outwards.</summary>
    public static ReadOnlySpan<float> HighHalf =>
        [0.78848561640566439f, -0.41809227322221221f, -0.04068941760955844f, 0.06453888262893845f];

    /// <summary>Replaces the pixels of the plane by its coefficients.</summary>
    public static void Run(float[] plane, int width, WsqSubbands subbands)
    {
        float[] line = new float[Math.Max(width, plane.Length / width)];
        foreach (WsqRegion region in subbands.Joins.Reverse())
        {
            for (int row = 0; row < region.Height; row++)
            {
                int from = ((region.Y + row) * width) + region.X;
                Split(plane, from, 1, region.Width, region.HighFirstX, line);
            }

            for (int column = 0; column < region.Width; column++)
            {
                int from = (region.Y * width) + region.X + column;
                Split(plane, from, width, region.Height, region.HighFirstY, line);
            }
        }
    }

    private static void Split(float[] plane, int from, int stride, int length, bool highFirst, float[] line)
    {
        for (int i = 0; i < length; i++)
        {
            line[i] = plane[from + (i * stride)];
        }

        int lows = (length + 1) / 2;
        int highs = length / 2;
        int low = highFirst ? highs : 0;
        int high = highFirst ? 0 : lows;
        for (int i = 0; i < lows; i++)
        {
            plane[from + ((low + i) * stride)] = Filter(line, length, 2 * i, LowHalf);
        }

        for (int i = 0; i < highs; i++)
        {
            plane[from + ((high + i) * stride)] = Filter(line, length, (2 * i) + 1, HighHalf);
        }
    }

    private static float Filter(float[] line, int length, int middle, ReadOnlySpan<float> half)
    {
        float sum = line[middle] * half[0];
        for (int i = 1; i < half.Length; i++)
        {
            sum += (line[Reflected(middle - i, length)] + line[Reflected(middle + i, length)]) * half[i];
        }

        return sum;
    }

    private static int Reflected(int at, int length)
    {
        while (at < 0 || at >= length)
        {
            at = at < 0 ? -at : (2 * (length - 1)) - at;
        }

        return at;
    }
}
