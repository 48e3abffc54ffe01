using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MatchCluster.Matching.Fingers.Stage1;

/// <summary>The quads of a block that hold every slot of one direction window.</summary>
/// <param name="First">The first of them.</param>
/// <param name="Count">How many follow one another; quad 0 comes after the last.</param>
internal readonly record struct QuadRange(byte First, byte Count)
{
    /// <summary>One range for each cylinder of the probe; returns their number.</summary>
    [MethodImpl(HotLoop.Root)]
    public static int Fill(ReadOnlySpan<ushort> block, Stage1Probe probe, Span<QuadRange> ranges)
    {
        ReadOnlySpan<byte> header = MemoryMarshal.AsBytes(block[..Stage1Block.HeaderLength]);
        ReadOnlySpan<byte> begins = header[..Stage1Block.Bounds];
        ReadOnlySpan<byte> ends = header.Slice(Stage1Block.Bounds, Stage1Block.Bounds);
        ReadOnlySpan<DirectionBins> bins = probe.Bins;
        for (int i = 0; i < bins.Length; i++)
        {
            // Beside the writer a reader may see bounds that are wider than it needs, never narrower ones.
            uint begin = begins[bins[i].From];
            int count = ends[bins[i].Past] + bins[i].Turn - (int)begin;
            ranges[i] = new QuadRange(
                (byte)(begin % Stage1Block.Quads), (byte)Math.Clamp(count, 0, Stage1Block.Quads));
        }

        return bins.Length;
    }
}
