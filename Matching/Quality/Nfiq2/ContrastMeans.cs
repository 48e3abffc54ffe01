namespace MatchCluster.Matching.Quality.Nfiq2;

/// <summary>Mu, the mean of all pixels, and MMB, the mean of the means of the squares of 32 pixels.</summary>
internal static class ContrastMeans
{
    private const int Step = 32 / BlockSums.Side;

    public static double Mu(BlockSums sums) => sums.Whole.Mean;

    public static double Mmb(BlockSums sums)
    {
        int columns = (sums.Columns + Step - 1) / Step;
        int rows = (sums.Rows + Step - 1) / Step;
        double mean = 0;
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                mean += sums.Square(column * Step, row * Step, Step).Mean / (columns * rows);
            }
        }

        return mean;
    }
}
