namespace MatchCluster.Matching.Irises.Blocks;

/// <summary>
/// Which of the gallery's sampled mask planes a probe counts, rotation by rotation: those where its own bit is valid
/// too. The lists are made again when the bound changes, which changes how many are asked for.
/// </summary>
internal sealed class MaskLists
{
    /// <summary>
    /// Neighbouring rotations that share a count: a turn by one column moves the edge of a lid by as much.
    /// </summary>
    public const int TurnsPerCount = 3;

    private readonly int[][] lists;

    /// <param name="probe">The prepared eye.</param>
    /// <param name="spread">The bits in the order of <see cref="SampleBits"/>.</param>
    /// <param name="count">How many of them.</param>
    /// <param name="planeBytes">Bytes of a plane in the scratch.</param>
    public MaskLists(IrisProbe probe, ReadOnlySpan<int> spread, int count, int planeBytes)
    {
        Count = count;
        int turns = (2 * probe.Rotations) + 1;
        lists = new int[(turns + TurnsPerCount - 1) / TurnsPerCount][];
        for (int i = 0; i < lists.Length; i++)
        {
            int rotation = RotationOf(i, turns);
            List<int> planes = [];
            for (int plane = 0; plane < count; plane++)
            {
                if (probe.BitsAt(-rotation * probe.Shape.BitsPerColumn, spread.Slice(plane, 1)).Mask != 0)
                {
                    planes.Add((1 + plane) * planeBytes);
                }
            }

            TileLists.FillUp(planes, 0);

            lists[i] = [.. planes];
        }
    }

    /// <summary>Planes that are asked for.</summary>
    public int Count { get; }

    /// <summary>
    /// Byte offsets of the planes that count for a run of rotations, from a plane of zeros on that lies before them;
    /// it fills the list up to whole steps of the adders.
    /// </summary>
    public ReadOnlySpan<int> Of(int run) => lists[run];

    /// <summary>The rotation, in columns, at which a run of <see cref="TurnsPerCount"/> is counted.</summary>
    public static int RotationOf(int run, int turns) =>
        Math.Min((run * TurnsPerCount) + (TurnsPerCount / 2), turns - 1) - ((turns - 1) / 2);
}
