using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Templates;

/// <summary>
/// open-iris packs its arrays of 16 rows x columns x 2 wavelets x 2 phases in C order, most significant bit
/// first (numpy's packbits): a cell is four bits, a byte is two neighbouring columns of one row. Ours is
/// column-major, least significant first, so a column of 16 such cells is exactly one word.
/// </summary>
internal static class OpenIrisBits
{
    private const int Rows = 16;
    private const int BitsPerCell = 4;

    /// <summary>The bits of a nibble in reverse.</summary>
    private static ReadOnlySpan<byte> Reversed => [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15];

    /// <summary>The shape of as many packed bytes, or null where open-iris has none.</summary>
    public static IrisShape? ShapeOf(int bytes) =>
        bytes == IrisShape.OpenIris12800.Bits / 8 ? IrisShape.OpenIris12800
        : bytes == IrisShape.W16384.Bits / 8 ? IrisShape.W16384
        : null;

    /// <summary>
    /// One word per column of <paramref name="packed"/>, which has the length of its shape.
    /// </summary>
    public static ulong[] Unpack(ReadOnlySpan<byte> packed)
    {
        ulong[] columns = new ulong[packed.Length * 8 / BitsPerCell / Rows];
        int bytesPerRow = columns.Length / 2;
        for (int row = 0; row < Rows; row++)
        {
            ReadOnlySpan<byte> line = packed.Slice(row * bytesPerRow, bytesPerRow);
            int shift = row * BitsPerCell;
            for (int i = 0; i < line.Length; i++)
            {
                columns[2 * i] |= (ulong)Reversed[line[i] >> 4] << shift;
                columns[(2 * i) + 1] |= (ulong)Reversed[line[i] & 15] << shift;
            }
        }

        return columns;
    }

    /// <summary>The inverse of <see cref="Unpack"/>.</summary>
    public static byte[] Pack(ReadOnlySpan<ulong> columns)
    {
        int bytesPerRow = columns.Length / 2;
        byte[] packed = new byte[Rows * bytesPerRow];
        for (int row = 0; row < Rows; row++)
        {
            int shift = row * BitsPerCell;
            for (int i = 0; i < bytesPerRow; i++)
            {
                int even = (int)(columns[2 * i] >> shift) & 15;
                int odd = (int)(columns[(2 * i) + 1] >> shift) & 15;
                packed[(row * bytesPerRow) + i] = (byte)((Reversed[even] << 4) | Reversed[odd]);
            }
        }

        return packed;
    }
}
