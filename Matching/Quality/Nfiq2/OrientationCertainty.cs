namespace MatchCluster.Matching.Quality.Nfiq2;

/// <summary>
/// OCL, orientation certainty level: <see cref="GradientSums.Certainty"/> of every whole square of 32 pixels that is
/// not flat.
/// </summary>
internal static class OrientationCertainty
{
    public const int Side = 32;

    public static ReadOnlySpan<double> Limits => [0.337, 0.479, 0.579, 0.655, 0.716, 0.766, 0.81, 0.852, 0.898];

    public static double[] Of(GreyPlane image)
    {
        List<double> values = new(image.Width / Side * (image.Height / Side));
        for (int y = 0; y + Side <= image.Height; y += Side)
        {
            for (int x = 0; x + Side <= image.Width; x += Side)
            {
                if (GradientSums.Of(image.Cut(x, y, Side, Side)).Certainty() is { } certainty)
                {
                    values.Add(certainty);
                }
            }
        }

        return [.. values];
    }
}
