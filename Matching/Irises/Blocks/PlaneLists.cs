using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Irises.Blocks;

/// <summary>
/// A probe as the block engine reads it: the pre-added planes that its valid bits pick, unit by unit of the gallery, as
/// byte offsets from where a unit begins in <see cref="BlockScratch"/>. A rotation is another beginning: nothing is
/// shifted or copied.
/// </summary>
/// <remarks>
/// The bits of a unit (<see cref="BlockLayout"/>; a column at step 1) are taken in threes. Three valid bits pick one of
/// eight pairs of planes (how many of the three differ, as two binary digits); three that are not all valid, and the
/// one or two left over at the end of a unit, pick single planes. With a step the gallery's bits are fixed and the
/// probe's move under them: rotations that leave the same rest pick the same bits, some units further on.
/// </remarks>
internal sealed class PlaneLists
{
    private readonly Run[] runs;
    private readonly int units;
    private readonly int planeBytes;
    private TileLists? tiles;

    /// <param name="probe">The prepared eye.</param>
    /// <param name="step">See <see cref="BlockLayout"/>.</param>
    /// <param name="planeBytes">Bytes of a plane in the scratch.</param>
    public PlaneLists(IrisProbe probe, int step, int planeBytes)
    {
        Shape = probe.Shape;
        Rotations = probe.Rotations;
        ValidBits = probe.ValidBits;
        Step = step;
        this.planeBytes = planeBytes;
        runs = new Run[step];
        BlockLayout layout = new(probe.Shape, step);
        units = layout.Units;
        for (int rest = 0; rest < step; rest++)
        {
            runs[rest] = Run.Of(probe, layout, rest, planeBytes);
        }
    }

    public IrisShape Shape { get; }

    /// <summary>Columns to either side.</summary>
    public int Rotations { get; }

    public int ValidBits { get; }

    public int Step { get; }

    /// <summary>Cut for the exact search; made once, on first use.</summary>
    public TileLists Tiles => tiles ?? LazyInitializer.EnsureInitialized(
        ref tiles, () => new TileLists(this, new BlockLayout(Shape, Step), planeBytes));

    /// <summary>
    /// The entries that meet the gallery's units from <paramref name="first"/> on, <paramref name="count"/> of them,
    /// when column c of the probe lies on c + <paramref name="rotation"/>.
    /// </summary>
    /// <param name="shift">Units of the scratch that the entries' offsets count too many.</param>
    public Section At(int rotation, int first, int count, out int shift)
    {
        int rest = RestOf(rotation, out int turned);
        shift = turned + first;
        return From(rest, shift, count);
    }

    /// <summary>Entries of consecutive units of the probe, from <paramref name="unit"/> on.</summary>
    public Section From(int rest, int unit, int count)
    {
        Run run = runs[rest];
        return new Section(
            run.Pairs.AsSpan(run.PairStart[unit]..run.PairStart[unit + count]),
            run.Singles.AsSpan(run.SingleStart[unit]..run.SingleStart[unit + count]));
    }

    /// <summary>Marks the threes of gallery units whose single planes this probe reads at some rotation.</summary>
    public void MarkSingles(Span<bool> wanted, int groups)
    {
        for (int rotation = -Rotations; rotation <= Rotations; rotation++)
        {
            foreach ((int unit, int group) in runs[RestOf(rotation, out int shift)].Partial)
            {
                wanted[((unit - shift + units) % units * groups) + group] = true;
            }
        }
    }

    /// <summary>What a rotation leaves by the step, and the probe's unit that lies on the gallery's first.</summary>
    public int RestOf(int rotation, out int shift)
    {
        int rest = ((rotation % Step) + Step) % Step;
        shift = ((rest - rotation) / Step % units + units) % units;
        return rest;
    }

    /// <summary>Entries of consecutive units.</summary>
    internal readonly ref struct Section(ReadOnlySpan<int> pairs, ReadOnlySpan<int> singles)
    {
        public ReadOnlySpan<int> Pairs { get; } = pairs;

        public ReadOnlySpan<int> Singles { get; } = singles;
    }

    /// <summary>The units at a rotation of 0 up to the step, twice over: a turn has no second part.</summary>
    private sealed record Run(
        int[] Pairs, int[] PairStart, int[] Singles, int[] SingleStart, List<(int Unit, int Group)> Partial)
    {
        public static Run Of(IrisProbe probe, BlockLayout layout, int rotation, int planeBytes)
        {
            List<int> pairs = [];
            List<int> singles = [];
            int[] pairStart = new int[(2 * layout.Units) + 1];
            int[] singleStart = new int[(2 * layout.Units) + 1];
            List<(int, int)> partial = [];
            for (int i = 0; i < 2 * layout.Units; i++)
            {
                int plane = i * layout.PlanesPerUnit;
                int back = (i % layout.Units * layout.UnitBits) - (rotation * probe.Shape.BitsPerColumn);
                for (int group = 0; group < layout.Groups; group++)
                {
                    int size = layout.BitsOf(group);
                    (int code, int mask) = Bits(
                        probe, back, layout.Offsets.Slice(group * BlockLayout.GroupBits, size));
                    if (mask == 0b111)
                    {
                        pairs.Add((plane + BlockLayout.Pair(group, code)) * planeBytes);
                        continue;
                    }

                    for (int k = 0; k < size; k++)
                    {
                        if ((mask >> k & 1) != 0)
                        {
                            int single = layout.Single((group * BlockLayout.GroupBits) + k, code >> k & 1);
                            singles.Add((plane + single) * planeBytes);
                        }
                    }

                    if (mask != 0 && i < layout.Units)
                    {
                        partial.Add((i, group));
                    }
                }

                pairStart[i + 1] = pairs.Count;
                singleStart[i + 1] = singles.Count;
            }

            return new Run([.. pairs], pairStart, [.. singles], singleStart, partial);
        }

        private static (int Code, int Mask) Bits(IrisProbe probe, int from, ReadOnlySpan<int> offsets)
        {
            int code = 0;
            int mask = 0;
            for (int k = 0; k < offsets.Length; k++)
            {
                int bit = (from + offsets[k] + probe.Shape.Bits) % probe.Shape.Bits;
                code |= (int)(probe.Code[bit / 64] >> (bit % 64) & 1) << k;
                mask |= (int)(probe.Mask[bit / 64] >> (bit % 64) & 1) << k;
            }

            return (code, mask);
        }
    }
}
