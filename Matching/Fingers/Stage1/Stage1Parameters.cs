namespace MatchCluster.Matching.Fingers.Stage1;

/// <summary>
/// The numbers of the first stage: a coarser reading of the same cylinders, cheap enough for every row of a gallery.
/// Each was chosen on FVC2002 as the least work that keeps the recall; see docs/fingers.md.
/// </summary>
internal static class Stage1Parameters
{
    /// <summary>Templates of a block.</summary>
    public const int Rows = 8;

    /// <summary>Slots of a template that lie side by side: four 16-bit lanes, one 64-bit word.</summary>
    public const int QuadSlots = 4;

    /// <summary>Cylinders of a row that are kept, those nearest to the print's middle.</summary>
    public const int RowCylinders = 40;

    /// <summary>Cylinders of a probe that are compared, those nearest to the print's middle.</summary>
    public const int ProbeCylinders = 40;

    /// <summary>16-bit words of one section: 48 of its 52 cells.</summary>
    public const int SectionWords = 3;

    /// <summary>16-bit words of a cylinder. Fifteen carry-save inputs end in four words of sums.</summary>
    public const int Words = SectionWords * MccParameters.Sections;

    /// <summary>Bits of a cylinder here.</summary>
    public const int Bits = Words * 16;

    /// <summary>
    /// Most bits of a probe cylinder: no print sets as many, and beside fewer the all-ones filler of unused slots is
    /// never near.
    /// </summary>
    public const int MostProbeBits = 160;

    /// <summary>Cylinders whose directions differ by more are not compared: 50.6 degrees.</summary>
    public const int DirectionWindow = 9216;

    /// <summary>A block knows for each of 64 directions where its slots begin and end.</summary>
    public const int DirectionBins = 64;

    /// <summary>The shift that turns an angle, moved up to 0..65535, into its bin.</summary>
    public const int BinShift = 10;

    /// <summary>Probe cylinders whose nearest row cylinders make the distance.</summary>
    public const int Best = 8;

    /// <summary>Scale of differing bits / square root of the row's set bits: 64 is 1.0.</summary>
    public const int SlotUnit = 64;

    /// <summary>Greatest such value that is told apart: 16.</summary>
    public const int SlotLimit = 1023;

    /// <summary>Scale up to sixteen bits before the probe's weight is applied; 4,096 is 1.0 from then on.</summary>
    public const int ProbeScale = 64;

    /// <summary>Greatest distance of one cylinder: 2.0. Eight of them fit 16 bits.</summary>
    public const int CylinderLimit = 8191;

    /// <summary>The greatest distance: nothing agrees.</summary>
    public const int Farthest = Best * CylinderLimit;

    private static readonly ushort[] Weights =
    [
        .. Enumerable.Range(0, Bits + 1).Select(bits => bits == 0
            ? ushort.MaxValue
            : (ushort)Math.Min(ushort.MaxValue, Math.Round(65536 / Math.Sqrt(bits)))),
    ];

    /// <summary>Cells of a section that take part: all but the four at the ends of the outer columns.</summary>
    public static ulong Cells { get; } = BuildCells();

    /// <summary>1 / square root of the set bits, in 65536ths.</summary>
    public static ushort Weight(int bits) => Weights[bits];

    private static ulong BuildCells()
    {
        const int Last = MccParameters.GridSide - 1;
        ulong cells = 0;
        for (int row = 0; row <= Last; row++)
        {
            for (int column = 0; column <= Last; column++)
            {
                int cell = CylinderTables.Cell(column, row);
                bool end = column is 0 or Last && row is 2 or Last - 2;
                cells |= cell >= 0 && !end ? 1UL << cell : 0;
            }
        }

        return cells;
    }
}
