namespace MatchCluster.Matching.Fingers;

/// <summary>
/// The functions a cylinder is built with, as integers: computed once from the runtime's mathematics and rounded far
/// above its last bits, so that two machines build the same bits.
/// </summary>
internal static class CylinderTables
{
    /// <summary>Scale of <see cref="Cosine"/> and <see cref="Directional"/>.</summary>
    public const int Unit = 1 << 14;

    /// <summary>Squared distance is looked up in steps of this power of two.</summary>
    public const int SpatialShift = 4;

    /// <summary>Angles are looked up in steps of 64: a third of a degree.</summary>
    public const int AngleShift = 6;

    private const int AngleSteps = MccParameters.Turn >> AngleShift;
    private const int SpatialUnit = 1 << 20;

    private static readonly int[] Cosines = BuildCosines();
    private static readonly sbyte[] Cells = BuildCells();

    /// <summary>Gaussian of the squared distance in square units, times 2^20.</summary>
    public static int[] Spatial { get; } = BuildSpatial();

    /// <summary>
    /// Area of the Gaussian under a section of width 2pi/5 whose middle is this far away, times 2^14.
    /// </summary>
    public static int[] Directional { get; } = BuildDirectional();

    /// <summary>The bit threshold on the scale of a product of <see cref="Spatial"/> and Directional.</summary>
    public static long BitThreshold { get; } =
        (long)Math.Round(MccParameters.BitThreshold * SpatialUnit * Unit);

    public static int Cosine(int angle) => Cosines[(ushort)angle >> 4];

    public static int Sine(int angle) => Cosine(angle - (MccParameters.Turn / 4));

    /// <summary>Bit of a grid cell inside a section's word, or -1 where its centre lies outside the disc.</summary>
    public static int Cell(int column, int row) => Cells[(row * MccParameters.GridSide) + column];

    /// <summary>Middle of a grid column or row from the cylinder's centre, in units.</summary>
    public static int Middle(int index) => (((2 * index) + 1 - MccParameters.GridSide) * MccParameters.CellSide) / 2;

    private static int[] BuildCosines()
    {
        int[] table = new int[MccParameters.Turn >> 4];
        for (int i = 0; i < table.Length; i++)
        {
            table[i] = (int)Math.Round(Unit * Math.Cos(2 * Math.PI * i / table.Length));
        }

        return table;
    }

    private static int[] BuildSpatial()
    {
        const double Sigma = MccParameters.SigmaSpatialPixels;
        double peak = SpatialUnit / (Sigma * Math.Sqrt(2 * Math.PI));
        int[] table = new int[(MccParameters.Reach * MccParameters.Reach >> SpatialShift) + 1];
        for (int i = 0; i < table.Length; i++)
        {
            double squared = (i + 0.5) * (1 << SpatialShift)
                / (MccParameters.UnitsPerPixel * MccParameters.UnitsPerPixel);
            table[i] = (int)Math.Round(peak * Math.Exp(-squared / (2 * Sigma * Sigma)));
        }

        return table;
    }

    private static int[] BuildDirectional()
    {
        // The Gaussian is summed in 256 slices per section; its tails wrap around the circle.
        const int Slices = 256;
        const double Sigma = MccParameters.SigmaDirection;
        double width = 2 * Math.PI / MccParameters.Sections;
        int[] table = new int[AngleSteps];
        for (int i = 0; i < AngleSteps; i++)
        {
            double middle = 2 * Math.PI * (i + 0.5) / AngleSteps;
            double area = 0;
            for (int slice = 0; slice < Slices; slice++)
            {
                double t = middle + (width * (((slice + 0.5) / Slices) - 0.5));
                area += Math.Exp(-t * t / (2 * Sigma * Sigma));
                t -= 2 * Math.PI;
                area += Math.Exp(-t * t / (2 * Sigma * Sigma));
            }

            table[i] = (int)Math.Round(Unit * area * width / Slices / (Sigma * Math.Sqrt(2 * Math.PI)));
        }

        return table;
    }

    private static sbyte[] BuildCells()
    {
        sbyte[] cells = new sbyte[MccParameters.GridSide * MccParameters.GridSide];
        int count = 0;
        for (int i = 0; i < cells.Length; i++)
        {
            int u = Middle(i % MccParameters.GridSide);
            int v = Middle(i / MccParameters.GridSide);
            bool inDisc = (u * u) + (v * v) <= MccParameters.Radius * MccParameters.Radius;
            cells[i] = (sbyte)(inDisc ? count++ : -1);
        }

        return cells;
    }
}
