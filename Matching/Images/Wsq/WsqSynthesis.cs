using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MatchCluster.Matching.Images.Wsq;

/// <summary>
/// Joins subbands to the picture. Sums are taken sample by sample in the order of <see cref="WsqLine"/>,
/// multiplied and added as separate floats, so that every width of vector gives the same bits as one sample
/// at a time.
/// </summary>
/// <remarks>
/// Columns: eight neighbours at a time, sources are whole rows. Rows: outputs of one parity have the same
/// weights and sources that move on by one, so eight of them are eight neighbouring sources; the ends are
/// done one by one. Bytes touched: each region of the tree is read and written twice, 2.4 times the picture
/// together.
/// </remarks>
internal sealed class WsqSynthesis
{
    private const int Lanes = 8;

    private readonly int width;
    private readonly int margin;
    private readonly float[] plane;
    private readonly float[] half;
    private readonly float[] parity;

    /// <param name="width">Pixels of a row.</param>
    /// <param name="height">Rows.</param>
    public WsqSynthesis(int width, int height)
    {
        this.width = width;

        // Zeros around, for the walks that leave a half of one sample.
        margin = WsqLine.Reach * (width + 1);
        plane = new float[(width * height) + (2 * margin) + Lanes];
        half = new float[plane.Length];
        parity = new float[width + Lanes];
    }

    /// <summary>Coefficients before, pixels after.</summary>
    public Span<float> Plane => plane.AsSpan(margin, plane.Length - (2 * margin) - Lanes);

    public void Run(WsqSubbands subbands, WsqFilters filters)
    {
        Dictionary<(int, bool), WsqLine> lines = [];
        WsqLine Line(int length, bool highFirst)
        {
            ref WsqLine? line = ref CollectionsMarshal.GetValueRefOrAddDefault(lines, (length, highFirst), out _);
            return line ??= WsqLine.Of(length, highFirst, filters);
        }

        foreach (WsqRegion region in subbands.Joins)
        {
            int at = margin + (region.Y * width) + region.X;
            Columns(Line(region.Height, region.HighFirstY), at, region.Width);
            Rows(Line(region.Width, region.HighFirstX), at, region.Height);
        }
    }

    private void Columns(WsqLine line, int from, int columns)
    {
        for (int row = 0; row < line.Length; row++)
        {
            ReadOnlySpan<int> sources = line.SourcesOf(row);
            ReadOnlySpan<float> weights = line.WeightsOf(row);
            int to = margin + (row * width);
            int column = 0;
            for (; column <= columns - Lanes; column += Lanes)
            {
                Vector256<float> sum = Load(plane, from + column + (sources[0] * width)) * weights[0];
                for (int i = 1; i < sources.Length; i++)
                {
                    sum += Load(plane, from + column + (sources[i] * width)) * weights[i];
                }

                sum.CopyTo(half, to + column);
            }

            for (; column < columns; column++)
            {
                half[to + column] = Sum(plane, from + column, width, sources, weights);
            }
        }
    }

    private void Rows(WsqLine line, int to, int rows)
    {
        int output = 0;
        while (output < line.Length)
        {
            // A pair of outputs that goes on for a while as it begins.
            int end = output + 2;
            while (end < line.Length && line.Repeats(end))
            {
                end++;
            }

            if (end - output < 4 * Lanes)
            {
                for (int row = 0; row < rows; row++)
                {
                    plane[to + (row * width) + output] = Sum(
                        half, margin + (row * width), 1, line.SourcesOf(output), line.WeightsOf(output));
                }

                output++;
                continue;
            }

            int count = (end - output) / 2;
            Repeated(line, output, count, to, rows);
            Repeated(line, output + 1, count, to, rows);
            output += 2 * count;
        }
    }

    /// <summary>Every second output from the first on.</summary>
    private void Repeated(WsqLine line, int first, int count, int to, int rows)
    {
        ReadOnlySpan<int> sources = line.SourcesOf(first);
        ReadOnlySpan<float> weights = line.WeightsOf(first);
        for (int row = 0; row < rows; row++)
        {
            int from = margin + (row * width);
            for (int j = 0; j < count; j += Lanes)
            {
                Vector256<float> sum = Load(half, from + j + sources[0]) * weights[0];
                for (int i = 1; i < sources.Length; i++)
                {
                    sum += Load(half, from + j + sources[i]) * weights[i];
                }

                sum.CopyTo(parity, j);
            }

            int place = to + (row * width) + first;
            for (int j = 0; j < count; j++, place += 2)
            {
                plane[place] = parity[j];
            }
        }
    }

    private static float Sum(
        float[] values, int from, int stride, ReadOnlySpan<int> sources, ReadOnlySpan<float> weights)
    {
        float sum = values[from + (sources[0] * stride)] * weights[0];
        for (int i = 1; i < sources.Length; i++)
        {
            sum += values[from + (sources[i] * stride)] * weights[i];
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Load(float[] values, int at) => Vector256.Create<float>(values.AsSpan(at, Lanes));
}
