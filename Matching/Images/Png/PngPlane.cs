namespace MatchCluster.Matching.Images.Png;

/// <summary>The grey picture that rows and passes are put into.</summary>
internal sealed class PngPlane
{
    private readonly PngChunks chunks;
    private readonly byte[] pixels;
    private readonly ushort[] samples;
    private readonly byte[] line;
    private readonly ushort[] deepLine;

    public PngPlane(PngChunks chunks)
    {
        this.chunks = chunks;
        PngHeader header = chunks.Header!;
        int count = header.Width * header.Height;
        bool isDeep = header.Colour == PngColour.Grey && header.Depth == 16;
        this.pixels = isDeep ? [] : new byte[count];
        this.samples = isDeep ? new ushort[count] : [];
        this.line = isDeep ? [] : new byte[header.Width];
        this.deepLine = isDeep ? new ushort[header.Width] : [];
    }

    /// <summary>Puts row y of a pass where it belongs.</summary>
    public void Put(ReadOnlySpan<byte> row, PngPass pass, int y, int width)
    {
        int start = (((y * pass.StepY) + pass.Y) * this.chunks.Header!.Width) + pass.X;
        if (this.samples.Length > 0)
        {
            PngSamples.Deep(this.chunks, row, this.deepLine.AsSpan(0, width));
            Spread<ushort>(this.deepLine.AsSpan(0, width), this.samples.AsSpan(start), pass.StepX);
        }
        else if (pass.StepX == 1)
        {
            PngSamples.ToGrey(this.chunks, row, this.pixels.AsSpan(start, width));
        }
        else
        {
            PngSamples.ToGrey(this.chunks, row, this.line.AsSpan(0, width));
            Spread<byte>(this.line.AsSpan(0, width), this.pixels.AsSpan(start), pass.StepX);
        }
    }

    public GrayImage ToImage()
    {
        PngHeader header = this.chunks.Header!;
        byte[] grey = this.samples.Length > 0 ? DeepSamples.ToPixels(this.samples, this.chunks.Warnings) : this.pixels;
        return new GrayImage(header.Width, header.Height, grey)
        {
            StatedPpi = this.chunks.Ppi,
            Warnings = this.chunks.Warnings,
        };
    }

    private static void Spread<T>(ReadOnlySpan<T> line, Span<T> target, int step)
    {
        for (int i = 0; i < line.Length; i++)
        {
            target[i * step] = line[i];
        }
    }
}
