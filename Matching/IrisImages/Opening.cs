using System.Numerics;

namespace MatchCluster.Matching.IrisImages;

/// <summary>
/// Grey opening: the smallest value of a square window, then the largest of that. It takes out bright spots
/// that are smaller than the window and keeps everything larger (J. Serra, Image Analysis and Mathematical
/// Morphology, 1982).
/// </summary>
internal static class Opening
{
    /// <summary>
    /// The opened pixels; the window has 2 reach + 1 pixels a side and ends at the borders.
    /// </summary>
    public static byte[] Of(GrayPlane plane, int reach)
    {
        byte[] a = new byte[plane.Pixels.Length];
        byte[] b = new byte[plane.Pixels.Length];
        Across<Smallest>(plane.Pixels, a, plane.Width, reach);
        Down<Smallest>(a, b, plane.Width, reach);
        Across<Largest>(b, a, plane.Width, reach);
        Down<Largest>(a, b, plane.Width, reach);
        return b;
    }

    private static void Down<T>(byte[] from, byte[] to, int width, int reach)
        where T : IChoice
    {
        int height = from.Length / width;
        for (int y = 0; y < height; y++)
        {
            Span<byte> target = to.AsSpan(y * width, width);
            from.AsSpan(y * width, width).CopyTo(target);
            for (int other = Math.Max(0, y - reach); other <= Math.Min(height - 1, y + reach); other++)
            {
                Choose<T>(target, from.AsSpan(other * width, width));
            }
        }
    }

    private static void Across<T>(byte[] from, byte[] to, int width, int reach)
        where T : IChoice
    {
        for (int row = 0; row < from.Length; row += width)
        {
            ReadOnlySpan<byte> source = from.AsSpan(row, width);
            Span<byte> target = to.AsSpan(row, width);
            source.CopyTo(target);
            for (int shift = 1; shift <= Math.Min(reach, width - 1); shift++)
            {
                Choose<T>(target[..^shift], source[shift..]);
                Choose<T>(target[shift..], source[..^shift]);
            }
        }
    }

    private static void Choose<T>(Span<byte> target, ReadOnlySpan<byte> other)
        where T : IChoice
    {
        int i = 0;
        for (; i + Vector<byte>.Count <= target.Length; i += Vector<byte>.Count)
        {
            T.Of(new Vector<byte>(target[i..]), new Vector<byte>(other[i..])).CopyTo(target[i..]);
        }

        for (; i < target.Length; i++)
        {
            target[i] = T.Of(target[i], other[i]);
        }
    }

    private interface IChoice
    {
        static abstract Vector<byte> Of(Vector<byte> a, Vector<byte> b);

        static abstract byte Of(byte a, byte b);
    }

    private readonly struct Smallest : IChoice
    {
        public static Vector<byte> Of(Vector<byte> a, Vector<byte> b) => Vector.Min(a, b);

        public static byte Of(byte a, byte b) => Math.Min(a, b);
    }

    private readonly struct Largest : IChoice
    {
        public static Vector<byte> Of(Vector<byte> a, Vector<byte> b) => Vector.Max(a, b);

        public static byte Of(byte a, byte b) => Math.Max(a, b);
    }
}
