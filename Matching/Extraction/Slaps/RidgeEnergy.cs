using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MatchCluster.Matching.Extraction.Slaps;

/// <summary>
/// How strongly each block of 8 x 8 pixels shows ridges: the root of the gradients' power where they agree on a
/// direction. The gradients are those of the picture at half its size, which suffices to find fingers and takes a
/// fraction of the time that their extraction takes.
/// </summary>
internal sealed class RidgeEnergy
{
    /// <summary>Pixels of a block's side in the halved picture.</summary>
    private const int Cell = RidgeGrid.Block / 2;

    /// <summary>Agreement of directions from which a block begins to count, and from which it counts fully.</summary>
    private const float LeastCoherence = 0.16f;

    private const float FullCoherence = 0.42f;

    private readonly GridSmoothing near = new(1.4);
    private short[] half = [];
    private float[] xx = [];
    private float[] xy = [];
    private float[] yy = [];
    private int stride;

    public int Columns { get; private set; }

    public int Rows { get; private set; }

    public int Count => Columns * Rows;

    /// <summary>Grey levels of the ridges' gradients, smoothed over some 2 mm; 0 where directions disagree.</summary>
    public float[] Ridges { get; private set; } = [];

    /// <summary>Grey levels of the block's own gradients, of any direction.</summary>
    public float[] Sharp { get; private set; } = [];

    /// <summary>Mean grey of the block.</summary>
    public float[] Grey { get; private set; } = [];

    /// <summary>Looks at a picture of 500 pixels per inch; blocks that do not lie in it whole are left out.</summary>
    public void Read(ReadOnlySpan<byte> pixels, int width, int height)
    {
        Columns = width / RidgeGrid.Block;
        Rows = height / RidgeGrid.Block;
        Halve(pixels, width);
        if (Ridges.Length < Count)
        {
            (Ridges, Sharp, Grey) = (new float[Count], new float[Count], new float[Count]);
            (this.xx, this.xy, this.yy) = (new float[Count], new float[Count], new float[Count]);
        }

        for (int row = 0; row < Rows; row++)
        {
            SumRow(row);
        }

        for (int i = 0; i < Count; i++)
        {
            Sharp[i] = MathF.Sqrt((this.xx[i] + this.yy[i]) / (4 * Cell * Cell));
        }

        near.Apply(this.xx, Columns, Rows);
        near.Apply(this.xy, Columns, Rows);
        near.Apply(this.yy, Columns, Rows);
        for (int i = 0; i < Count; i++)
        {
            float trace = this.xx[i] + this.yy[i];
            float c = this.xx[i] - this.yy[i];
            float s = 2 * this.xy[i];
            float coherence = MathF.Sqrt((c * c) + (s * s)) / (trace + 1);
            float agreement = Math.Clamp((coherence - LeastCoherence) / (FullCoherence - LeastCoherence), 0, 1);
            Ridges[i] = agreement * MathF.Sqrt(trace / (4 * Cell * Cell));
        }
    }

    /// <summary>Means of 2 x 2 pixels, with a margin of one repeated pixel.</summary>
    private void Halve(ReadOnlySpan<byte> pixels, int width)
    {
        int across = Columns * Cell;
        int down = Rows * Cell;
        this.stride = across + 2 + Vector256<short>.Count;
        int length = this.stride * (down + 2);
        if (this.half.Length < length)
        {
            this.half = new short[length];
        }

        for (int y = 0; y < down; y++)
        {
            ReadOnlySpan<byte> upper = pixels.Slice(2 * y * width, 2 * across);
            ReadOnlySpan<byte> lower = pixels.Slice(((2 * y) + 1) * width, 2 * across);
            Span<short> target = this.half.AsSpan((y + 1) * this.stride, across + 2);
            HalveRow(upper, lower, target.Slice(1, across));
            target[0] = target[1];
            target[across + 1] = target[across];
        }

        this.half.AsSpan(this.stride, across + 2).CopyTo(this.half);
        this.half.AsSpan(down * this.stride, across + 2).CopyTo(this.half.AsSpan((down + 1) * this.stride));
    }

    private static void HalveRow(ReadOnlySpan<byte> upper, ReadOnlySpan<byte> lower, Span<short> target)
    {
        int x = 0;
        var low = Vector256.Create((ushort)0xff);
        var two = Vector256.Create((ushort)2);
        for (; x <= target.Length - Vector256<short>.Count && BitConverter.IsLittleEndian; x += Vector256<short>.Count)
        {
            Vector256<ushort> a = Vector256.Create(upper.Slice(2 * x, Vector256<byte>.Count)).AsUInt16();
            Vector256<ushort> b = Vector256.Create(lower.Slice(2 * x, Vector256<byte>.Count)).AsUInt16();
            Vector256<ushort> sum = (a & low) + (a >>> 8) + (b & low) + (b >>> 8) + two;
            (sum >>> 2).AsInt16().CopyTo(target[x..]);
        }

        for (; x < target.Length; x++)
        {
            target[x] = (short)((upper[2 * x] + upper[(2 * x) + 1] + lower[2 * x] + lower[(2 * x) + 1] + 2) >> 2);
        }
    }

    /// <summary>The products of the gradients of a row of blocks, in whole numbers; two blocks at a time.</summary>
    private void SumRow(int row)
    {
        Span<int> lanes = stackalloc int[4 * Vector256<int>.Count];
        for (int column = 0; column < Columns; column += 2)
        {
            Vector256<int> sumXx = default;
            Vector256<int> sumXy = default;
            Vector256<int> sumYy = default;
            Vector256<int> sum = default;
            for (int y = 0; y < Cell; y++)
            {
                int at = (((row * Cell) + y + 1) * this.stride) + (column * Cell) + 1;
                Vector256<int> dx = Wide(at + 1) - Wide(at - 1);
                Vector256<int> dy = Wide(at + this.stride) - Wide(at - this.stride);
                sumXx += dx * dx;
                sumXy += dx * dy;
                sumYy += dy * dy;
                sum += Wide(at);
            }

            sumXx.CopyTo(lanes);
            sumXy.CopyTo(lanes[8..]);
            sumYy.CopyTo(lanes[16..]);
            sum.CopyTo(lanes[24..]);
            for (int k = 0; k < 2 && column + k < Columns; k++)
            {
                int block = (row * Columns) + column + k;
                this.xx[block] = Total(lanes.Slice(k * Cell, Cell));
                this.xy[block] = Total(lanes.Slice(8 + (k * Cell), Cell));
                this.yy[block] = Total(lanes.Slice(16 + (k * Cell), Cell));
                Grey[block] = Total(lanes.Slice(24 + (k * Cell), Cell)) / (float)(Cell * Cell);
            }
        }
    }

    private static int Total(ReadOnlySpan<int> four) => four[0] + four[1] + four[2] + four[3];

    private Vector256<int> Wide(int at)
    {
        var values = Vector128.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(this.half), (nuint)at);
        return Vector256.Create(Vector128.WidenLower(values), Vector128.WidenUpper(values));
    }
}
