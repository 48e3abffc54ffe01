namespace MatchCluster.Matching.Irises.Blocks;

/// <summary>Probes that are compared with each block in one pass.</summary>
internal sealed class BlockProbes
{
    private readonly TileLists?[] probes;

    /// <param name="probes">
    /// 1..<see cref="BlockPass.MostProbes"/>, all of one shape, step, width and number of rotations; null for one that
    /// nothing will be asked for, of which there must be another.
    /// </param>
    /// <exception cref="ArgumentException">They are not.</exception>
    public BlockProbes(IReadOnlyList<TileLists?> probes)
    {
        this.probes = [.. probes];
        if (probes.Count > BlockPass.MostProbes || probes.FirstOrDefault(probe => probe is not null) is not { } first)
        {
            throw new ArgumentException($"found {probes.Count} probes, wanted 1 to {BlockPass.MostProbes}");
        }

        Layout = first.Layout;
        Rotations = first.Rotations;

        bool[] read = new bool[Layout.Tiles * Layout.Planes];
        foreach (TileLists probe in this.probes.OfType<TileLists>())
        {
            if (!IsLike(probe, first))
            {
                throw new ArgumentException(
                    $"found a probe of {Kind(probe)} beside one of {Kind(first)}, wanted them alike");
            }

            for (int i = 0; i < read.Length; i++)
            {
                read[i] |= probe.Reads[i];
            }
        }

        Plan = new ExpansionPlan(Layout, read);
    }

    public ReadOnlySpan<TileLists?> Probes => probes;

    public BlockLayout Layout { get; }

    /// <summary>Columns to either side.</summary>
    public int Rotations { get; }

    /// <summary>The planes that any of them reads.</summary>
    public ExpansionPlan Plan { get; }

    private static bool IsLike(TileLists a, TileLists b) =>
        (a.Layout.Shape, a.Layout.Step, a.Layout.PlaneBytes, a.Rotations)
        == (b.Layout.Shape, b.Layout.Step, b.Layout.PlaneBytes, b.Rotations);

    private static string Kind(TileLists probe) =>
        $"shape {probe.Layout.Shape}, step {probe.Layout.Step}, {probe.Layout.PlaneBytes} bytes a plane, "
        + $"{probe.Rotations} rotations";
}
