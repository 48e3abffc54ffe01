using System.Buffers.Binary;
using MatchCluster.Matching.Fingers.Evidence;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Fingers.Ridges;

/// <summary>How far the ridges of two aligned prints agree, where both sides say what theirs do.</summary>
/// <param name="Cells">Cells of the probe that lie on the other print.</param>
/// <param name="Turns">Sum over them of the sine between the two directions, 0 or more.</param>
/// <param name="Periods">Sum over them of the steps between the two periods, 0 or more.</param>
/// <param name="Counts">Ridge counts that both sides have between paired minutiae.</param>
/// <param name="CountSteps">Sum over them of the steps between the two counts, 0 or more.</param>
internal readonly record struct RidgeAgreement(int Cells, double Turns, double Periods, int Counts, int CountSteps)
{
    private const int CellTurn = MccParameters.Turn / 256;

    /// <summary>Compares two prints under the motion that lays the row onto the probe.</summary>
    /// <param name="probe">The probe's; not empty.</param>
    /// <param name="row">The row's; not empty.</param>
    /// <param name="motion">What brings the row onto the probe.</param>
    /// <param name="mates">The paired minutiae.</param>
    public static RidgeAgreement Of(
        in RidgeColumns probe, in RidgeColumns row, in Motion motion, ReadOnlySpan<MinutiaPair> mates)
    {
        int cells = 0;
        double turns = 0;
        double periods = 0;
        for (int i = 0; i < probe.Cells.Length / RidgeColumns.CellBytes; i++)
        {
            int period = probe.Cells[(i * RidgeColumns.CellBytes) + 1];
            if (period == RidgeColumns.None)
            {
                continue;
            }

            (double x, double y) = motion.Back(
                probe.X + (i % probe.Columns * probe.Step), probe.Y - (i / probe.Columns * probe.Step));
            Place place = Place.At(row, (x - row.X) / row.Step, (row.Y - y) / row.Step);
            if (place.Weight == 0)
            {
                continue;
            }

            int direction = (probe.Cells[i * RidgeColumns.CellBytes] * CellTurn) - (2 * motion.Turn);
            double length = Math.Sqrt((place.Cosine * place.Cosine) + (place.Sine * place.Sine));
            double along = (RelaxationTables.Cosine(direction) * place.Cosine)
                + (RelaxationTables.Sine(direction) * place.Sine);

            // Half of the angle that the doubled directions are apart.
            turns += Math.Sqrt(Math.Max(0, 1 - (length == 0 ? 0 : along / length)) / 2);
            periods += Math.Abs(period - (place.Period / place.Weight));
            cells++;
        }

        (int counts, int steps) = CountsOf(probe, row, mates);
        return new RidgeAgreement(cells, turns, periods, counts, steps);
    }

    private static (int Counts, int Steps) CountsOf(
        in RidgeColumns probe, in RidgeColumns row, ReadOnlySpan<MinutiaPair> mates)
    {
        Span<byte> rowOf = stackalloc byte[Limits.MinutiaeScored];
        rowOf.Fill(RidgeColumns.None);
        foreach (MinutiaPair mate in mates)
        {
            rowOf[mate.Probe] = mate.Row;
        }

        int counts = 0;
        int steps = 0;
        foreach (MinutiaPair mate in mates)
        {
            for (int k = 0; k < RidgeDetail.Neighbours; k++)
            {
                int count = CountOf(probe, mate.Probe, k);
                int neighbour = probe.Neighbours[(mate.Probe * RidgeDetail.Neighbours) + k];
                if (count == MinutiaRidges.NotCounted || neighbour >= rowOf.Length
                    || rowOf[neighbour] == RidgeColumns.None)
                {
                    continue;
                }

                int other = CountBetween(row, mate.Row, rowOf[neighbour]);
                if (other != MinutiaRidges.NotCounted)
                {
                    counts++;
                    steps += Math.Abs(count - other);
                }
            }
        }

        return (counts, steps);
    }

    /// <summary>The count between two cylinders, from whichever has the other for a neighbour.</summary>
    private static int CountBetween(in RidgeColumns print, int a, int b)
    {
        int at = print.Neighbours.Slice(a * RidgeDetail.Neighbours, RidgeDetail.Neighbours).IndexOf((byte)b);
        int back = print.Neighbours.Slice(b * RidgeDetail.Neighbours, RidgeDetail.Neighbours).IndexOf((byte)a);
        return at >= 0 ? CountOf(print, a, at) : back >= 0 ? CountOf(print, b, back) : MinutiaRidges.NotCounted;
    }

    private static int CountOf(in RidgeColumns print, int cylinder, int neighbour) => new MinutiaRidges(
        0, 0, BinaryPrimitives.ReadUInt16LittleEndian(print.Counts[(cylinder * sizeof(ushort))..])).CountTo(neighbour);

    /// <summary>What a print does at a place between its cells.</summary>
    /// <param name="Weight">Weights of the cells; 0 where the nearest cell is no print.</param>
    /// <param name="Cosine">Their doubled direction, weighted.</param>
    /// <param name="Sine">Their doubled direction, weighted.</param>
    /// <param name="Period">Their periods, weighted.</param>
    private readonly record struct Place(double Weight, double Cosine, double Sine, double Period)
    {
        /// <summary>Between the middles of four cells, as much of each as it is near.</summary>
        public static Place At(in RidgeColumns print, double column, double row)
        {
            Place place = default;
            if (!IsPrint(print, (int)Math.Floor(column + 0.5), (int)Math.Floor(row + 0.5)))
            {
                return place;
            }

            int left = (int)Math.Floor(column);
            int top = (int)Math.Floor(row);
            for (int y = top; y <= top + 1; y++)
            {
                for (int x = left; x <= left + 1; x++)
                {
                    if (IsPrint(print, x, y))
                    {
                        int at = ((y * print.Columns) + x) * RidgeColumns.CellBytes;
                        int direction = print.Cells[at] * CellTurn;
                        double weight = (1 - Math.Abs(column - x)) * (1 - Math.Abs(row - y));
                        place = new Place(
                            place.Weight + weight,
                            place.Cosine + (weight * RelaxationTables.Cosine(direction)),
                            place.Sine + (weight * RelaxationTables.Sine(direction)),
                            place.Period + (weight * print.Cells[at + 1]));
                    }
                }
            }

            return place;
        }

        private static bool IsPrint(in RidgeColumns print, int x, int y) =>
            x >= 0 && y >= 0 && x < print.Columns && y < print.Rows
            && print.Cells[(((y * print.Columns) + x) * RidgeColumns.CellBytes) + 1] != RidgeColumns.None;
    }
}
