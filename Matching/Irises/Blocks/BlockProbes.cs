using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Irises.Blocks;

/// <summary>Probes that cross blocks together, and what they read of a block's single planes.</summary>
internal sealed class BlockProbes
{
    private readonly PlaneLists[] probes;
    private readonly bool[] singles;

    /// <param name="probes">
    /// 1..<see cref="BlockPass.MostProbes"/>, all of one shape, one step and one number of rotations.
    /// </param>
    /// <exception cref="ArgumentException">They are not.</exception>
    public BlockProbes(IReadOnlyList<PlaneLists> probes)
    {
        this.probes = [.. probes];
        if (probes.Count is 0 or > BlockPass.MostProbes)
        {
            throw new ArgumentException($"found {probes.Count} probes, wanted 1 to {BlockPass.MostProbes}");
        }

        Layout = new BlockLayout(Shape, Step);
        singles = new bool[Layout.Units * Layout.Groups];
        foreach (PlaneLists probe in this.probes)
        {
            if (probe.Shape != Shape || probe.Step != Step || probe.Rotations != Rotations)
            {
                throw new ArgumentException(
                    $"found a probe of shape {probe.Shape}, step {probe.Step}, {probe.Rotations} rotations beside one "
                    + $"of {Shape}, {Step}, {Rotations}; wanted them alike");
            }

            probe.MarkSingles(singles, Layout.Groups);
        }
    }

    public ReadOnlySpan<PlaneLists> Probes => probes;

    public IrisShape Shape => probes[0].Shape;

    public int Step => probes[0].Step;

    /// <summary>Columns to either side.</summary>
    public int Rotations => probes[0].Rotations;

    public BlockLayout Layout { get; }

    /// <summary>By unit and three of it, whether any probe reads its single planes at any rotation.</summary>
    public ReadOnlySpan<bool> Singles => singles;
}
