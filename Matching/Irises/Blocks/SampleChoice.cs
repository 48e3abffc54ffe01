using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Irises.Blocks;

/// <summary>
/// Decides, for one eye of a fast search, whether the next block is sampled first or compared exactly. Where
/// more eyes of a block pass the sample than <see cref="MostFinalists"/>, the whole block is compared
/// exactly, and so are the blocks after it, because counting so many eyes one by one would take longer.
/// Counts alone decide, so that a repeated search does the same work again.
/// </summary>
internal sealed class SampleChoice
{
    /// <summary>
    /// Blocks that are compared exactly before one is sampled again: a gallery may change on the way, and a search's
    /// bound falls. A sample is a quarter of the exact work, so that looking again costs less than one in a hundred.
    /// </summary>
    public const int BlocksPerLook = 32;

    /// <summary>
    /// Rotations of a lane, in a block that is compared exactly, that take as long as counting one finalist.
    /// Measured on a Zen 4: 34 for a single probe whose rows are near, 60 for each of eight probes, which
    /// share the cost of a block. The value leaves some room for rows that are far. Narrower vectors make
    /// blocks dearer but not finalists: there, counting would be worth it for more finalists than are
    /// counted.
    /// </summary>
    private const int TurnsPerFinalist = 40;

    /// <summary>
    /// Rotations to add to <see cref="TurnsPerFinalist"/> for each probe that shares the block.
    /// </summary>
    private const int TurnsPerProbe = 3;

    private int untilLook;

    /// <summary>Whether the block in hand is sampled first.</summary>
    public bool Samples => untilLook == 0;

    /// <summary>
    /// The number of eyes of a block whose single comparison takes as long as the work that the sample saved:
    /// 90 of the 512 for D2048 at 15 rotations and eight probes, 133 for a single probe.
    /// </summary>
    /// <param name="shape">Shape of the codes.</param>
    /// <param name="turns">Rotations of the probe.</param>
    /// <param name="probes">Probes that are shown the block together.</param>
    public static int MostFinalists(IrisShape shape, int turns, int probes)
    {
        int step = SampleBound.StepOf(shape);
        double saved = turns * (1 - (1.0 / step)) / (TurnsPerFinalist + (TurnsPerProbe * probes));
        return (int)(IrisBlock.Lanes * Math.Min(saved, 1));
    }

    /// <summary>
    /// States how many eyes of a block passed the sample, and how many may be counted; false where they are too many.
    /// </summary>
    public bool MayCount(int finalists, int most)
    {
        untilLook = finalists > most ? BlocksPerLook : 0;
        return untilLook == 0;
    }

    /// <summary>States that a block was not sampled.</summary>
    public void Skip() => untilLook--;
}
