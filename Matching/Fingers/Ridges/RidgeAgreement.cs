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
        double inverse = 1.0 / row.Step;
        int turn = 2 * motion.Turn;
        for (int i = 0, y = 0; y < probe.Rows; y++)
        {
            for (int x = 0; x < probe.Columns; x++, i += RidgeColumns.CellBytes)
            {
                int period = probe.Cells[i + 1];
                if (period == RidgeColumns.None)
                {
                    continue;
                }

                (double rowX, double rowY) = motion.Back(probe.X + (x * probe.Step), probe.Y - (y * probe.Step));
                if (!Between(
                    row, (rowX - row.X) * inverse, (row.Y - rowY) * inverse,
                    out double cosine, out double sine, out double rowPeriod))
                {
                    continue;
                }

                int direction = (probe.Cells[i] * CellTurn) - turn;
                double length = Math.Sqrt((cosine * cosine) + (sine * sine));
                double along = (RelaxationTables.Cosine(direction) * cosine)
                    + (RelaxationTables.Sine(direction) * sine);

                // Half of the angle that the doubled directions are apart.
                turns += Math.Sqrt(Math.Max(0, 1 - (length == 0 ? 0 : along / length)) / 2);
                periods += Math.Abs(period - rowPeriod);
                cells++;
            }
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

    /// <summary>
    /// What a print does between the middles of four cells, as much of each as it is near; false where the nearest of
    /// them is no print.
    /// </summary>
    /// <param name="print">The print's; not empty.</param>
    /// <param name="column">Columns from the middle of the first cell.</param>
    /// <param name="row">Rows from it.</param>
    /// <param name="cosine">Weighted cosine of the doubled direction.</param>
    /// <param name="sine">Weighted sine of the doubled direction.</param>
    /// <param name="period">The mean step of the periods.</param>
    private static bool Between(
        in RidgeColumns print, double column, double row, out double cosine, out double sine, out double period)
    {
        cosine = 0;
        sine = 0;
        period = 0;
        if (!(column > -1 && row > -1 && column < print.Columns && row < print.Rows)
            || PeriodAt(print, (int)Math.Floor(column + 0.5), (int)Math.Floor(row + 0.5)) == RidgeColumns.None)
        {
            return false;
        }

        int left = (int)Math.Floor(column);
        int top = (int)Math.Floor(row);
        double weights = 0;
        for (int y = top; y <= top + 1; y++)
        {
            for (int x = left; x <= left + 1; x++)
            {
                int at = PeriodAt(print, x, y);
                if (at != RidgeColumns.None)
                {
                    int direction = print.Cells[((y * print.Columns) + x) * RidgeColumns.CellBytes] * CellTurn;
                    double weight = (1 - Math.Abs(column - x)) * (1 - Math.Abs(row - y));
                    weights += weight;
                    cosine += weight * RelaxationTables.Cosine(direction);
                    sine += weight * RelaxationTables.Sine(direction);
                    period += weight * at;
                }
            }
        }

        period /= weights;
        return true;
    }

    private static int PeriodAt(in RidgeColumns print, int x, int y) =>
        (uint)x < (uint)print.Columns && (uint)y < (uint)print.Rows
            ? print.Cells[(((y * print.Columns) + x) * RidgeColumns.CellBytes) + 1] : RidgeColumns.None;
}
