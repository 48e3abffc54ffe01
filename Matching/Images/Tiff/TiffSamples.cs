namespace MatchCluster.Matching.Images.Tiff;

/// <summary>The grey picture that strips and tiles are put into.</summary>
internal sealed class TiffSamples
{
    private readonly TiffLayout layout;
    private readonly bool isBigEndian;
    private readonly byte[] palette;
    private readonly byte[] pixels;
    private readonly ushort[] deep;

    public TiffSamples(TiffDirectory directory, TiffLayout layout)
    {
        this.layout = layout;
        this.isBigEndian = directory.IsBigEndian;
        this.palette = layout.Photometric == TiffLayout.Palette ? PaletteOf(directory, 1 << layout.Bits) : [];
        bool isDeep = layout.Bits == 16 && layout.Photometric <= TiffLayout.BlackIsZero;
        int count = layout.Width * layout.Height;
        this.pixels = isDeep ? [] : new byte[count];
        this.deep = isDeep ? new ushort[count] : [];
    }

    /// <summary>Puts the rows of a strip or tile where they belong.</summary>
    /// <param name="part">Its number.</param>
    /// <param name="samples">Its samples; rows and columns outside the picture are passed over.</param>
    /// <param name="isFileOrder">Whether samples of 16 bits are in the file's byte order, or little-endian.</param>
    public void Put(int part, ReadOnlySpan<byte> samples, bool isFileOrder)
    {
        int left = part % this.layout.PartsAcross * this.layout.PartWidth;
        int top = part / this.layout.PartsAcross * this.layout.PartHeight;
        int width = Math.Min(this.layout.PartWidth, this.layout.Width - left);
        int high = isFileOrder && this.isBigEndian ? 0 : 1;
        for (int y = 0; (y + 1) * this.layout.Stride <= samples.Length && top + y < this.layout.Height; y++)
        {
            ReadOnlySpan<byte> row = samples.Slice(y * this.layout.Stride, this.layout.Stride);
            int at = ((top + y) * this.layout.Width) + left;
            if (this.deep.Length > 0)
            {
                PutDeep(row, this.deep.AsSpan(at, width), high);
            }
            else
            {
                PutRow(row, this.pixels.AsSpan(at, width), high);
            }
        }
    }

    public byte[] ToPixels(List<string> warnings) =>
        this.deep.Length > 0 ? DeepSamples.ToPixels(this.deep, warnings) : this.pixels;

    private void PutRow(ReadOnlySpan<byte> row, Span<byte> line, int high)
    {
        int bytes = Math.Max(1, this.layout.Bits / 8);
        int step = this.layout.Samples * bytes;
        int at = bytes == 2 ? high : 0;
        switch (this.layout.Photometric)
        {
            case TiffLayout.Rgb:
                for (int x = 0; x < line.Length; x++, at += step)
                {
                    line[x] = Grey.OfRgb(row[at], row[at + bytes], row[at + (2 * bytes)]);
                }

                break;
            case TiffLayout.Cmyk:
                for (int x = 0; x < line.Length; x++, at += step)
                {
                    int light = 255 - row[at + 3];
                    line[x] = Grey.OfRgb(
                        (255 - row[at]) * light / 255, (255 - row[at + 1]) * light / 255,
                        (255 - row[at + 2]) * light / 255);
                }

                break;
            case TiffLayout.Palette:
                Grey.Unpack(row, this.layout.Bits, line);
                foreach (ref byte pixel in line)
                {
                    pixel = this.palette[pixel];
                }

                break;
            default:
                PutGrey(row, line);
                break;
        }
    }

    private void PutGrey(ReadOnlySpan<byte> row, Span<byte> line)
    {
        int most = (1 << this.layout.Bits) - 1;
        if (this.layout.Samples == 1)
        {
            Grey.Unpack(row, this.layout.Bits, line);
        }
        else
        {
            for (int x = 0; x < line.Length; x++)
            {
                line[x] = row[x * this.layout.Samples];
            }
        }

        bool isInverted = this.layout.Photometric == TiffLayout.WhiteIsZero;
        int scale = 255 / most;
        if (scale == 1 && !isInverted)
        {
            return;
        }

        foreach (ref byte pixel in line)
        {
            pixel = (byte)((isInverted ? most - pixel : pixel) * scale);
        }
    }

    private void PutDeep(ReadOnlySpan<byte> row, Span<ushort> line, int high)
    {
        bool isInverted = this.layout.Photometric == TiffLayout.WhiteIsZero;
        for (int x = 0; x < line.Length; x++)
        {
            int at = x * this.layout.Samples * 2;
            ushort value = (ushort)((row[at + high] << 8) | row[at + 1 - high]);
            line[x] = isInverted ? (ushort)(ushort.MaxValue - value) : value;
        }
    }

    /// <summary>Three lists of 16-bit values, all reds first; entries that are not there are black.</summary>
    private static byte[] PaletteOf(TiffDirectory directory, int entries)
    {
        long[] values = directory.Numbers(TiffTag.ColourMap, 3 * 256) ?? [];
        byte[] palette = new byte[entries];
        for (int i = 0; i < entries && values.Length == 3 * entries; i++)
        {
            palette[i] = Grey.OfRgb(
                (int)values[i] >> 8, (int)values[entries + i] >> 8, (int)values[(2 * entries) + i] >> 8);
        }

        return palette;
    }
}
