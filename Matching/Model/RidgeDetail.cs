namespace MatchCluster.Matching.Model;

/// <summary>What the ridges do in one cell of a print.</summary>
/// <param name="IsPrint">Whether the cell shows the print; where it does not, the rest is 0.</param>
/// <param name="Direction">Direction of the ridges, 256ths of half a turn, counter-clockwise from +x.</param>
/// <param name="Period">From ridge to ridge, a step of <see cref="RidgeDetail.PeriodOf"/>, 0..31.</param>
/// <param name="Quality">How well ridges explain the picture there, 0..7.</param>
public readonly record struct RidgeCell(bool IsPrint, byte Direction, byte Period, byte Quality);

/// <summary>What the ridges do round one minutia.</summary>
/// <param name="Period">From ridge to ridge, a step of <see cref="RidgeDetail.PeriodOf"/>, 0..31.</param>
/// <param name="Coherence">How much of one direction the ridges have there, 0..7.</param>
/// <param name="Counts">Four numbers of 4 bits, the nearest neighbour's highest.</param>
public readonly record struct MinutiaRidges(byte Period, byte Coherence, ushort Counts)
{
    /// <summary>The count of a neighbour to which no ridges could be counted, or of one that is not there.</summary>
    public const int NotCounted = 15;

    /// <summary>
    /// Changes between ridge and valley on the straight line to a neighbour, 0..14: twice the number of ridges.
    /// </summary>
    /// <param name="neighbour">0..3, the nearest first.</param>
    public int CountTo(int neighbour) => (Counts >> (12 - (4 * neighbour))) & 15;
}

/// <summary>What a point is that ridges turn round.</summary>
public enum SingularKind : byte
{
    /// <summary>The middle of a loop or whorl.</summary>
    Core = 1,

    /// <summary>Where three systems of ridges meet.</summary>
    Delta = 2,
}

/// <summary>A core or a delta.</summary>
/// <param name="Kind">Which of the two.</param>
/// <param name="X">Pixels at 500 per inch from the left edge of the image.</param>
/// <param name="Y">Pixels at 500 per inch from the top edge, down.</param>
/// <param name="Direction">
/// 256ths of a turn, counter-clockwise from +x: where the ridges of a core open, or one of the three of a delta.
/// </param>
public readonly record struct SingularPoint(SingularKind Kind, ushort X, ushort Y, byte Direction);

/// <summary>
/// What a print shows besides its minutiae: direction, frequency and clarity of the ridges on a coarse grid, ridge
/// counts from minutia to minutia, cores and deltas. Lengths are pixels at 500 per inch, whatever the record's own.
/// </summary>
public sealed class RidgeDetail
{
    /// <summary>Neighbours of a minutia to which ridges are counted.</summary>
    public const int Neighbours = 4;

    /// <summary>Minutiae that ridges are counted from and to: the first of the view.</summary>
    public const int MostMinutiae = Limits.MinutiaeScored;

    /// <summary>Cells of the grid, those outside the print among them.</summary>
    public const int MostCells = 96;

    /// <summary>Cores and deltas together.</summary>
    public const int MostPoints = 8;

    public const int LeastCellSide = 8;

    public const int MostCellSide = 255;

    /// <summary>Steps of a period and of what is stated in 3 bits.</summary>
    public const int Periods = 32;

    public const int Levels = 8;

    private const double ShortestPeriod = 5;
    private const double PeriodRatio = 1.06;

    private static readonly double[] PeriodSteps = BuildPeriods();

    private readonly int[] neighbours;

    /// <param name="minutiae">Those of the view, in its order.</param>
    public RidgeDetail(IReadOnlyList<Minutia> minutiae)
    {
        ArgumentNullException.ThrowIfNull(minutiae);
        Counted = Math.Min(minutiae.Count, MostMinutiae);
        this.neighbours = NeighboursOf(minutiae, Counted);
    }

    /// <summary>How many minutiae have <see cref="Ridges"/>: the first.</summary>
    public int Counted { get; }

    /// <summary>Side of a cell, pixels at 500 per inch.</summary>
    public required int CellSide { get; init; }

    /// <summary>Left edge of the grid, pixels at 500 per inch from the image's.</summary>
    public required int Left { get; init; }

    /// <summary>Top edge of the grid.</summary>
    public required int Top { get; init; }

    public required int Columns { get; init; }

    public required int Rows { get; init; }

    /// <summary>Row by row from the top.</summary>
    public required IReadOnlyList<RidgeCell> Cells { get; init; }

    /// <summary>The ridges of each of the first <see cref="Counted"/> minutiae.</summary>
    public required IReadOnlyList<MinutiaRidges> Ridges { get; init; }

    public required IReadOnlyList<SingularPoint> Points { get; init; }

    /// <summary>Pixels at 500 per inch from ridge to ridge: 5 times 1.06 to the power of the step.</summary>
    public static double PeriodOf(int step) => PeriodSteps[step];

    /// <summary>The step nearest to a period.</summary>
    public static byte PeriodStep(double pixels)
    {
        int step = 0;
        while (step < Periods - 1 && PeriodSteps[step] * PeriodSteps[step + 1] < pixels * pixels)
        {
            step++;
        }

        return (byte)step;
    }

    /// <summary>
    /// Index of a neighbour of one of the first minutiae among them: the nearest in pixels of the record, the lower
    /// index of two that are equally near; -1 where there are fewer.
    /// </summary>
    /// <param name="minutia">0..<see cref="Counted"/> - 1.</param>
    /// <param name="neighbour">0..3, the nearest first.</param>
    public int NeighbourOf(int minutia, int neighbour) => this.neighbours[(minutia * Neighbours) + neighbour];

    /// <summary>Products alone, so that every machine has the same steps.</summary>
    private static double[] BuildPeriods()
    {
        double[] steps = new double[Periods];
        steps[0] = ShortestPeriod;
        for (int step = 1; step < steps.Length; step++)
        {
            steps[step] = steps[step - 1] * PeriodRatio;
        }

        return steps;
    }

    private static int[] NeighboursOf(IReadOnlyList<Minutia> minutiae, int count)
    {
        int[] all = new int[count * Neighbours];
        Array.Fill(all, -1);
        Span<long> distances = stackalloc long[Neighbours];
        for (int i = 0; i < count; i++)
        {
            Span<int> found = all.AsSpan(i * Neighbours, Neighbours);
            distances.Fill(long.MaxValue);
            for (int j = 0; j < count; j++)
            {
                long x = minutiae[i].X - minutiae[j].X;
                long y = minutiae[i].Y - minutiae[j].Y;
                long distance = (x * x) + (y * y);
                if (j != i)
                {
                    Insert(found, distances, j, distance);
                }
            }
        }

        return all;
    }

    /// <summary>Keeps the nearest in order; one that is as near as an earlier one comes after it.</summary>
    private static void Insert(Span<int> found, Span<long> distances, int index, long distance)
    {
        int at = Neighbours;
        while (at > 0 && distance < distances[at - 1])
        {
            at--;
        }

        if (at < Neighbours)
        {
            found[at..^1].CopyTo(found[(at + 1)..]);
            distances[at..^1].CopyTo(distances[(at + 1)..]);
            (found[at], distances[at]) = (index, distance);
        }
    }
}
