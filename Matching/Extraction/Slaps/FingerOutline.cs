using MatchCluster.Matching.Model;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Matching.Extraction.Slaps;

/// <summary>
/// The box of one finger: its own direction from the middles of its rows, its tip, and the crease of the first joint.
/// </summary>
internal sealed class FingerOutline
{
    private const double BlocksPerMillimetre = FingerExtractor.WorkingPpi / 25.4 / RidgeGrid.Block;

    /// <summary>Rows below the tip whose middles tell the direction: 5 to 22 mm.</summary>
    private const int FirstRow = (int)(5 * BlocksPerMillimetre);
    private const int LastRow = (int)(22 * BlocksPerMillimetre);

    /// <summary>Share of the usual width that a row needs to tell the direction.</summary>
    private const double FullWidth = 0.88;

    private const int Rounds = 4;

    /// <summary>Rows that tell a tip from dirt: 4 mm.</summary>
    private const int TipRows = 10;

    /// <summary>Fingers of a hand spread by so many degrees from its direction, at most.</summary>
    private const double MostSpread = 18;

    /// <summary>Where the crease of the first joint may lie below the tip, in millimetres.</summary>
    private const double NearestCrease = 14;

    private const double FarthestCrease = 36;

    /// <summary>Share of the rows' usual energy that a crease has, at most, and the end of the print.</summary>
    private const double CreaseShare = 0.72;

    private const double EndShare = 0.12;

    /// <summary>Length without a crease, beside the width.</summary>
    private const double UsualLength = 1.55;

    private readonly List<(double S, double T, float Energy)> blocks = [];
    private readonly double[] lows = new double[LastRow];
    private readonly double[] highs = new double[LastRow];
    private float[] rowEnergy = [];
    private float[] smooth = [];
    private int[] rowBlocks = [];

    /// <summary>The finger of the blocks that an owner has; null where too little is left of it.</summary>
    /// <param name="energy">What every block shows.</param>
    /// <param name="owners">Finger of each block, from 1.</param>
    /// <param name="owner">The finger.</param>
    /// <param name="degrees">Direction of the hand.</param>
    public SlapFinger? Of(RidgeEnergy energy, byte[] owners, byte owner, double degrees)
    {
        double own = degrees;
        for (int round = 0; round < Rounds; round++)
        {
            Collect(energy, owners, owner, own);
            if (blocks.Count == 0)
            {
                return null;
            }

            own = Math.Clamp(own + Lean(), degrees - MostSpread, degrees + MostSpread);
        }

        Collect(energy, owners, owner, own);
        double tip = TipOf();
        SumRows(tip);
        double width = WidthOf(tip, out double middle);
        double length = LengthOf(width, out bool hasCrease);
        double s = middle;
        double t = tip + (length / 2);
        double cosine = StableMath.Cos(own / 360);
        double sine = StableMath.Sin(own / 360);
        return new SlapFinger(
            BiometricPosition.UnknownFinger,
            PixelOf((cosine * s) - (sine * t)),
            PixelOf((sine * s) + (cosine * t)),
            width * RidgeGrid.Block,
            length * RidgeGrid.Block,
            own,
            hasCrease);
    }

    /// <summary>The middle of a block in pixels.</summary>
    private static double PixelOf(double block) => ((block + 0.5) * RidgeGrid.Block) - 0.5;

    private void Collect(RidgeEnergy energy, byte[] owners, byte owner, double degrees)
    {
        double cosine = StableMath.Cos(degrees / 360);
        double sine = StableMath.Sin(degrees / 360);
        blocks.Clear();
        for (int i = 0; i < energy.Count; i++)
        {
            if (owners[i] == owner)
            {
                double x = i % energy.Columns;
                double y = i / energy.Columns;
                blocks.Add(((cosine * x) + (sine * y), (cosine * y) - (sine * x), energy.Sharp[i]));
            }
        }
    }

    /// <summary>
    /// The row of the tip: the first that has, with most of those that follow, a part of the usual width. What lies
    /// above it is dirt.
    /// </summary>
    private double TipOf()
    {
        double first = blocks.Min(block => block.T);
        CountRows(first);
        int[] usual = [.. this.rowBlocks.Where(count => count > 0).Order()];
        int least = Math.Max(2, usual[usual.Length / 2] / 4);
        for (int row = 0; row + TipRows <= this.rowBlocks.Length; row++)
        {
            ReadOnlySpan<int> next = this.rowBlocks.AsSpan(row, TipRows);
            int wide = 0;
            foreach (int count in next)
            {
                wide += count >= least ? 1 : 0;
            }

            if (next[0] >= 2 && wide >= TipRows - 2)
            {
                return first + row - 0.5;
            }
        }

        return first - 0.5;
    }

    private void CountRows(double first)
    {
        int rows = (int)(blocks.Max(block => block.T) - first) + 2;
        this.rowBlocks = new int[rows];
        foreach ((_, double t, _) in blocks)
        {
            this.rowBlocks[(int)(t - first)]++;
        }
    }

    /// <summary>
    /// Degrees by which the middles of the rows lean. Narrow rows are left out: those of the round tip, and those
    /// that a slanting end has cut.
    /// </summary>
    private double Lean()
    {
        double tip = TipOf();
        Array.Fill(this.lows, double.MaxValue);
        Array.Fill(this.highs, double.MinValue);
        foreach ((double s, double t, _) in blocks)
        {
            int row = (int)(t - tip);
            if (row >= 0 && row < LastRow)
            {
                this.lows[row] = Math.Min(this.lows[row], s);
                this.highs[row] = Math.Max(this.highs[row], s);
            }
        }

        double[] widths = [.. this.highs.Zip(this.lows, (high, low) => high - low).Order()];
        double least = FullWidth * widths[widths.Length * 9 / 10];
        double sumS = 0;
        double sumT = 0;
        double sumTt = 0;
        double sumSt = 0;
        int count = 0;
        for (int row = FirstRow; row < LastRow; row++)
        {
            if (this.highs[row] - this.lows[row] >= least)
            {
                double middle = (this.lows[row] + this.highs[row]) / 2;
                count++;
                sumS += middle;
                sumT += row;
                sumTt += (double)row * row;
                sumSt += row * middle;
            }
        }

        double divisor = (count * sumTt) - (sumT * sumT);
        if (count < 10 || divisor <= 0)
        {
            return 0;
        }

        // Further down the middle moves to the left where the finger leans to the right.
        double slope = ((count * sumSt) - (sumS * sumT)) / divisor;
        return -360 * StableMath.Atan2(slope, 1);
    }

    /// <summary>Energy of each row below the tip.</summary>
    private void SumRows(double tip)
    {
        int rows = (int)((FarthestCrease + 8) * BlocksPerMillimetre);
        if (this.rowEnergy.Length < rows)
        {
            (this.rowEnergy, this.smooth) = (new float[rows], new float[rows]);
        }

        Array.Clear(this.rowEnergy);
        foreach ((_, double t, float energy) in blocks)
        {
            int row = (int)(t - tip);
            if (row >= 0 && row < rows)
            {
                this.rowEnergy[row] += energy;
            }
        }

        for (int i = 0; i < rows; i++)
        {
            float before = this.rowEnergy[Math.Max(i - 1, 0)];
            float after = this.rowEnergy[Math.Min(i + 1, rows - 1)];
            this.smooth[i] = (before + (2 * this.rowEnergy[i]) + after) / 4;
        }
    }

    /// <summary>Blocks across the widest part of the tip, without stragglers.</summary>
    private double WidthOf(double tip, out double middle)
    {
        double[] across =
        [
            .. blocks.Where(block => block.T >= tip && block.T < tip + LastRow).Select(block => block.S).Order(),
        ];
        double low = across[across.Length / 100] - 0.5;
        double high = across[^((across.Length / 100) + 1)] + 0.5;
        middle = (low + high) / 2;
        return high - low;
    }

    /// <summary>Blocks from the tip to the crease, to the end of the print, or as many as usual.</summary>
    private double LengthOf(double width, out bool hasCrease)
    {
        int first = (int)(NearestCrease * BlocksPerMillimetre);
        int last = (int)(Math.Min(FarthestCrease, Math.Max(25, 2.1 * width / BlocksPerMillimetre))
            * BlocksPerMillimetre);
        float[] usual = [.. this.smooth.AsSpan(FirstRow, first - FirstRow).ToArray().Order()];
        double plateau = usual[usual.Length / 2];
        hasCrease = true;
        for (int row = FirstRow; row < first; row++)
        {
            if (this.smooth[row] < EndShare * plateau)
            {
                return row;
            }
        }

        for (int row = first; row < last; row++)
        {
            bool isLowest = true;
            for (int k = Math.Max(0, row - 8); k <= Math.Min(row + 8, this.smooth.Length - 1); k++)
            {
                isLowest &= this.smooth[k] >= this.smooth[row];
            }

            bool isEnd = this.smooth[row] < EndShare * plateau;
            if (isEnd || (isLowest && this.smooth[row] < CreaseShare * plateau))
            {
                return row;
            }
        }

        hasCrease = false;
        return Math.Min(last, UsualLength * width);
    }
}
