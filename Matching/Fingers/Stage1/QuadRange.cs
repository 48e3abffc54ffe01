using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MatchCluster.Matching.Fingers.Stage1;

/// <summary>The quads of a block that hold every slot of one direction window.</summary>
/// <param name="First">The first of them.</param>
/// <param name="Count">How many follow one another.</param>
/// <param name="Wrap">The quad whose place the first one takes: directions are a circle.</param>
internal readonly record struct QuadRange(byte First, byte Count, byte Wrap)
{
    private const int Slots = Stage1Parameters.QuadSlots;

    /// <summary>One range for each cylinder of the probe; returns their number.</summary>
    public static int Fill(ReadOnlySpan<ushort> block, Stage1Probe probe, Span<QuadRange> ranges)
    {
        ReadOnlySpan<byte> header = MemoryMarshal.AsBytes(block[..Stage1Block.HeaderLength]);
        ReadOnlySpan<byte> begins = header[..Stage1Block.Bounds];
        ReadOnlySpan<byte> ends = header.Slice(Stage1Block.Bounds, Stage1Block.Bounds);
        int quads = header[2 * Stage1Block.Bounds];
        ReadOnlySpan<(byte From, byte To)> bins = probe.Bins;
        for (int i = 0; i < bins.Length; i++)
        {
            ranges[i] = Of(begins[bins[i].From], ends[bins[i].To + 1], bins[i].From <= bins[i].To, quads);
        }

        return bins.Length;
    }

    /// <param name="begin">First slot of the window's first bin.</param>
    /// <param name="end">One past the last slot of its last bin.</param>
    /// <param name="ascending">Whether the last bin lies behind the first.</param>
    /// <param name="quads">Quads in use.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static QuadRange Of(int begin, int end, bool ascending, int quads)
    {
        // A reader beside the writer may see bounds that are ahead of the quads.
        int first = Math.Min(begin / Slots, quads);
        int past = Math.Min((end + Slots - 1) / Slots, quads);
        int count = ascending ? Math.Max(past - first, 0) : Math.Min(quads - first + past, quads);
        return new QuadRange((byte)(first == quads ? 0 : first), (byte)count, (byte)quads);
    }
}
