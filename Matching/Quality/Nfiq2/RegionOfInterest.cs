using System.Buffers;
using System.Numerics;

namespace MatchCluster.Matching.Quality.Nfiq2;

/// <summary>
/// The region of interest: the picture is made darker by the least of 5 x 5 pixels, smoothed and split by Otsu's
/// threshold, smoothed and split again; holes are closed, and of the dark parts only the one with the largest frame
/// stays.
/// </summary>
internal sealed class RegionOfInterest : IDisposable
{
    private const int ErosionRadius = 2;
    private static readonly Smoothing First = new(41);
    private static readonly Smoothing Second = new(91);

    /// <summary>0 inside of the region, 255 outside.</summary>
    private readonly byte[] mask;
    private readonly int width;
    private readonly int height;

    private RegionOfInterest(GreyPlane image)
    {
        (this.width, this.height) = (image.Width, image.Height);
        this.mask = ArrayPool<byte>.Shared.Rent(this.width * this.height);
    }

    /// <summary>Pixels of the region.</summary>
    public int Pixels { get; private set; }

    /// <summary>Mean of the picture's pixels in the region; 255 where there is none.</summary>
    public double Mean { get; private set; }

    /// <summary>Whether a pixel lies in the region.</summary>
    public bool Holds(int x, int y) => this.mask[(y * this.width) + x] == 0;

    public static RegionOfInterest Of(GreyPlane image, NfiqEdition edition)
    {
        RegionOfInterest region = new(image);
        Span<byte> mask = region.mask.AsSpan(0, region.width * region.height);
        Erode(image, mask);
        First.Smooth(mask, region.width, region.height);
        Otsu.Split(mask);
        Second.Smooth(mask, region.width, region.height);
        Otsu.Split(mask);
        var holes = new RegionHoles(region.width, region.height);
        if (edition == NfiqEdition.Version22)
        {
            holes.CloseByOrder(mask);
        }
        else
        {
            holes.CloseAll(mask);
        }

        holes.KeepLargest(mask);
        region.Measure(image);
        return region;
    }

    /// <summary>
    /// Whether a pixel of a square, cut off where the picture ends, lies in the region. NFIQ 2 asks whether the mean
    /// of the mask is below white, and takes the mean by a rounded reciprocal: of some sizes at the edge every square
    /// counts.
    /// </summary>
    public bool Touches(int x, int y, int side)
    {
        int width = Math.Min(side, this.width - x);
        int height = Math.Min(side, this.height - y);
        if (255.0 * width * height * (1.0 / (width * height)) < 255)
        {
            return true;
        }

        for (int row = y; row < y + height; row++)
        {
            if (this.mask.AsSpan((row * this.width) + x, width).Contains((byte)0))
            {
                return true;
            }
        }

        return false;
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(this.mask);

    /// <summary>The least of 5 x 5 pixels; what lies outside of the picture does not count.</summary>
    private static void Erode(GreyPlane image, Span<byte> target)
    {
        int width = image.Width;
        byte[] rows = ArrayPool<byte>.Shared.Rent(width * image.Height);
        for (int y = 0; y < image.Height; y++)
        {
            Span<byte> row = rows.AsSpan(y * width, width);
            image.Row(y).CopyTo(row);
            for (int i = 1; i <= ErosionRadius && i < width; i++)
            {
                Least(row[i..], image.Row(y)[..^i]);
                Least(row[..^i], image.Row(y)[i..]);
            }
        }

        for (int y = 0; y < image.Height; y++)
        {
            Span<byte> row = target.Slice(y * width, width);
            rows.AsSpan(y * width, width).CopyTo(row);
            int last = Math.Min(image.Height - 1, y + ErosionRadius);
            for (int other = Math.Max(0, y - ErosionRadius); other <= last; other++)
            {
                Least(row, rows.AsSpan(other * width, width));
            }
        }

        ArrayPool<byte>.Shared.Return(rows);
    }

    private static void Least(Span<byte> target, ReadOnlySpan<byte> other)
    {
        int x = 0;
        for (; x + Vector<byte>.Count <= target.Length; x += Vector<byte>.Count)
        {
            Vector.Min(new Vector<byte>(target[x..]), new Vector<byte>(other[x..])).CopyTo(target[x..]);
        }

        for (; x < target.Length; x++)
        {
            target[x] = Math.Min(target[x], other[x]);
        }
    }

    private void Measure(GreyPlane image)
    {
        long sum = 0;
        int count = 0;
        for (int y = 0; y < this.height; y++)
        {
            ReadOnlySpan<byte> row = image.Row(y);
            ReadOnlySpan<byte> mask = this.mask.AsSpan(y * this.width, this.width);
            for (int x = 0; x < row.Length; x++)
            {
                int inside = mask[x] == 0 ? 1 : 0;
                count += inside;
                sum += row[x] * inside;
            }
        }

        (Pixels, Mean) = (count, count == 0 ? 255 : (double)sum / count);
    }
}
