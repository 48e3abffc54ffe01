namespace MatchCluster.Matching.Fingers.Stage1;

/// <summary>A probe's cylinders for the first stage. Immutable; shared by every thread that searches.</summary>
internal sealed class Stage1Probe
{
    /// <summary>Words of a line: 64 bytes.</summary>
    public const int LineLength = 16;

    /// <summary>Where a line has its window.</summary>
    public const int AngleAt = Stage1Parameters.Words;

    /// <summary>Cylinders whose nearest slots are weighed and ordered at once.</summary>
    public const int Together = Stage1Parameters.QuadSlots;

    private readonly Stage1Cylinder[] cylinders;
    private readonly DirectionBins[] bins;
    private readonly uint[] doubled;
    private readonly ulong[] weights;

    /// <param name="row">The probe's own row.</param>
    public Stage1Probe(ReadOnlySpan<byte> row)
    {
        Span<Stage1Cylinder> chosen = stackalloc Stage1Cylinder[Stage1Parameters.ProbeCylinders];
        int count = Stage1Cylinder.Choose(FingerRow.Over(row), chosen, Stage1Parameters.MostProbeBits);
        cylinders = chosen[..count].ToArray();
        bins = [.. cylinders.Select(cylinder => DirectionBins.Of(cylinder.Angle))];
        doubled = new uint[count * LineLength];
        weights = new ulong[(count + Together - 1) / Together];
        Array.Fill(weights, ulong.MaxValue);
        for (int i = 0; i < count; i++)
        {
            Span<uint> line = doubled.AsSpan(i * LineLength, LineLength);
            for (int word = 0; word < Stage1Parameters.Words; word++)
            {
                line[word] = Twice(cylinders[i][word]);
            }

            line[AngleAt] = Twice((ushort)(cylinders[i].Angle + Stage1Parameters.DirectionWindow));
            ulong beside = (ulong)(ushort)~cylinders[i].Weight << (16 * (i % Together));
            weights[i / Together] ^= beside;
        }
    }

    /// <summary>The cylinders, as many as there are lines.</summary>
    public ReadOnlySpan<Stage1Cylinder> Cylinders => cylinders;

    /// <summary>Direction bins of each cylinder's window.</summary>
    public ReadOnlySpan<DirectionBins> Bins => bins;

    /// <summary>
    /// <see cref="LineLength"/> words a cylinder, each twice side by side: its bits, and at <see cref="AngleAt"/> the
    /// end of its window.
    /// </summary>
    public ReadOnlySpan<uint> Lines => doubled;

    /// <summary>Weights of <see cref="Together"/> cylinders side by side, those of no cylinder the greatest.</summary>
    public ReadOnlySpan<ulong> Weights => weights;

    private static uint Twice(ushort word) => word * 0x00010001u;
}
