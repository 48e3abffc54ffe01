namespace MatchCluster.Matching.Fingers.Stage1;

/// <summary>A probe's cylinders for the first stage. Immutable; shared by every thread that searches.</summary>
internal sealed class Stage1Probe
{
    private readonly Stage1Cylinder[] cylinders;
    private readonly DirectionBins[] bins;

    /// <param name="row">The probe's own row.</param>
    public Stage1Probe(ReadOnlySpan<byte> row)
    {
        Span<Stage1Cylinder> chosen = stackalloc Stage1Cylinder[Stage1Parameters.ProbeCylinders];
        int count = Stage1Cylinder.Choose(FingerRow.Over(row), chosen, Stage1Parameters.MostProbeBits);
        cylinders = chosen[..count].ToArray();
        bins = [.. cylinders.Select(cylinder => DirectionBins.Of(cylinder.Angle))];
    }

    public ReadOnlySpan<Stage1Cylinder> Cylinders => cylinders;

    /// <summary>Direction bins of each cylinder's window.</summary>
    public ReadOnlySpan<DirectionBins> Bins => bins;
}
