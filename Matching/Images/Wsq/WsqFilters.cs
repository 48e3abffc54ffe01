namespace MatchCluster.Matching.Images.Wsq;

/// <summary>
/// The two synthesis filters. A stream holds one half of each analysis filter; the other half follows by
/// symmetry, and the synthesis filter by changing every second sign.
/// </summary>
internal sealed class WsqFilters
{
    /// <summary>
    /// The standard's filters have 9 and 7 taps (or 8 and 8); longer ones than these are nobody's.
    /// </summary>
    public const int MostTaps = 32;

    private WsqFilters(float[] low, float[] high) => (Low, High) = (low, high);

    public float[] Low { get; }

    public float[] High { get; }

    /// <param name="lowHalf">From the middle outwards: the analysis low-pass filter, which gives the
    /// high-pass one.</param>
    /// <param name="highHalf">The analysis high-pass filter.</param>
    /// <param name="highTaps">Taps of the synthesis high-pass filter, as many as the analysis low-pass
    /// has.</param>
    /// <param name="lowTaps">Taps of the synthesis low-pass filter.</param>
    public static WsqFilters FromHalves(float[] lowHalf, float[] highHalf, int highTaps, int lowTaps)
    {
        float[] high = new float[highTaps];
        int middle = lowHalf.Length - 1;
        for (int i = 0; i < lowHalf.Length; i++)
        {
            float value = SignOf(i) * lowHalf[i];
            if (highTaps % 2 != 0)
            {
                high[middle + i] = high[middle - i] = value;
            }
            else
            {
                (high[middle + i + 1], high[middle - i]) = (value, -value);
            }
        }

        float[] low = new float[lowTaps];
        middle = highHalf.Length - 1;
        for (int i = 0; i < highHalf.Length; i++)
        {
            if (lowTaps % 2 != 0)
            {
                low[middle + i] = low[middle - i] = SignOf(i) * highHalf[i];
            }
            else
            {
                low[middle + i + 1] = low[middle - i] = SignOf(i + 1) * highHalf[i];
            }
        }

        return new WsqFilters(low, high);
    }

    private static float SignOf(int i) => i % 2 == 0 ? 1f : -1f;
}
