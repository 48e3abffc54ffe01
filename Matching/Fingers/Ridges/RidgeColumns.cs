using System.Buffers.Binary;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Fingers.Ridges;

/// <summary>
/// The ridge detail of a print as it is compared: the end of a finger row, which only the third stage reads.
/// </summary>
/// <remarks>
/// <code>
/// 0   u8 side of a cell in pixels at 500 dpi, u8 columns, u8 rows, u8 0
/// 4   i16 x, i16 y of the middle of the first cell, in the units and from the middle of the row's minutiae, y up
/// 8   for each cylinder four u8: its nearest neighbours as cylinders, 255 where one is none
/// ..  for each cylinder u16: four counts of 4 bits to them, 15 where there is none
/// ..  for each cell, row by row from the top, u8 direction (256ths of half a turn), u8 period (255 outside the print)
/// </code>
/// </remarks>
internal readonly ref struct RidgeColumns
{
    /// <summary>Most bytes: 64 cylinders and 96 cells, rounded to whole lines.</summary>
    public const int MostBytes = 640;

    /// <summary>No cylinder, or no print.</summary>
    public const byte None = byte.MaxValue;

    public const int CellBytes = 2;

    private const int HeaderBytes = 8;
    private const int CylinderBytes = RidgeDetail.Neighbours + sizeof(ushort);
    private const int Line = 64;

    private RidgeColumns(ReadOnlySpan<byte> bytes, int cylinders)
    {
        Step = bytes[0] * MccParameters.UnitsPerPixel;
        Columns = bytes[1];
        Rows = bytes[2];
        X = BinaryPrimitives.ReadInt16LittleEndian(bytes[4..]);
        Y = BinaryPrimitives.ReadInt16LittleEndian(bytes[6..]);
        Neighbours = bytes.Slice(HeaderBytes, cylinders * RidgeDetail.Neighbours);
        Counts = bytes.Slice(HeaderBytes + Neighbours.Length, cylinders * sizeof(ushort));
        Cells = bytes.Slice(HeaderBytes + (cylinders * CylinderBytes), Columns * Rows * CellBytes);
    }

    /// <summary>Side of a cell in units; 0 where there is no detail.</summary>
    public int Step { get; }

    public int Columns { get; }

    public int Rows { get; }

    public int X { get; }

    public int Y { get; }

    public ReadOnlySpan<byte> Neighbours { get; }

    public ReadOnlySpan<byte> Counts { get; }

    public ReadOnlySpan<byte> Cells { get; }

    public bool IsEmpty => Step == 0;

    /// <summary>Lays the columns over the end of a row; empty where there is none, or it does not add up.</summary>
    public static RidgeColumns Over(ReadOnlySpan<byte> bytes, int cylinders) =>
        bytes.Length >= HeaderBytes && bytes[0] != 0
            && bytes.Length >= HeaderBytes + (cylinders * CylinderBytes) + (bytes[1] * bytes[2] * CellBytes)
            ? new RidgeColumns(bytes, cylinders) : default;

    /// <summary>The end of a view's row, whole lines of 64 bytes; empty where the view has no detail.</summary>
    /// <param name="view">The view.</param>
    /// <param name="cylinders">Those of its row.</param>
    public static byte[] Of(FingerView view, ReadOnlySpan<Cylinder> cylinders)
    {
        if (view.OwnRidges?.Detail is not { } detail || cylinders.IsEmpty)
        {
            return [];
        }

        (int middleX, int middleY) = MinutiaeSelection.MiddleOf(view);
        int x = UnitsOf((2 * detail.Left) + detail.CellSide) - middleX;
        int y = -UnitsOf((2 * detail.Top) + detail.CellSide) - middleY;
        int cells = HeaderBytes + (cylinders.Length * CylinderBytes);
        int length = cells + (detail.Cells.Count * CellBytes);
        if (x != (short)x || y != (short)y)
        {
            return []; // an image of metres, of which nothing can be compared
        }

        byte[] bytes = new byte[(length + Line - 1) / Line * Line];
        bytes[0] = (byte)detail.CellSide;
        bytes[1] = (byte)detail.Columns;
        bytes[2] = (byte)detail.Rows;
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(4), (short)x);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(6), (short)y);
        WriteNeighbours(bytes.AsSpan(HeaderBytes), detail, MinutiaeSelection.IndexesOf(view, cylinders));
        for (int i = 0; i < detail.Cells.Count; i++)
        {
            RidgeCell cell = detail.Cells[i];
            bytes[cells + (i * CellBytes)] = cell.Direction;
            bytes[cells + (i * CellBytes) + 1] = cell.IsPrint ? cell.Period : None;
        }

        return bytes;
    }

    private static void WriteNeighbours(Span<byte> into, RidgeDetail detail, int[] minutiaOf)
    {
        Dictionary<int, int> cylinderOf = [];
        for (int i = 0; i < minutiaOf.Length; i++)
        {
            cylinderOf[minutiaOf[i]] = i;
        }

        Span<byte> counts = into[(minutiaOf.Length * RidgeDetail.Neighbours)..];
        for (int i = 0; i < minutiaOf.Length; i++)
        {
            int minutia = minutiaOf[i];
            bool isCounted = minutia < detail.Counted;
            BinaryPrimitives.WriteUInt16LittleEndian(
                counts[(i * 2)..], isCounted ? detail.Ridges[minutia].Counts : ushort.MaxValue);
            for (int k = 0; k < RidgeDetail.Neighbours; k++)
            {
                into[(i * RidgeDetail.Neighbours) + k] =
                    isCounted && cylinderOf.TryGetValue(detail.NeighbourOf(minutia, k), out int cylinder)
                        ? (byte)cylinder : None;
            }
        }
    }

    /// <summary>Half pixels at 500 per inch to units, as the places of minutiae are brought to them.</summary>
    private static int UnitsOf(int halves) => (int)Math.Round(
        halves * (MccParameters.UnitsPerPixel / 2) * (MccParameters.PixelsPerCentimetre * 2.54 / 500));
}
