using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Irises.Blocks;

/// <summary>
/// A probe as the block engine reads it: for each of its columns the pre-added planes its valid bits pick, as byte
/// offsets from where that column begins in <see cref="BlockScratch"/>. A rotation is another beginning: nothing is
/// shifted or copied.
/// </summary>
/// <remarks>
/// The bits of a column are taken in threes. Three valid bits pick one of eight pairs of planes (how many of the three
/// differ, as two binary digits); three that are not all valid, and the one or two left over at the end of a column,
/// pick single planes. With a step the columns of one residue lie together, so that every step-th column of the
/// gallery meets consecutive entries whatever the rotation.
/// </remarks>
internal sealed class PlaneLists
{
    private readonly Run[] runs;

    /// <param name="probe">The prepared eye.</param>
    /// <param name="step">1 for every column, else a divisor of the columns.</param>
    /// <param name="planeBytes">Bytes of a plane in the scratch.</param>
    public PlaneLists(IrisProbe probe, int step, int planeBytes)
    {
        Shape = probe.Shape;
        Rotations = probe.Rotations;
        ValidBits = probe.ValidBits;
        Step = step;
        runs = new Run[step];
        BlockLayout layout = new(probe.Shape);
        for (int residue = 0; residue < step; residue++)
        {
            runs[residue] = Run.Of(probe, layout, residue, step, planeBytes);
        }
    }

    public IrisShape Shape { get; }

    /// <summary>Columns to either side.</summary>
    public int Rotations { get; }

    public int ValidBits { get; }

    public int Step { get; }

    /// <summary>
    /// The entries that meet the sampled gallery columns from <paramref name="first"/> on, <paramref name="columns"/>
    /// of them, when column c of the probe lies on c + <paramref name="rotation"/>.
    /// </summary>
    /// <param name="shift">Columns of the scratch that the entries' offsets count too many.</param>
    public Section At(int rotation, int first, int columns, out int shift)
    {
        int column = ((first * Step) - rotation) % Shape.Columns;
        column += column < 0 ? Shape.Columns : 0;
        Run run = runs[column % Step];
        shift = column / Step;
        return new Section(
            run.Pairs.AsSpan(run.PairStart[shift]..run.PairStart[shift + columns]),
            run.Singles.AsSpan(run.SingleStart[shift]..run.SingleStart[shift + columns]));
    }

    /// <summary>Marks the threes of gallery columns whose single planes this probe reads at some rotation.</summary>
    public void MarkSingles(Span<bool> wanted, int groups)
    {
        for (int residue = 0; residue < Step; residue++)
        {
            foreach ((int column, int group) in runs[residue].Partial)
            {
                for (int rotation = -Rotations; rotation <= Rotations; rotation++)
                {
                    int at = (column + rotation + Shape.Columns) % Shape.Columns;
                    wanted[(at * groups) + group] = true;
                }
            }
        }
    }

    /// <summary>Entries of consecutive columns.</summary>
    internal readonly ref struct Section(ReadOnlySpan<int> pairs, ReadOnlySpan<int> singles)
    {
        public ReadOnlySpan<int> Pairs { get; } = pairs;

        public ReadOnlySpan<int> Singles { get; } = singles;
    }

    /// <summary>The columns of one residue, twice over, so that a turn past the end needs no second part.</summary>
    private sealed record Run(
        int[] Pairs, int[] PairStart, int[] Singles, int[] SingleStart, List<(int Column, int Group)> Partial)
    {
        public static Run Of(IrisProbe probe, BlockLayout layout, int residue, int step, int planeBytes)
        {
            IrisShape shape = probe.Shape;
            int sampled = shape.Columns / step;
            List<int> pairs = [];
            List<int> singles = [];
            int[] pairStart = new int[(2 * sampled) + 1];
            int[] singleStart = new int[(2 * sampled) + 1];
            List<(int, int)> partial = [];
            for (int i = 0; i < 2 * sampled; i++)
            {
                int column = residue + (i % sampled * step);
                int plane = i * layout.PlanesPerColumn;
                for (int group = 0; group < layout.Groups; group++)
                {
                    int bit = (column * shape.BitsPerColumn) + (group * BlockLayout.GroupBits);
                    int size = layout.BitsOf(group);
                    (int code, int mask) = Bits(probe, bit, size);
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

                    if (mask != 0 && i < sampled)
                    {
                        partial.Add((column, group));
                    }
                }

                pairStart[i + 1] = pairs.Count;
                singleStart[i + 1] = singles.Count;
            }

            return new Run([.. pairs], pairStart, [.. singles], singleStart, partial);
        }

        private static (int Code, int Mask) Bits(IrisProbe probe, int first, int count)
        {
            int code = 0;
            int mask = 0;
            for (int k = 0; k < count; k++)
            {
                int bit = first + k;
                code |= (int)(probe.Code[bit / 64] >> (bit % 64) & 1) << k;
                mask |= (int)(probe.Mask[bit / 64] >> (bit % 64) & 1) << k;
            }

            return (code, mask);
        }
    }
}
