namespace MatchCluster.Matching.Extraction;

/// <summary>
/// Takes out brightness and contrast: each pixel less the mean of its surroundings, divided by their standard
/// deviation. Sums are integers, so that running sums do not drift.
/// </summary>
internal sealed class Normalisation
{
    /// <summary>Reach of the mean: two ridges.</summary>
    private const int MeanReach = 9;

    /// <summary>Reach of the deviation.</summary>
    private const int DeviationReach = 16;

    /// <summary>Differences from the mean are held in quarters of a grey level.</summary>
    private const int Steps = 4;

    /// <summary>Deviations are limited: specks must not outweigh ridges.</summary>
    private const float Most = 3;

    /// <summary>
    /// Variance added everywhere, in squared grey levels: below it is the noise of a sensor.
    /// </summary>
    private const float NoiseVariance = 0.5f;

    private int[] differences = [];
    private int[] columnSums = [];

    /// <param name="pixels">At 500 ppi.</param>
    /// <param name="width">Pixels of a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="result">Cleared, at least as large as the picture.</param>
    /// <param name="grid">Takes the contrast of each block.</param>
    public void Apply(ReadOnlySpan<byte> pixels, int width, int height, PaddedPlane result, RidgeGrid grid)
    {
        if (this.differences.Length < width * height)
        {
            this.differences = new int[width * height];
        }

        if (this.columnSums.Length < width)
        {
            this.columnSums = new int[width];
        }

        SubtractMeans(pixels, width, height);
        DivideByDeviations(width, height, result, grid);
    }

    private void SubtractMeans(ReadOnlySpan<byte> pixels, int width, int height)
    {
        Span<int> sums = this.columnSums.AsSpan(0, width);
        sums.Clear();
        for (int y = 0; y < Math.Min(MeanReach, height); y++)
        {
            Add(sums, pixels.Slice(y * width, width), 1);
        }

        for (int y = 0; y < height; y++)
        {
            if (y + MeanReach < height)
            {
                Add(sums, pixels.Slice((y + MeanReach) * width, width), 1);
            }

            if (y - MeanReach - 1 >= 0)
            {
                Add(sums, pixels.Slice((y - MeanReach - 1) * width, width), -1);
            }

            int rows = Math.Min(y + MeanReach, height - 1) - Math.Max(y - MeanReach, 0) + 1;
            int sum = 0;
            for (int x = 0; x < Math.Min(MeanReach, width); x++)
            {
                sum += sums[x];
            }

            ReadOnlySpan<byte> row = pixels.Slice(y * width, width);
            Span<int> found = this.differences.AsSpan(y * width, width);
            for (int x = 0; x < width; x++)
            {
                sum += x + MeanReach < width ? sums[x + MeanReach] : 0;
                sum -= x - MeanReach - 1 >= 0 ? sums[x - MeanReach - 1] : 0;
                int count = rows * (Math.Min(x + MeanReach, width - 1) - Math.Max(x - MeanReach, 0) + 1);
                found[x] = (int)((float)(Steps * ((row[x] * count) - sum)) / count);
            }
        }
    }

    private void DivideByDeviations(int width, int height, PaddedPlane result, RidgeGrid grid)
    {
        Span<int> sums = this.columnSums.AsSpan(0, width);
        sums.Clear();
        for (int y = 0; y < Math.Min(DeviationReach, height); y++)
        {
            AddSquares(sums, this.differences.AsSpan(y * width, width), 1);
        }

        for (int y = 0; y < height; y++)
        {
            if (y + DeviationReach < height)
            {
                AddSquares(sums, this.differences.AsSpan((y + DeviationReach) * width, width), 1);
            }

            if (y - DeviationReach - 1 >= 0)
            {
                AddSquares(sums, this.differences.AsSpan((y - DeviationReach - 1) * width, width), -1);
            }

            int rows = Math.Min(y + DeviationReach, height - 1) - Math.Max(y - DeviationReach, 0) + 1;
            long sum = 0;
            for (int x = 0; x < Math.Min(DeviationReach, width); x++)
            {
                sum += sums[x];
            }

            ReadOnlySpan<int> row = this.differences.AsSpan(y * width, width);
            Span<float> found = result.Values.AsSpan(result.At(0, y), width);
            bool isMiddle = (y % RidgeGrid.Block) == RidgeGrid.Block / 2;
            for (int x = 0; x < width; x++)
            {
                sum += x + DeviationReach < width ? sums[x + DeviationReach] : 0;
                sum -= x - DeviationReach - 1 >= 0 ? sums[x - DeviationReach - 1] : 0;
                int count = rows * (Math.Min(x + DeviationReach, width - 1) - Math.Max(x - DeviationReach, 0) + 1);
                float variance = (float)sum / count;
                float deviation = MathF.Sqrt(variance + (NoiseVariance * Steps * Steps));
                found[x] = Math.Clamp(row[x] / deviation, -Most, Most);
                if (isMiddle && (x % RidgeGrid.Block) == RidgeGrid.Block / 2)
                {
                    grid.Contrast[(y / RidgeGrid.Block * grid.Columns) + (x / RidgeGrid.Block)] =
                        MathF.Sqrt(variance) / Steps;
                }
            }
        }
    }

    private static void Add(Span<int> sums, ReadOnlySpan<byte> row, int sign)
    {
        for (int x = 0; x < row.Length; x++)
        {
            sums[x] += sign * row[x];
        }
    }

    private static void AddSquares(Span<int> sums, ReadOnlySpan<int> row, int sign)
    {
        for (int x = 0; x < row.Length; x++)
        {
            sums[x] += sign * row[x] * row[x];
        }
    }
}
