namespace MatchCluster.Matching.Images;

/// <summary>Colours and deep samples to 8-bit grey.</summary>
internal static class Grey
{
    /// <summary>What a transparent pixel lies on: prints are scanned from white paper.</summary>
    public const int Paper = 255;

    /// <summary>Luma of ITU-R BT.601 with 16-bit weights; equal channels give their own value.</summary>
    public static byte OfRgb(int red, int green, int blue) =>
        (byte)(((red * 19595) + (green * 38470) + (blue * 7471) + 32768) >> 16);

    /// <summary>A value over paper, alpha 0 (paper alone) to 255 (value alone).</summary>
    public static byte OverPaper(int value, int alpha) =>
        (byte)(((value * alpha) + (Paper * (255 - alpha)) + 127) / 255);

    /// <summary>A sample of 16 bits as 8, rounded.</summary>
    public static byte Of16(int value) => (byte)(((value * 255) + 32895) >> 16);

    /// <summary>A sample of 0..most as 0..255, rounded.</summary>
    public static byte OfRange(int value, int most) => (byte)(((Math.Min(value, most) * 255) + (most / 2)) / most);

    /// <summary>One row of packed samples (1, 2, 4 or 8 bits, the high bits first) as 0..2^bits-1 each.</summary>
    public static void Unpack(ReadOnlySpan<byte> packed, int bits, Span<byte> samples)
    {
        if (bits == 8)
        {
            packed[..samples.Length].CopyTo(samples);
            return;
        }

        int perByte = 8 / bits;
        int mask = (1 << bits) - 1;
        for (int i = 0; i < samples.Length; i++)
        {
            int shift = 8 - bits - (i % perByte * bits);
            samples[i] = (byte)((packed[i / perByte] >> shift) & mask);
        }
    }
}
