using System.Buffers.Binary;

namespace MatchCluster.Matching.Tests.Images;

/// <summary>Writes Windows bitmaps for tests.</summary>
internal static class BmpBytes
{
    /// <param name="width">Pixels of a row.</param>
    /// <param name="height">Rows; negative where the first row is the topmost.</param>
    /// <param name="bits">Bits a pixel.</param>
    /// <param name="value">The bits of pixel (x, y).</param>
    /// <param name="palette">Colours, blue, green, red and 0 each.</param>
    /// <param name="pixelsPerMetre">Stated resolution.</param>
    /// <param name="masks">Masks of red, green and blue, or none.</param>
    public static byte[] Write(
        int width, int height, int bits, Func<int, int, uint> value, byte[] palette, int pixelsPerMetre = 0,
        uint[]? masks = null)
    {
        int rows = Math.Abs(height);
        int stride = ((width * bits) + 31) / 32 * 4;
        byte[] data = new byte[stride * rows];
        for (int y = 0; y < rows; y++)
        {
            int target = height < 0 ? y : rows - 1 - y;
            for (int x = 0; x < width; x++)
            {
                Put(data.AsSpan(target * stride, stride), x, bits, value(x, y));
            }
        }

        return WithHeader(width, height, bits, masks is null ? 0 : 3, palette, data, pixelsPerMetre, masks ?? []);
    }

    public static byte[] WithHeader(
        int width, int height, int bits, int compression, byte[] palette, byte[] data, int pixelsPerMetre = 0,
        params uint[] masks)
    {
        byte[] header = new byte[54 + (4 * masks.Length)];
        header[0] = (byte)'B';
        header[1] = (byte)'M';
        Int(header, 2, header.Length + palette.Length + data.Length);
        Int(header, 10, header.Length + palette.Length);
        Int(header, 14, 40);
        Int(header, 18, width);
        Int(header, 22, height);
        header[26] = 1;
        header[28] = (byte)bits;
        Int(header, 30, compression);
        Int(header, 38, pixelsPerMetre);
        Int(header, 42, pixelsPerMetre);
        for (int i = 0; i < masks.Length; i++)
        {
            Int(header, 54 + (4 * i), (int)masks[i]);
        }

        return [.. header, .. palette, .. data];
    }

    public static byte[] GreyPalette(int entries) =>
    [
        .. Enumerable.Range(0, entries).SelectMany(i =>
        {
            byte value = (byte)(i * 255 / (entries - 1));
            return new byte[] { value, value, value, 0 };
        }),
    ];

    private static void Put(Span<byte> row, int x, int bits, uint value)
    {
        if (bits < 8)
        {
            int perByte = 8 / bits;
            row[x / perByte] |= (byte)(value << (8 - bits - (x % perByte * bits)));
            return;
        }

        for (int i = 0; i < bits / 8; i++)
        {
            row[(x * bits / 8) + i] = (byte)(value >> (8 * i));
        }
    }

    private static void Int(byte[] bytes, int at, int value) =>
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at), value);
}
