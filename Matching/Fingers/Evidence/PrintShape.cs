namespace MatchCluster.Matching.Fingers.Evidence;

/// <summary>
/// A print as the third stage reads it: the places of its minutiae as doubles, their directions, its hull.
/// Arrays hold 64 entries; lanes beyond the minutiae lie infinitely far from everything.
/// </summary>
internal sealed class PrintShape
{
    public double[] X { get; } = new double[Limits.MinutiaeScored];

    public double[] Y { get; } = new double[Limits.MinutiaeScored];

    public short[] Angles { get; } = new short[Limits.MinutiaeScored];

    public HullEdges Hull { get; } = new();

    public int Count { get; private set; }

    public static PrintShape Of(ReadOnlySpan<byte> row)
    {
        PrintShape shape = new();
        shape.Take(FingerRow.Over(row));
        return shape;
    }

    /// <summary>Takes the minutiae of a row.</summary>
    public void Take(in FingerRow row)
    {
        Count = row.Cylinders;
        for (int i = 0; i < Count; i++)
        {
            X[i] = row.X[i];
            Y[i] = row.Y[i];
        }

        X.AsSpan(Count).Fill(double.PositiveInfinity);
        Y.AsSpan(Count).Fill(double.PositiveInfinity);
        row.Angles[..Count].CopyTo(Angles);
        Hull.Take(row);
    }
}
