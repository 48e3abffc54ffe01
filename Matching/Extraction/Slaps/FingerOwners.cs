namespace MatchCluster.Matching.Extraction.Slaps;

/// <summary>
/// Gives every marked block to the finger that it belongs to. Two neighbours are parted by the straight line between
/// their tips along which the picture shows the least ridges; it may lean, since fingers spread.
/// </summary>
internal sealed class FingerOwners
{
    /// <summary>Columns to each side of the valley where the line may pass, and steps that it leans by.</summary>
    private const int Aside = 8;
    private const int LeanSteps = 6;
    private const double LeanStep = 0.05;

    /// <summary>Rows below the lower of two tips that the line is chosen by: 20 mm.</summary>
    private const int LineLength = 50;

    /// <summary>Rows of a finger that are looked at below its tip: 40 mm.</summary>
    private const int FingerLength = 98;

    /// <summary>How much wider than its strip a finger may be further down.</summary>
    private const double Spread = 0.3;

    /// <summary>Share of a finger's largest part below which another part is dirt, or a neighbour's edge.</summary>
    private const double LeastShare = 0.35;

    private readonly List<(double Base, int Row, double Lean)> lines = [];
    private readonly GridShapes shapes = new();
    private bool[] own = [];

    /// <summary>Finger of each block of the picture, from 1; 0 for none.</summary>
    public byte[] Owners { get; private set; } = [];

    public void Assign(
        RidgeEnergy energy, SlapMask mask, TurnedGrid grid, List<SlapStrip> strips, ReadOnlySpan<int> tops)
    {
        if (Owners.Length < energy.Count)
        {
            (Owners, this.own) = (new byte[energy.Count], new bool[energy.Count]);
        }

        int[] tips = new int[strips.Count];
        for (int k = 0; k < strips.Count; k++)
        {
            tips[k] = int.MaxValue;
            int edge = strips[k].Width / 8;
            for (int u = strips[k].Left + edge; u < strips[k].Right - edge; u++)
            {
                tips[k] = Math.Min(tips[k], tops[u]);
            }
        }

        lines.Clear();
        for (int k = 0; k + 1 < strips.Count; k++)
        {
            lines.Add(LineOf(energy, mask, grid, strips[k], strips[k + 1], Math.Max(tips[k], tips[k + 1])));
        }

        for (int i = 0; i < energy.Count; i++)
        {
            Owners[i] = mask.Inside[i]
                ? OwnerOf(grid.Of(i % energy.Columns, i / energy.Columns), strips, tips) : (byte)0;
        }

        shapes.Resize(energy.Columns, energy.Rows);
        for (int k = 0; k < strips.Count; k++)
        {
            DropStragglers(energy.Count, (byte)(k + 1));
        }
    }

    private void DropStragglers(int count, byte owner)
    {
        for (int i = 0; i < count; i++)
        {
            this.own[i] = Owners[i] == owner;
        }

        shapes.DropSmall(this.own, (int)(LeastShare * shapes.LargestPart(this.own)));
        for (int i = 0; i < count; i++)
        {
            Owners[i] = Owners[i] == owner && !this.own[i] ? (byte)0 : Owners[i];
        }
    }

    private byte OwnerOf((double U, double V) block, List<SlapStrip> strips, int[] tips)
    {
        int k = 0;
        while (k < lines.Count && block.U >= lines[k].Base + AsideOf(k, block.V - lines[k].Row, tips))
        {
            k++;
        }

        double down = block.V - tips[k];
        double aside = Math.Abs(block.U - ((strips[k].Left + strips[k].Right) / 2.0));
        return down <= FingerLength && aside <= (strips[k].Width / 2.0) + 4 + (Spread * Math.Max(down, 0))
            ? (byte)(k + 1) : (byte)0;
    }

    /// <summary>
    /// Columns from the base of a line to the line. Above the lower of its two tips it leans towards that one: what is
    /// there belongs to the higher finger.
    /// </summary>
    private double AsideOf(int line, double down, int[] tips) =>
        down >= 0 ? lines[line].Lean * down
            : tips[line] < tips[line + 1] ? -Spread * down : Spread * down;

    private static (double Base, int Row, double Lean) LineOf(
        RidgeEnergy energy, SlapMask mask, TurnedGrid grid, SlapStrip before, SlapStrip after, int row)
    {
        double valley = (before.Right + after.Left) / 2.0;
        double reach = Aside + ((after.Left - before.Right) / 2.0);
        (double Base, int Row, double Lean) best = (valley, row, 0);
        double least = double.MaxValue;
        for (int lean = -LeanSteps; lean <= LeanSteps; lean++)
        {
            for (double aside = -reach; aside <= reach; aside++)
            {
                double sum = (0.1 * Math.Abs(lean)) + (0.05 * Math.Abs(aside));
                for (int v = 0; v < LineLength && sum < least; v++)
                {
                    sum += EnergyAt(energy, grid, valley + aside + (lean * LeanStep * v), row + v) / mask.Strong;
                }

                if (sum < least)
                {
                    least = sum;
                    best = (valley + aside, row, lean * LeanStep);
                }
            }
        }

        return best;
    }

    private static double EnergyAt(RidgeEnergy energy, TurnedGrid grid, double u, double v)
    {
        (double x, double y) = grid.BlockOf(u, v);
        int column = (int)Math.Floor(x + 0.5);
        int row = (int)Math.Floor(y + 0.5);
        return column >= 0 && row >= 0 && column < energy.Columns && row < energy.Rows
            ? energy.Ridges[(row * energy.Columns) + column] : 0;
    }
}
