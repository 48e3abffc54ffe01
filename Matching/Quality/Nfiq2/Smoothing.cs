using System.Buffers;
using System.Numerics;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Matching.Quality.Nfiq2;

/// <summary>
/// Gaussian smoothing of grey pixels in whole numbers: weights are 256ths, rows are kept in 256ths, and the result is
/// rounded once. Edges are mirrored about the outermost pixel. Every width of vectors gives the same pixels.
/// </summary>
internal sealed class Smoothing
{
    private const int One = 256;

    private readonly ushort[] _weights;

    /// <param name="size">Weights in all, an odd number; the deviation follows from it as in OpenCV.</param>
    public Smoothing(int size)
    {
        Radius = size / 2;
        double deviation = (0.3 * (Radius - 1)) + 0.8;
        double[] exact = new double[Radius + 1];
        for (int i = 0; i <= Radius; i++)
        {
            exact[i] = StableMath.Exp(-(double)i * i / (2 * deviation * deviation));
        }

        double sum = exact[0] + (2 * exact.Skip(1).Sum());

        // From the outside inwards each rounding hands its error on; the middle takes what is missing to one.
        _weights = new ushort[Radius + 1];
        double error = 0;
        int rest = One;
        for (int i = Radius; i > 0; i--)
        {
            double wanted = (exact[i] / sum * One) + error;
            int weight = (int)Math.Round(wanted);
            error = wanted - weight;
            _weights[i] = (ushort)weight;
            rest -= 2 * weight;
        }

        _weights[0] = (ushort)rest;
    }

    /// <summary>Pixels to each side that take part.</summary>
    public int Radius { get; }

    /// <summary>Weights in 256ths from the middle outwards; the last ones may be 0.</summary>
    public IReadOnlyList<ushort> Weights => _weights;

    /// <summary>Smooths width times height pixels in place.</summary>
    public void Smooth(Span<byte> pixels, int width, int height)
    {
        // A row of 256ths splits into two planes of bytes, so that both fit 16 bits when they are weighed.
        ushort[] high = ArrayPool<ushort>.Shared.Rent(width * height);
        ushort[] low = ArrayPool<ushort>.Shared.Rent(width * height);
        ushort[] line = ArrayPool<ushort>.Shared.Rent(width + (2 * Radius));
        try
        {
            for (int y = 0; y < height; y++)
            {
                SmoothRow(
                    pixels.Slice(y * width, width), line, high.AsSpan(y * width, width), low.AsSpan(y * width, width));
            }

            for (int y = 0; y < height; y++)
            {
                SmoothColumns(high, low, width, height, y, pixels.Slice(y * width, width), line);
            }
        }
        finally
        {
            ArrayPool<ushort>.Shared.Return(high);
            ArrayPool<ushort>.Shared.Return(low);
            ArrayPool<ushort>.Shared.Return(line);
        }
    }

    private void SmoothRow(ReadOnlySpan<byte> row, ushort[] line, Span<ushort> high, Span<ushort> low)
    {
        Span<ushort> padded = line.AsSpan(0, row.Length + (2 * Radius));
        for (int x = -Radius; x < row.Length + Radius; x++)
        {
            padded[x + Radius] = row[Mirrored(x, row.Length)];
        }

        Weigh(padded[Radius..], high, _weights[0], isFirst: true);
        for (int i = 1; i <= Radius; i++)
        {
            if (_weights[i] != 0)
            {
                Weigh(padded[(Radius - i)..], high, _weights[i], isFirst: false);
                Weigh(padded[(Radius + i)..], high, _weights[i], isFirst: false);
            }
        }

        for (int x = 0; x < high.Length; x++)
        {
            low[x] = (ushort)(high[x] & 0xFF);
            high[x] >>= 8;
        }
    }

    private void SmoothColumns(
        ushort[] high, ushort[] low, int width, int height, int y, Span<byte> target, ushort[] line)
    {
        Span<ushort> highSum = stackalloc ushort[Chunk];
        Span<ushort> lowSum = line.AsSpan(0, Math.Min(Chunk, line.Length));
        for (int x = 0; x < width; x += Chunk)
        {
            int count = Math.Min(Chunk, width - x);
            Span<ushort> highs = highSum[..count];
            Span<ushort> lows = lowSum[..count];
            int at = (y * width) + x;
            Weigh(high.AsSpan(at), highs, _weights[0], isFirst: true);
            Weigh(low.AsSpan(at), lows, _weights[0], isFirst: true);
            for (int i = 1; i <= Radius; i++)
            {
                if (_weights[i] == 0)
                {
                    continue;
                }

                int above = (Mirrored(y - i, height) * width) + x;
                int below = (Mirrored(y + i, height) * width) + x;
                Weigh(high.AsSpan(above), highs, _weights[i], isFirst: false);
                Weigh(high.AsSpan(below), highs, _weights[i], isFirst: false);
                Weigh(low.AsSpan(above), lows, _weights[i], isFirst: false);
                Weigh(low.AsSpan(below), lows, _weights[i], isFirst: false);
            }

            for (int j = 0; j < count; j++)
            {
                target[x + j] = (byte)(((highs[j] << 8) + lows[j] + (One * One / 2)) >> 16);
            }
        }
    }

    /// <summary>Columns that are smoothed together; their sums stay in the nearest cache.</summary>
    private const int Chunk = 64;

    /// <summary>Adds (or sets) the weighted values; 255 times all weights fits 16 bits.</summary>
    private static void Weigh(ReadOnlySpan<ushort> from, Span<ushort> sums, ushort weight, bool isFirst)
    {
        int x = 0;
        if (Vector.IsHardwareAccelerated)
        {
            var weights = new Vector<ushort>(weight);
            for (; x + Vector<ushort>.Count <= sums.Length; x += Vector<ushort>.Count)
            {
                Vector<ushort> product = new Vector<ushort>(from[x..]) * weights;
                (isFirst ? product : product + new Vector<ushort>(sums[x..])).CopyTo(sums[x..]);
            }
        }

        for (; x < sums.Length; x++)
        {
            sums[x] = (ushort)((from[x] * weight) + (isFirst ? 0 : sums[x]));
        }
    }

    /// <summary>The pixel that stands for one outside, mirrored about the outermost pixel as often as needed.</summary>
    private static int Mirrored(int at, int length)
    {
        while ((uint)at >= (uint)length)
        {
            at = length == 1 ? 0 : at < 0 ? -at : (2 * (length - 1)) - at;
        }

        return at;
    }
}
