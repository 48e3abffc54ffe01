namespace MatchCluster.Matching.Extraction;

/// <summary>How well a print can be compared, 0..100.</summary>
internal static class PrintQuality
{
    /// <summary>Blocks of a print that loses nothing by its size: about 19 x 19 mm.</summary>
    private const double WholePrint = 1200;

    /// <summary>Good minutiae of a print that needs no more.</summary>
    private const double EnoughMinutiae = 30;

    public static int Of(int blocks, double clarity, ReadOnlySpan<PhaseVortex> found)
    {
        double sum = 0;
        foreach (ref readonly PhaseVortex vortex in found)
        {
            sum += vortex.Quality;
        }

        double size = Math.Min(blocks / WholePrint, 1);
        double minutiae = Math.Min(sum / EnoughMinutiae, 1);
        double ridges = Math.Clamp(2 * clarity, 0, 1);
        return (int)Math.Round(100 * ((0.3 * size) + (0.4 * minutiae) + (0.3 * ridges)));
    }
}
