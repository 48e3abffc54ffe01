namespace MatchCluster.Matching.Fingers.Stage1;

/// <summary>A probe's cylinders for the first stage. Immutable; shared by every thread that searches.</summary>
internal sealed class Stage1Probe
{
    private readonly Stage1Cylinder[] cylinders;
    private readonly (byte From, byte To)[] bins;

    /// <param name="row">The probe's own row.</param>
    public Stage1Probe(ReadOnlySpan<byte> row)
    {
        Span<Stage1Cylinder> chosen = stackalloc Stage1Cylinder[Stage1Parameters.ProbeCylinders];
        int count = Stage1Cylinder.Choose(FingerRow.Over(row), chosen, Stage1Parameters.MostProbeBits);
        cylinders = chosen[..count].ToArray();
        bins =
        [
            .. cylinders.Select(cylinder => (
                (byte)Stage1Block.BinOf((short)(cylinder.Angle - Stage1Parameters.DirectionWindow)),
                (byte)Stage1Block.BinOf((short)(cylinder.Angle + Stage1Parameters.DirectionWindow)))),
        ];
    }

    public ReadOnlySpan<Stage1Cylinder> Cylinders => cylinders;

    /// <summary>Direction bins of each cylinder's window: the first, and the last, which may lie before it.</summary>
    public ReadOnlySpan<(byte From, byte To)> Bins => bins;
}
