using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace MatchCluster.Matching.Tests.Images;

/// <summary>Writes PNG files from ISO/IEC 15948's tables: every colour type, depth, filter and pass.</summary>
internal static class PngBytes
{
    private static readonly (int X, int Y, int StepX, int StepY)[] Adam7 =
    [
        (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2),
    ];

    /// <param name="width">Pixels of a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="colour">PNG's colour type.</param>
    /// <param name="depth">Bits of a sample.</param>
    /// <param name="sample">Sample c of pixel (x, y).</param>
    /// <param name="isInterlaced">Whether in seven passes.</param>
    /// <param name="extra">Chunks between the header and the picture.</param>
    public static byte[] Write(
        int width, int height, int colour, int depth, Func<int, int, int, int> sample, bool isInterlaced = false,
        params byte[][] extra)
    {
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9], header[12]) = ((byte)depth, (byte)colour, isInterlaced ? (byte)1 : (byte)0);
        using MemoryStream raw = new();
        foreach ((int left, int top, int stepX, int stepY) in isInterlaced ? Adam7 : [(0, 0, 1, 1)])
        {
            WritePass(raw, width, height, colour, depth, sample, left, top, stepX, stepY);
        }

        byte[] data = Deflated(raw.ToArray());
        int half = data.Length / 2;
        return
        [
            0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, .. Chunk("IHDR", header),
            .. extra.SelectMany(chunk => chunk), .. Chunk("IDAT", data[..half]), .. Chunk("IDAT", data[half..]),
            .. Chunk("IEND", []),
        ];
    }

    public static byte[] Grey(int width, int height, byte[] pixels, params byte[][] extra) =>
        Write(width, height, 0, 8, (x, y, _) => pixels[(y * width) + x], false, extra);

    public static byte[] Chunk(string type, byte[] content)
    {
        byte[] chunk = new byte[content.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(chunk, content.Length);
        System.Text.Encoding.ASCII.GetBytes(type).CopyTo(chunk, 4);
        content.CopyTo(chunk, 8);
        BinaryPrimitives.WriteUInt32BigEndian(
            chunk.AsSpan(content.Length + 8), Crc32.HashToUInt32(chunk.AsSpan(4, content.Length + 4)));
        return chunk;
    }

    public static byte[] Deflated(byte[] raw)
    {
        using MemoryStream target = new();
        using (ZLibStream zlib = new(target, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            zlib.Write(raw);
        }

        return target.ToArray();
    }

    private static void WritePass(
        MemoryStream raw, int width, int height, int colour, int depth, Func<int, int, int, int> sample, int left,
        int top, int stepX, int stepY)
    {
        int channels = colour switch { 0 or 3 => 1, 4 => 2, 2 => 3, _ => 4 };
        int columns = (width - left + stepX - 1) / stepX;
        int step = Math.Max(1, channels * depth / 8);
        byte[] above = new byte[((columns * channels * depth) + 7) / 8];
        int filter = 0;
        for (int y = top; y < height && columns > 0; y += stepY)
        {
            byte[] row = new byte[above.Length];
            for (int i = 0; i < columns * channels; i++)
            {
                int value = sample(left + (i / channels * stepX), y, i % channels);
                for (int bit = 0; bit < depth; bit++)
                {
                    int at = (i * depth) + bit;
                    row[at / 8] |= (byte)(((value >> (depth - 1 - bit)) & 1) << (7 - (at % 8)));
                }
            }

            raw.WriteByte((byte)filter);
            for (int i = 0; i < row.Length; i++)
            {
                int a = i < step ? 0 : row[i - step];
                int c = i < step ? 0 : above[i - step];
                raw.WriteByte((byte)(row[i] - Predicted(filter, a, above[i], c)));
            }

            above = row;
            filter = (filter + 1) % 5;
        }
    }

    private static int Predicted(int filter, int a, int b, int c)
    {
        int p = a + b - c;
        (int pa, int pb, int pc) = (Math.Abs(p - a), Math.Abs(p - b), Math.Abs(p - c));
        return filter switch
        {
            1 => a,
            2 => b,
            3 => (a + b) / 2,
            4 => pa <= pb && pa <= pc ? a : pb <= pc ? b : c,
            _ => 0,
        };
    }
}
