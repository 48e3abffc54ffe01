namespace MatchCluster.Matching.Irises.Blocks;

/// <summary>Probes that cross blocks together.</summary>
internal sealed class BlockProbes
{
    private readonly TileLists[] probes;

    /// <param name="probes">
    /// 1..<see cref="BlockPass.MostProbes"/>, all of one shape, step, width and number of rotations.
    /// </param>
    /// <exception cref="ArgumentException">They are not.</exception>
    public BlockProbes(IReadOnlyList<TileLists> probes)
    {
        this.probes = [.. probes];
        if (probes.Count is 0 or > BlockPass.MostProbes)
        {
            throw new ArgumentException($"found {probes.Count} probes, wanted 1 to {BlockPass.MostProbes}");
        }

        bool[] read = new bool[Layout.Tiles * Layout.Planes];
        foreach (TileLists probe in this.probes)
        {
            if (!IsLike(probe, probes[0]))
            {
                throw new ArgumentException(
                    $"found a probe of {Kind(probe)} beside one of {Kind(probes[0])}, wanted them alike");
            }

            for (int i = 0; i < read.Length; i++)
            {
                read[i] |= probe.Reads[i];
            }
        }

        Plan = new ExpansionPlan(Layout, read);
    }

    public ReadOnlySpan<TileLists> Probes => probes;

    public BlockLayout Layout => probes[0].Layout;

    /// <summary>Columns to either side.</summary>
    public int Rotations => probes[0].Rotations;

    /// <summary>The planes that any of them reads.</summary>
    public ExpansionPlan Plan { get; }

    private static bool IsLike(TileLists a, TileLists b) =>
        (a.Layout.Shape, a.Layout.Step, a.Layout.PlaneBytes, a.Rotations)
        == (b.Layout.Shape, b.Layout.Step, b.Layout.PlaneBytes, b.Rotations);

    private static string Kind(TileLists probe) =>
        $"shape {probe.Layout.Shape}, step {probe.Layout.Step}, {probe.Layout.PlaneBytes} bytes a plane, "
        + $"{probe.Rotations} rotations";
}
