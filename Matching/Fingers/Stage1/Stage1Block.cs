using System.Runtime.InteropServices;

namespace MatchCluster.Matching.Fingers.Stage1;

/// <summary>
/// Eight fingers side by side: 16-bit lane = (template, one of four neighbouring slots), slots follow the
/// directions. A vector then meets many templates with one probe cylinder, and minimum and best-of are vertical.
/// </summary>
/// <remarks>
/// <code>
/// 0     u8 begin[65], u8 end[65]  per direction bin: quad of the first slot at or after it of any template, and one
///                                 past the quad of the last slot before it; counted on from a turn before
/// 144   u16 tag[8]                the caller's name of each template
/// 160   u16 cylinders[8]          cylinders of each template's row
/// 192   10 quads of 17 lines of 32 u16: lane = template x 4 + slot;
///                                 15 lines of bits, one of weights, one of angles
/// </code>
/// 11,072 bytes: 1,384 a finger. Unused slots hold all ones, whose distance from any probe cylinder is beyond
/// <see cref="Stage1Parameters.SlotLimit"/>.
/// </remarks>
internal static class Stage1Block
{
    /// <summary>Lanes of a line.</summary>
    public const int Line = Stage1Parameters.Rows * Stage1Parameters.QuadSlots;

    public const int WeightLine = Stage1Parameters.Words;
    public const int AngleLine = WeightLine + 1;
    public const int QuadLength = (AngleLine + 1) * Line;
    public const int Quads = Stage1Parameters.RowCylinders / Stage1Parameters.QuadSlots;

    /// <summary>16-bit words before the first quad.</summary>
    public const int HeaderLength = 96;

    /// <summary>16-bit words of a block, a multiple of 64 bytes.</summary>
    public const int Length = HeaderLength + (Quads * QuadLength);

    public const int Bytes = Length * sizeof(ushort);

    /// <summary>Entries of each of the two tables of direction bounds.</summary>
    public const int Bounds = Stage1Parameters.DirectionBins + 1;

    /// <summary>Where bins begin that hold nothing: after every end.</summary>
    private const int NoQuad = 4 * Quads;

    private const int TagsAt = 72;
    private const int CylindersAt = TagsAt + Stage1Parameters.Rows;

    /// <summary>Makes a block of no templates.</summary>
    public static void Clear(Span<ushort> block)
    {
        block[HeaderLength..Length].Fill(ushort.MaxValue);
        block[..HeaderLength].Clear();
        Begins(block).Fill(NoQuad);
    }

    /// <summary>The caller's names of the templates.</summary>
    public static ReadOnlySpan<ushort> Tags(ReadOnlySpan<ushort> block) =>
        block.Slice(TagsAt, Stage1Parameters.Rows);

    /// <summary>Cylinders of the rows that the templates were made of.</summary>
    public static ReadOnlySpan<ushort> Cylinders(ReadOnlySpan<ushort> block) =>
        block.Slice(CylindersAt, Stage1Parameters.Rows);

    /// <summary>
    /// Writes the next template. Readers of the templates before it may be at work: bounds only widen, and what they
    /// see of the new lanes they do not use.
    /// </summary>
    public static void Put(Span<ushort> block, int template, in FingerRow row, ushort tag)
    {
        block[TagsAt + template] = tag;
        block[CylindersAt + template] = (ushort)row.Cylinders;
        Span<Stage1Cylinder> cylinders = stackalloc Stage1Cylinder[Stage1Parameters.RowCylinders];
        cylinders = cylinders[..Stage1Cylinder.Choose(row, cylinders, Stage1Parameters.Bits)];
        Span<int> places = stackalloc int[Stage1Parameters.RowCylinders];
        places = places[..cylinders.Length];
        SlotPlaces.Fill(cylinders, places);
        for (int i = 0; i < cylinders.Length; i++)
        {
            Span<ushort> lanes = block[LaneOf(template, (places[i] + SlotPlaces.Turn) % SlotPlaces.Turn)..];
            for (int word = 0; word < Stage1Parameters.Words; word++)
            {
                lanes[word * Line] = cylinders[i][word];
            }

            lanes[WeightLine * Line] = cylinders[i].Weight;
            lanes[AngleLine * Line] = (ushort)cylinders[i].Angle;
        }

        Widen(block, cylinders, places);
    }

    /// <summary>Has the bounds of every direction bin hold a template's slots.</summary>
    private static void Widen(Span<ushort> block, ReadOnlySpan<Stage1Cylinder> cylinders, ReadOnlySpan<int> places)
    {
        Span<byte> begins = Begins(block);
        Span<byte> ends = Ends(block);
        int before = 0;
        for (int bin = 0; bin < Bounds && places.Length > 0; bin++)
        {
            while (before < places.Length && BinOf(cylinders[before].Angle) < bin)
            {
                before++;
            }

            // Before the first slot lies the last one of the turn before; after the last lies the first of
            // the next.
            int next = before < places.Length ? places[before] : places[0] + SlotPlaces.Turn;
            int last = before > 0 ? places[before - 1] : places[^1] - SlotPlaces.Turn;
            begins[bin] = (byte)Math.Min(begins[bin], QuadOf(next));
            ends[bin] = (byte)Math.Max(ends[bin], QuadOf(last) + 1);
        }
    }

    /// <summary>The quad of a place, counted from a turn before the first.</summary>
    private static int QuadOf(int place) => (place + SlotPlaces.Turn) / Stage1Parameters.QuadSlots;

    /// <summary>Index of a template's slot in the first line of its quad.</summary>
    public static int LaneOf(int template, int slot) =>
        HeaderLength + (slot / Stage1Parameters.QuadSlots * QuadLength)
        + (template * Stage1Parameters.QuadSlots) + (slot % Stage1Parameters.QuadSlots);

    /// <summary>Direction bin of an angle: 0 begins half a turn away from angle 0, as rows are ordered.</summary>
    public static int BinOf(short angle) => (angle - short.MinValue) >> Stage1Parameters.BinShift;

    public static Span<byte> Begins(Span<ushort> block) => MemoryMarshal.AsBytes(block)[..Bounds];

    public static Span<byte> Ends(Span<ushort> block) => MemoryMarshal.AsBytes(block).Slice(Bounds, Bounds);
}
