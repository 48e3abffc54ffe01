namespace MatchCluster.Matching.IrisImages;

/// <summary>
/// Grey values of a flat or dark picture, stretched: edges of eyes are looked for by how much grey values
/// rise.
/// </summary>
internal static class Contrast
{
    /// <summary>A picture whose middle 98 % span fewer grey values is stretched to this span.</summary>
    private const int Span = 128;

    /// <summary>More than this only makes noise visible.</summary>
    private const int MostGain = 4;

    /// <summary>
    /// Pixels at either end that are left out at most, a hundredth of 640 x 480: in a larger picture an eye may be
    /// smaller than a hundredth.
    /// </summary>
    private const int MostLeftOut = 3072;

    /// <summary>A copy, stretched where it must be.</summary>
    public static byte[] Stretched(ReadOnlySpan<byte> pixels)
    {
        byte[] copy = pixels.ToArray();
        int[] histogram = HistogramOf(pixels);
        int leftOut = Math.Min(pixels.Length / 100, MostLeftOut);
        int low = Below(histogram, leftOut);
        int spread = Below(histogram, pixels.Length - leftOut) - low;
        if (spread >= Span || spread == 0)
        {
            return copy;
        }

        int gain = Math.Min(256 * Span / spread, 256 * MostGain);
        for (int i = 0; i < copy.Length; i++)
        {
            copy[i] = (byte)Math.Clamp(16 + ((copy[i] - low) * gain / 256), 0, 255);
        }

        return copy;
    }

    public static int[] HistogramOf(ReadOnlySpan<byte> pixels)
    {
        int[] histogram = new int[256];
        foreach (byte pixel in pixels)
        {
            histogram[pixel]++;
        }

        return histogram;
    }

    /// <summary>The first value up to which there are so many pixels.</summary>
    public static int Below(int[] histogram, int count)
    {
        int value = 0;
        int sum = histogram[0];
        while (sum < count)
        {
            sum += histogram[++value];
        }

        return value;
    }
}
