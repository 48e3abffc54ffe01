namespace MatchCluster.Matching.Quality.Nfiq2;

/// <summary>
/// Coherence of the orientation in the region of interest: the sum over its squares, and the mean of them.
/// </summary>
internal static class RegionCoherence
{
    public static (double Sum, double Mean) Of(GreyPlane image, RegionOfInterest region, NfiqEdition edition)
    {
        int side = edition == NfiqEdition.Version22 ? 16 : 32;
        double sum = 0;
        int count = 0;
        for (int y = 0; y < image.Height; y += side)
        {
            for (int x = 0; x < image.Width; x += side)
            {
                if (region.Touches(x, y, side))
                {
                    sum += GradientSums.Of(image.Block(x, y, side)).Coherence();
                    count++;
                }
            }
        }

        return (sum, count == 0 ? 0 : sum / count);
    }
}
