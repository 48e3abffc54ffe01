namespace MatchCluster.Matching.Fingers.Stage1;

/// <summary>The direction bins that the window of a probe cylinder touches.</summary>
/// <param name="From">The first.</param>
/// <param name="Past">One past the last.</param>
/// <param name="Turn">Quads from a turn to the next where the window crosses the seam of the turns, otherwise 0.
/// </param>
internal readonly record struct DirectionBins(byte From, byte Past, byte Turn)
{
    /// <summary>The bins of a cylinder.</summary>
    public static DirectionBins Of(short angle)
    {
        int from = Stage1Block.BinOf((short)(angle - Stage1Parameters.DirectionWindow));
        int last = Stage1Block.BinOf((short)(angle + Stage1Parameters.DirectionWindow));
        return new DirectionBins((byte)from, (byte)(last + 1), (byte)(last < from ? Stage1Block.Quads : 0));
    }
}
