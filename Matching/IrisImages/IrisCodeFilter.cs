using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.IrisImages;

/// <summary>
/// From the unrolled iris to a code: Gabor filters, evaluated only at the cells of the shape. The sign of
/// the even part is phase bit 0, of the odd part phase bit 1 (J. Daugman 1993). All sums are of integers.
/// </summary>
internal sealed class IrisCodeFilter
{
    private readonly IrisShape shape;
    private readonly GaborBank[] banks;
    private readonly int[] radial;
    private readonly int visibleShare;
    private readonly double fragileShare;

    /// <param name="shape">What is written.</param>
    /// <param name="banks">One for each wavelet.</param>
    /// <param name="radialReach">Rows to each side that a filter sees.</param>
    /// <param name="radialSigma">Their standard deviation.</param>
    /// <param name="visibleShare">Percent of a filter's weight that must be on visible iris.</param>
    /// <param name="fragileShare">Share of the visible cells with the weakest answers that are
    /// masked.</param>
    public IrisCodeFilter(
        IrisShape shape, GaborBank[] banks, int radialReach, double radialSigma, int visibleShare,
        double fragileShare)
    {
        this.shape = shape;
        this.banks = banks;
        this.radial = GaborBank.AlongRadius(radialReach, radialSigma);
        this.visibleShare = visibleShare;
        this.fragileShare = fragileShare;
    }

    /// <summary>
    /// Mean radial sums of a row of cells: first the values, then the visible weight in 1/4096 of the whole.
    /// </summary>
    private void Row(PolarIris iris, int row, Span<int> values, Span<int> seen)
    {
        int reach = this.radial.Length / 2;
        int middle = ((2 * row) + 1) * PolarIris.Rows / (2 * this.shape.Rows);
        values.Clear();
        seen.Clear();
        int total = 0;
        for (int d = -reach; d <= reach; d++)
        {
            int from = middle + d;
            if ((uint)from >= PolarIris.Rows)
            {
                continue;
            }

            int tap = this.radial[d + reach];
            total += tap;
            ReadOnlySpan<int> line = iris.Values.AsSpan(from * PolarIris.Columns, PolarIris.Columns);
            ReadOnlySpan<bool> visible = iris.Visible.AsSpan(from * PolarIris.Columns, PolarIris.Columns);
            for (int c = 0; c < line.Length; c++)
            {
                values[c] += tap * line[c];
                seen[c] += visible[c] ? tap : 0;
            }
        }

        for (int c = 0; c < values.Length; c++)
        {
            values[c] /= total;
            seen[c] = seen[c] * 4096 / total;
        }
    }

    public (ulong[] Code, ulong[] Mask) Encode(PolarIris iris)
    {
        ulong[] code = new ulong[this.shape.Words];
        ulong[] mask = new ulong[this.shape.Words];
        int cells = this.shape.Rows * this.shape.Columns;
        long[] strength = new long[cells * this.shape.Wavelets];
        Span<int> values = new int[PolarIris.Columns];
        Span<int> seen = new int[PolarIris.Columns];
        int step = PolarIris.Columns / this.shape.Columns;
        for (int row = 0; row < this.shape.Rows; row++)
        {
            Row(iris, row, values, seen);
            for (int wavelet = 0; wavelet < this.banks.Length; wavelet++)
            {
                GaborBank bank = this.banks[wavelet];
                for (int column = 0; column < this.shape.Columns; column++)
                {
                    long even = 0;
                    long odd = 0;
                    long weight = 0;
                    long visible = 0;
                    int from = (column * step) - bank.Reach;
                    for (int k = 0; k < bank.Even.Length; k++)
                    {
                        int at = (from + k) & (PolarIris.Columns - 1);
                        even += bank.Even[k] * values[at];
                        odd += bank.Odd[k] * values[at];
                        weight += bank.Weight[k];
                        visible += (long)bank.Weight[k] * seen[at];
                    }

                    int cell = (((column * this.shape.Rows) + row) * this.shape.Wavelets) + wavelet;
                    int bit = cell * this.shape.Phases;
                    code[bit >> 6] |= (even > 0 ? 1UL : 0) << bit;
                    code[(bit + 1) >> 6] |= (odd > 0 ? 1UL : 0) << (bit + 1);
                    bool open = visible * 100 >= weight * 4096 * this.visibleShare;
                    strength[cell] = open ? (even * even) + (odd * odd) : -1;
                }
            }
        }

        Keep(strength, mask);
        return (code, mask);
    }

    /// <summary>Masks hidden cells and, of each wavelet, the weakest of the rest.</summary>
    private void Keep(long[] strength, ulong[] mask)
    {
        for (int wavelet = 0; wavelet < this.shape.Wavelets; wavelet++)
        {
            List<long> open = [];
            for (int cell = wavelet; cell < strength.Length; cell += this.shape.Wavelets)
            {
                if (strength[cell] >= 0)
                {
                    open.Add(strength[cell]);
                }
            }

            open.Sort();
            long least = open.Count == 0 ? 0 : open[(int)(open.Count * this.fragileShare)];
            for (int cell = wavelet; cell < strength.Length; cell += this.shape.Wavelets)
            {
                if (strength[cell] >= least)
                {
                    int bit = cell * this.shape.Phases;
                    mask[bit >> 6] |= 3UL << bit;
                }
            }
        }
    }
}
