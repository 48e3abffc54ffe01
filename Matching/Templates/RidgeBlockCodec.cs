using System.Buffers.Binary;
using MatchCluster.Matching.Bytes;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Templates;

/// <summary>
/// The block of ridge detail in a record's extended data (docs/records.md has its table). Big-endian, of at most
/// <see cref="Limits.RidgeBlockBytes"/> bytes.
/// </summary>
/// <remarks>
/// Every version begins with its identifier and number and ends with a checksum over itself and the places of the
/// view's minutiae: who cuts, moves or sorts the minutiae and leaves the block has a damaged block. Of version 1 there
/// is one form of every content: what is read and written again has the same bytes.
/// </remarks>
internal static class RidgeBlockCodec
{
    /// <summary>Type of the area, 'MC': standards leave types whose bytes are both not 0 to vendors.</summary>
    public const int AreaType = 0x4D43;

    private const byte Version = 1;
    private const int VersionAt = 4;
    private const int ChecksumBytes = 4;

    /// <summary>Identifier, version, cell side, left, top, columns, rows.</summary>
    private const int HeaderBytes = 12;

    private const int CellBytes = 2;
    private const int MinutiaBytes = 3;
    private const int PointBytes = 6;
    private const int LevelBits = 3;

    private static ReadOnlySpan<byte> Identifier => "MCRD"u8;

    /// <summary>Whether the data of an area are such a block, of any version, whole or not.</summary>
    public static bool IsOurs(ReadOnlySpan<byte> data) => data.StartsWith(Identifier);

    public static int Measure(RidgeBlock block) => block.Detail is not { } detail ? block.Unknown.Length
        : HeaderBytes + BitmapBytes(detail.Cells.Count) + (CellBytes * detail.Cells.Count(cell => cell.IsPrint))
            + (MinutiaBytes * detail.Counted) + 1 + (PointBytes * detail.Points.Count) + ChecksumBytes;

    /// <summary>The block of a view with these minutiae.</summary>
    public static byte[] Encode(RidgeBlock block, IReadOnlyList<Minutia> minutiae)
    {
        if (block.Detail is not { } detail)
        {
            return block.Unknown.ToArray();
        }

        byte[] bytes = new byte[Measure(block)];
        Identifier.CopyTo(bytes);
        bytes[VersionAt] = Version;
        bytes[5] = (byte)detail.CellSide;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(6), (ushort)detail.Left);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(8), (ushort)detail.Top);
        bytes[10] = (byte)detail.Columns;
        bytes[11] = (byte)detail.Rows;
        int at = HeaderBytes + BitmapBytes(detail.Cells.Count);
        for (int i = 0; i < detail.Cells.Count; i++)
        {
            RidgeCell cell = detail.Cells[i];
            if (cell.IsPrint)
            {
                bytes[HeaderBytes + (i / 8)] |= (byte)(128 >> (i % 8));
                bytes[at++] = cell.Direction;
                bytes[at++] = (byte)((cell.Period << LevelBits) | cell.Quality);
            }
        }

        foreach (MinutiaRidges ridges in detail.Ridges)
        {
            bytes[at++] = (byte)((ridges.Period << LevelBits) | ridges.Coherence);
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(at), ridges.Counts);
            at += sizeof(ushort);
        }

        bytes[at++] = (byte)detail.Points.Count;
        foreach (SingularPoint point in detail.Points)
        {
            bytes[at] = (byte)point.Kind;
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(at + 1), point.X);
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(at + 3), point.Y);
            bytes[at + 5] = point.Direction;
            at += PointBytes;
        }

        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(at), Checksum(bytes.AsSpan(0, at), minutiae));
        return bytes;
    }

    /// <summary>The block, of a known version or not; null where it is damaged or of other minutiae.</summary>
    public static RidgeBlock? Decode(ReadOnlySpan<byte> data, Minutia[] minutiae)
    {
        if (data.Length is <= VersionAt + ChecksumBytes or > Limits.RidgeBlockBytes
            || BinaryPrimitives.ReadUInt32BigEndian(data[^ChecksumBytes..])
                != Checksum(data[..^ChecksumBytes], minutiae))
        {
            return null;
        }

        return data[VersionAt] != Version ? new RidgeBlock(data.ToArray(), minutiae)
            : DecodeFirst(data[..^ChecksumBytes], minutiae) is { } detail ? new RidgeBlock(detail, minutiae) : null;
    }

    private static RidgeDetail? DecodeFirst(ReadOnlySpan<byte> data, Minutia[] minutiae)
    {
        if (data.Length < HeaderBytes)
        {
            return null;
        }

        int side = data[5];
        int columns = data[10];
        int rows = data[11];
        int cells = columns * rows;
        int bitmap = BitmapBytes(cells);
        if (side < RidgeDetail.LeastCellSide || cells > RidgeDetail.MostCells || (cells == 0 && columns + rows > 0)
            || data.Length < HeaderBytes + bitmap)
        {
            return null;
        }

        ReadOnlySpan<byte> inside = data.Slice(HeaderBytes, bitmap);
        ReadOnlySpan<byte> rest = data[(HeaderBytes + bitmap)..];
        int counted = Math.Min(minutiae.Length, RidgeDetail.MostMinutiae);
        int least = (CellBytes * CountOf(inside)) + (MinutiaBytes * counted) + 1;
        if ((cells % 8 != 0 && (byte)(inside[^1] << (cells % 8)) != 0) || rest.Length < least
            || ReadPoints(rest[(least - 1)..]) is not { } points)
        {
            return null;
        }

        RidgeCell[] grid = ReadCells(inside, cells, rest);
        return new RidgeDetail(minutiae)
        {
            CellSide = side,
            Left = BinaryPrimitives.ReadUInt16BigEndian(data[6..]),
            Top = BinaryPrimitives.ReadUInt16BigEndian(data[8..]),
            Columns = columns,
            Rows = rows,
            Cells = grid,
            Ridges = ReadMinutiae(rest[(CellBytes * CountOf(inside))..], counted),
            Points = points,
        };
    }

    private static RidgeCell[] ReadCells(ReadOnlySpan<byte> inside, int cells, ReadOnlySpan<byte> bytes)
    {
        RidgeCell[] grid = new RidgeCell[cells];
        int at = 0;
        for (int i = 0; i < cells; i++)
        {
            if ((inside[i / 8] & (128 >> (i % 8))) != 0)
            {
                grid[i] = new RidgeCell(
                    true, bytes[at], (byte)(bytes[at + 1] >> LevelBits), (byte)(bytes[at + 1] % RidgeDetail.Levels));
                at += CellBytes;
            }
        }

        return grid;
    }

    private static MinutiaRidges[] ReadMinutiae(ReadOnlySpan<byte> bytes, int count)
    {
        MinutiaRidges[] ridges = new MinutiaRidges[count];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> each = bytes.Slice(i * MinutiaBytes, MinutiaBytes);
            ridges[i] = new MinutiaRidges(
                (byte)(each[0] >> LevelBits), (byte)(each[0] % RidgeDetail.Levels),
                BinaryPrimitives.ReadUInt16BigEndian(each[1..]));
        }

        return ridges;
    }

    /// <summary>The points that end the block; null where they do not, or one is of no kind.</summary>
    private static SingularPoint[]? ReadPoints(ReadOnlySpan<byte> bytes)
    {
        int count = bytes[0];
        if (count > RidgeDetail.MostPoints || bytes.Length != 1 + (count * PointBytes))
        {
            return null;
        }

        SingularPoint[] points = new SingularPoint[count];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> each = bytes.Slice(1 + (i * PointBytes), PointBytes);
            if (each[0] is not ((byte)SingularKind.Core or (byte)SingularKind.Delta))
            {
                return null;
            }

            points[i] = new SingularPoint(
                (SingularKind)each[0], BinaryPrimitives.ReadUInt16BigEndian(each[1..]),
                BinaryPrimitives.ReadUInt16BigEndian(each[3..]), each[5]);
        }

        return points;
    }

    private static int BitmapBytes(int cells) => (cells + 7) / 8;

    private static int CountOf(ReadOnlySpan<byte> bitmap)
    {
        int count = 0;
        foreach (byte bits in bitmap)
        {
            count += byte.PopCount(bits);
        }

        return count;
    }

    /// <summary>Over the block, then x and y (16 bits each) of every minutia of the view.</summary>
    private static uint Checksum(ReadOnlySpan<byte> block, IReadOnlyList<Minutia> minutiae)
    {
        Span<byte> places = stackalloc byte[Limits.MinutiaePerView * 4];
        for (int i = 0; i < minutiae.Count; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(places[(i * 4)..], minutiae[i].X);
            BinaryPrimitives.WriteUInt16BigEndian(places[((i * 4) + 2)..], minutiae[i].Y);
        }

        return Crc32C.Of(block, places[..(minutiae.Count * 4)]);
    }
}
