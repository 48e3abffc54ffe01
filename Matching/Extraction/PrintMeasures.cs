namespace MatchCluster.Matching.Extraction;

/// <summary>Measures of the whole print after its minutiae are known.</summary>
internal sealed class PrintMeasures
{
    /// <summary>
    /// Grey levels by which the ground must be darker than the print before ridges count as light.
    /// </summary>
    private const double DarkGround = 24;

    /// <summary>Blocks of ground that say something.</summary>
    private const int LeastGround = 40;

    private float[] periods = [];

    public PrintSummary Of(
        ReadOnlySpan<byte> pixels, int width, int height, RidgeGrid grid, PrintMask mask,
        ReadOnlySpan<PhaseVortex> found)
    {
        if (this.periods.Length < grid.Count)
        {
            this.periods = new float[grid.Count];
        }

        int inside = 0;
        int ground = 0;
        double cosine = 0;
        double sine = 0;
        double clarity = 0;
        double coherence = 0;
        long brightness = 0;
        long insideBrightness = 0;
        long groundBrightness = 0;
        for (int i = 0; i < grid.Count; i++)
        {
            int sum = Brightness(pixels, width, height, i % grid.Columns, i / grid.Columns);
            brightness += sum;
            if (grid.Inside[i])
            {
                this.periods[inside++] = grid.Period[i];
                cosine += (grid.NormalX[i] * grid.NormalX[i]) - (grid.NormalY[i] * grid.NormalY[i]);
                sine += 2 * grid.NormalX[i] * grid.NormalY[i];
                clarity += grid.Explained[i];
                coherence += grid.Coherence[i];
                insideBrightness += sum;
            }
            else if (mask.IsGround(grid, i))
            {
                ground++;
                groundBrightness += sum;
            }
        }

        Array.Sort(this.periods, 0, inside);
        double blocks = Math.Max(inside, 1);
        bool hasLightRidges = ground >= LeastGround
            && groundBrightness / (double)ground < (insideBrightness / blocks) - DarkGround;
        double meanClarity = clarity / blocks;
        return new PrintSummary(
            inside,
            mask.SecondBlocks,
            inside == 0 ? 0 : this.periods[inside / 2],
            Math.Sqrt((cosine * cosine) + (sine * sine)) / blocks,
            meanClarity,
            coherence / blocks,
            brightness / (double)grid.Count,
            hasLightRidges,
            PrintQuality.Of(inside, meanClarity, found));
    }

    /// <summary>Mean grey of a block, sampled in every second row.</summary>
    private static int Brightness(ReadOnlySpan<byte> pixels, int width, int height, int column, int row)
    {
        int sum = 0;
        int count = 0;
        int bottom = Math.Min((row + 1) * RidgeGrid.Block, height);
        int right = Math.Min((column + 1) * RidgeGrid.Block, width);
        for (int y = row * RidgeGrid.Block; y < bottom; y += 2)
        {
            for (int x = column * RidgeGrid.Block; x < right; x++)
            {
                sum += pixels[(y * width) + x];
                count++;
            }
        }

        return sum / Math.Max(count, 1);
    }
}
