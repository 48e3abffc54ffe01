using System.Runtime.Intrinsics;

namespace MatchCluster.Matching.Fingers.Stage1;

/// <summary>The driver of the first stage: one block against one probe with the widest vectors there are.</summary>
internal static class Stage1Scan
{
    /// <summary>Distances of a probe from the eight templates of a block,
    /// 0..<see cref="Stage1Parameters.Farthest"/>; those of lanes without a template are near the greatest.</summary>
    public static void Distances(ReadOnlySpan<ushort> block, Stage1Probe probe, Span<ushort> distances) =>
        DistancesWith(Stage1Levels.Widest, block, probe, distances);

    /// <summary>Distances computed at a chosen level, which the CPU must support.</summary>
    internal static void DistancesWith(
        Stage1Level level, ReadOnlySpan<ushort> block, Stage1Probe probe, Span<ushort> distances)
    {
        switch (level)
        {
            case Stage1Level.Vector512:
                Stage1Kernel<SlotLanes512, Vector512<ushort>>.Distances(block, probe, distances);
                break;
            case Stage1Level.Vector256:
                Stage1Kernel<SlotLanes256, Vector256<ushort>>.Distances(block, probe, distances);
                break;
            case Stage1Level.Vector128:
                Stage1Kernel<SlotLanes128, Vector128<ushort>>.Distances(block, probe, distances);
                break;
            default:
                Stage1Kernel<SlotLanes64, ulong>.Distances(block, probe, distances);
                break;
        }
    }
}
