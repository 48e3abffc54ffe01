using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Irises.Blocks;

/// <summary>
/// Whether the next block is sampled first or compared exactly, for one eye of a fast search. A block of which more
/// eyes pass the sample than <see cref="MostFinalists"/> is compared exactly, whole, and so are those after it: to
/// count so many one by one would take longer. Counts alone decide, so that a repeated search does the same
/// work again.
/// </summary>
internal sealed class SampleChoice
{
    /// <summary>
    /// Blocks that are compared exactly before one is sampled again: a gallery may change on the way, and a search's
    /// bound falls. A sample is a quarter of the exact work, so that looking again costs less than one in a hundred.
    /// </summary>
    public const int BlocksPerLook = 32;

    /// <summary>
    /// Rotations of a lane, in a block that is compared exactly, that take as long as to count one finalist. Measured
    /// on a Zen 4: 34 for a lone probe whose rows are near, 60 for each of eight probes, which share what a block
    /// costs; stated with some room for rows that are far. Narrower vectors make blocks dearer and finalists not: there
    /// counting would pay for more of them than are counted.
    /// </summary>
    private const int TurnsPerFinalist = 40;

    /// <summary>So many more for each probe that shares the block.</summary>
    private const int TurnsPerProbe = 3;

    private int untilLook;

    /// <summary>Whether the block in hand is sampled first.</summary>
    public bool Samples => untilLook == 0;

    /// <summary>
    /// Eyes of a block, whose exact comparison would take what remains of the exact work after the sample; 90 of the
    /// 512 for D2048 at 15 rotations and eight probes, 133 for a lone one.
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
