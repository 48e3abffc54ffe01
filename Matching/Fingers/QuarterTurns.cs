namespace MatchCluster.Matching.Fingers;

/// <summary>
/// A prepared print turned by quarters of a turn. Cylinders are bits in their minutia's own frame, so only directions
/// and places change, and by a quarter turn they change exactly. Two prints that are both turned score as they did, but
/// for ties, which fall by the order of the cylinders.
/// </summary>
internal static class QuarterTurns
{
    /// <summary>Quarters of a turn.</summary>
    public const int Count = 4;

    /// <summary>Degrees of one.</summary>
    public const int Degrees = 90;

    private const int Quarter = MccParameters.Turn / Count;

    /// <summary>The row of the print turned about its middle, in the order of its new angles.</summary>
    /// <param name="row">A finger row.</param>
    /// <param name="quarters">Quarters of a turn, counter-clockwise, 0..3.</param>
    public static byte[] Of(ReadOnlySpan<byte> row, int quarters)
    {
        FingerRow print = FingerRow.Over(row);
        Cylinder[] cylinders = new Cylinder[print.Cylinders];
        for (int i = 0; i < cylinders.Length; i++)
        {
            PlacedMinutia placed = Of(new PlacedMinutia(print.X[i], print.Y[i], print.Angles[i]), quarters);
            Cylinder turned = new() { Angle = placed.Angle, X = placed.X, Y = placed.Y };
            for (int section = 0; section < MccParameters.Sections; section++)
            {
                turned[section] = print.Bits[FingerRow.WordOf(i) + (section * FingerRow.Lanes)];
            }

            cylinders[i] = turned;
        }

        // Stable, as the order of equal angles decides ties.
        return FingerRow.Write(
            [.. cylinders.OrderBy(cylinder => cylinder.Angle)], print.Minutiae, FingerRow.ExtractorOf(row));
    }

    /// <summary>A minutia turned about the print's middle.</summary>
    /// <param name="minutia">The minutia.</param>
    /// <param name="quarters">Quarters of a turn, counter-clockwise.</param>
    public static PlacedMinutia Of(PlacedMinutia minutia, int quarters)
    {
        short angle = (short)(minutia.Angle + (quarters * Quarter));
        return (quarters & (Count - 1)) switch
        {
            0 => minutia,
            1 => new(Opposite(minutia.Y), minutia.X, angle),
            2 => new(Opposite(minutia.X), Opposite(minutia.Y), angle),
            _ => new(minutia.Y, Opposite(minutia.X), angle),
        };
    }

    /// <summary>No place that was measured is the least; a row from elsewhere may hold it.</summary>
    private static short Opposite(short place) => (short)Math.Min(-place, short.MaxValue);
}
