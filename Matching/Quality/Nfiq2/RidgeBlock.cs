namespace MatchCluster.Matching.Quality.Nfiq2;

/// <summary>A square of ridges with the direction across them.</summary>
/// <param name="X">Its first column.</param>
/// <param name="Y">Its first row.</param>
/// <param name="Across">Cosine and sine of the direction across the ridges.</param>
internal readonly record struct RidgeBlock(int X, int Y, (double Cosine, double Sine) Across)
{
    /// <summary>Side of the squares in pixels; two ridges are inside at least.</summary>
    public const int Side = 32;

    /// <summary>
    /// Pixels between the edge of the picture and the first square: a rectangle of 32 x 16 pixels that is turned in
    /// the square's middle reaches so far beyond the square.
    /// </summary>
    public const int Margin = 2;

    /// <summary>The squares that are ridges in all their pixels, row by row.</summary>
    public static IReadOnlyList<RidgeBlock> Of(GreyPlane image, Foreground foreground)
    {
        List<RidgeBlock> blocks = [];
        for (int y = Margin; y + Side + Margin <= image.Height; y += Side)
        {
            for (int x = Margin; x + Side + Margin <= image.Width; x += Side)
            {
                if (foreground.Covers(x, y, Side))
                {
                    blocks.Add(new RidgeBlock(x, y, GradientSums.Of(image.Cut(x, y, Side, Side)).Across()));
                }
            }
        }

        return blocks;
    }
}
