using System.Runtime.Intrinsics;

namespace MatchCluster.Matching.Extraction;

/// <summary>Smooths a plane by 1 4 6 4 1 in both directions: a Gaussian of one pixel.</summary>
internal static class Binomial
{
    /// <param name="source">Left as it is.</param>
    /// <param name="rows">Room for the values between.</param>
    /// <param name="result">Cleared; takes the smoothed plane, its margin stays zero.</param>
    public static void Smooth(PaddedPlane source, PaddedPlane rows, PaddedPlane result)
    {
        int stride = source.Stride;
        for (int y = -2; y < source.Height + 2; y++)
        {
            Row(source.Values, rows.Values, source.At(0, y), source.Width, 1);
        }

        for (int y = 0; y < source.Height; y++)
        {
            Row(rows.Values, result.Values, source.At(0, y), source.Width, stride);
        }
    }

    private static void Row(float[] source, float[] result, int at, int width, int step)
    {
        var four = Vector256.Create(4f);
        var six = Vector256.Create(6f);
        var share = Vector256.Create(1f / 16);
        for (int i = at; i < at + width; i += Vector256<float>.Count)
        {
            Vector256<float> sum = Load(source, i) * six;
            sum += (Load(source, i - step) + Load(source, i + step)) * four;
            sum += Load(source, i - (2 * step)) + Load(source, i + (2 * step));
            (sum * share).CopyTo(result, i);
        }
    }

    private static Vector256<float> Load(float[] values, int at) => Vector256.Create(values, at);
}
