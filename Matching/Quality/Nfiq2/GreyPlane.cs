namespace MatchCluster.Matching.Quality.Nfiq2;

/// <summary>Rows of grey pixels, or a rectangle of them that lies in the memory of a larger picture.</summary>
/// <param name="pixels">From the first pixel to the last one at least.</param>
/// <param name="width">Pixels of a row.</param>
/// <param name="height">Rows.</param>
/// <param name="stride">Pixels from one row to the next.</param>
internal readonly ref struct GreyPlane(ReadOnlySpan<byte> pixels, int width, int height, int stride)
{
    private readonly ReadOnlySpan<byte> pixels = pixels;

    public int Width { get; } = width;

    public int Height { get; } = height;

    public ReadOnlySpan<byte> Row(int y) => this.pixels.Slice(y * stride, Width);

    /// <summary>A rectangle of it.</summary>
    public GreyPlane Cut(int x, int y, int width, int height) =>
        new(this.pixels.Slice((y * stride) + x, ((height - 1) * stride) + width), width, height, stride);

    /// <summary>A square of it, cut off where the picture ends.</summary>
    public GreyPlane Block(int x, int y, int size) =>
        Cut(x, y, Math.Min(size, Width - x), Math.Min(size, Height - y));
}
