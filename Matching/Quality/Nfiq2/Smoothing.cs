using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Matching.Quality.Nfiq2;

/// <summary>
/// Gaussian smoothing of grey pixels in whole numbers: weights are 256ths, rows are kept in 256ths, and the result is
/// rounded once. Edges are mirrored about the outermost pixel. Every width of vectors gives the same pixels.
/// </summary>
internal sealed class Smoothing
{
    private const int One = 256;

    private readonly ushort[] weights;

    /// <param name="size">Weights in all, an odd number; the deviation follows from it as in OpenCV.</param>
    public Smoothing(int size)
    {
        int outermost = size / 2;
        double deviation = (0.3 * (outermost - 1)) + 0.8;
        double[] exact = new double[outermost + 1];
        for (int i = 0; i <= outermost; i++)
        {
            exact[i] = StableMath.Exp(-(double)i * i / (2 * deviation * deviation));
        }

        double sum = exact[0] + (2 * exact.Skip(1).Sum());

        // From the outside inwards each rounding hands its error on; the middle takes what is missing to one.
        ushort[] weights = new ushort[outermost + 1];
        double error = 0;
        int rest = One;
        for (int i = outermost; i > 0; i--)
        {
            double wanted = (exact[i] / sum * One) + error;
            int weight = (int)Math.Round(wanted);
            error = wanted - weight;
            weights[i] = (ushort)weight;
            rest -= 2 * weight;
        }

        weights[0] = (ushort)rest;
        Radius = Array.FindLastIndex(weights, weight => weight != 0);
        this.weights = weights[..(Radius + 1)];
    }

    /// <summary>Pixels to each side that take part.</summary>
    public int Radius { get; }

    /// <summary>Weights in 256ths from the middle outwards.</summary>
    public IReadOnlyList<ushort> Weights => this.weights;

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
                SmoothColumns(high, low, y, height, pixels.Slice(y * width, width));
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

        ReadOnlySpan<ushort> weights = this.weights;
        int at = 0;
        if (Vector.IsHardwareAccelerated)
        {
            for (; at + Vector<ushort>.Count <= high.Length; at += Vector<ushort>.Count)
            {
                Vector<ushort> sum = Load(padded, at + Radius) * weights[0];
                for (int i = 1; i < weights.Length; i++)
                {
                    sum += (Load(padded, at + Radius - i) + Load(padded, at + Radius + i)) * weights[i];
                }

                (sum & new Vector<ushort>(0xFF)).CopyTo(low[at..]);
                Vector.ShiftRightLogical(sum, 8).CopyTo(high[at..]);
            }
        }

        for (; at < high.Length; at++)
        {
            int sum = padded[at + Radius] * weights[0];
            for (int i = 1; i < weights.Length; i++)
            {
                sum += (padded[at + Radius - i] + padded[at + Radius + i]) * weights[i];
            }

            low[at] = (ushort)(sum & 0xFF);
            high[at] = (ushort)(sum >> 8);
        }
    }

    private void SmoothColumns(
        ReadOnlySpan<ushort> high, ReadOnlySpan<ushort> low, int y, int height, Span<byte> target)
    {
        // The first pixels of the rows above and below, nearest first.
        Span<int> above = stackalloc int[Radius + 1];
        Span<int> below = stackalloc int[Radius + 1];
        for (int i = 0; i <= Radius; i++)
        {
            above[i] = Mirrored(y - i, height) * target.Length;
            below[i] = Mirrored(y + i, height) * target.Length;
        }

        ReadOnlySpan<ushort> weights = this.weights;
        int at = 0;
        if (Vector.IsHardwareAccelerated)
        {
            var half = new Vector<ushort>(One / 2);
            Span<byte> bytes = stackalloc byte[Vector<byte>.Count];
            for (; at + Vector<ushort>.Count <= target.Length; at += Vector<ushort>.Count)
            {
                Vector<ushort> highs = Load(high, above[0] + at) * weights[0];
                Vector<ushort> lows = Load(low, above[0] + at) * weights[0];
                for (int i = 1; i < weights.Length; i++)
                {
                    highs += (Load(high, above[i] + at) + Load(high, below[i] + at)) * weights[i];
                    lows += (Load(low, above[i] + at) + Load(low, below[i] + at)) * weights[i];
                }

                // (256 highs + lows + 32768) / 65536: the low byte of lows is cut off and changes nothing.
                Vector<ushort> rounded = Vector.ShiftRightLogical(
                    highs + Vector.ShiftRightLogical(lows, 8) + half, 8);
                Vector.Narrow(rounded, rounded).CopyTo(bytes);
                bytes[..Vector<ushort>.Count].CopyTo(target[at..]);
            }
        }

        for (; at < target.Length; at++)
        {
            int highs = high[above[0] + at] * weights[0];
            int lows = low[above[0] + at] * weights[0];
            for (int i = 1; i < weights.Length; i++)
            {
                highs += (high[above[i] + at] + high[below[i] + at]) * weights[i];
                lows += (low[above[i] + at] + low[below[i] + at]) * weights[i];
            }

            target[at] = (byte)(((highs << 8) + lows + (One * One / 2)) >> 16);
        }
    }

    /// <summary>Values from a place on; the callers' loops keep within the span.</summary>
    private static Vector<ushort> Load(ReadOnlySpan<ushort> values, int at) =>
        Vector.LoadUnsafe(ref MemoryMarshal.GetReference(values), (nuint)at);

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
