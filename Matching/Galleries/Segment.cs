using System.Runtime.CompilerServices;
using MatchCluster.Matching.Fingers.Stage1;
using MatchCluster.Matching.Modalities;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Galleries;

/// <summary>What a slot says of its encounter; tested before anything is scored.</summary>
internal readonly record struct SlotColumns
{
    public required Identity Identity { get; init; }

    public required string EncounterId { get; init; }

    /// <summary>Id of the stored record that the rows were made from.</summary>
    public required Guid RecordId { get; init; }

    /// <summary>Whether the encounter came from another person.</summary>
    public required bool IsMoved { get; init; }

    /// <summary>Index of the encounter's gallery set in <see cref="GallerySets"/>.</summary>
    public required int GallerySet { get; init; }

    public required bool IsActive { get; init; }

    /// <summary>Year of birth; 0 where it is unknown.</summary>
    public required short YearOfBirth { get; init; }

    public required Sex Sex { get; init; }

    /// <summary>When the encounter expires (<see cref="Expiry"/>); 0 where it does not.</summary>
    public uint ExpiresAt { get; init; }

    /// <summary>Whether a legal hold keeps it.</summary>
    public bool IsHeld { get; init; }

    /// <summary>Whether it has expired: it is not active then, and is erased soon.</summary>
    public bool HasExpired { get; init; }
}

/// <summary>
/// A run of encounters (slots) and their rows, appended once and never changed. The writer appends beyond the count
/// that snapshots carry; readers never look past their own count, so neither waits for the other.
/// A change of an encounter is a tombstone here and a new slot elsewhere.
/// </summary>
internal sealed class Segment(int capacityBytes)
{
    /// <summary>Most slots of one segment: bounds the tombstone bitmap that a write copies (512 bytes).</summary>
    public const int MostSlots = 4096;

    /// <summary>Most rows of one segment: ten fingers and two eyes a slot.</summary>
    private const int MostRows = MostSlots * 12;

    /// <summary>What <see cref="OnlySet"/> is before the first slot.</summary>
    private const int NoSet = -2;

    private readonly RowArena arena = new(capacityBytes);
    private readonly SlotColumns[] slots = new SlotColumns[MostSlots];
    private readonly int[] firstRow = new int[MostSlots + 1];
    private readonly int[] rowOffset = new int[MostRows];
    private readonly BiometricPosition[] rowPosition = new BiometricPosition[MostRows];
    private readonly ulong[] several = new ulong[MostSlots / 64];
    private SegmentEyes? eyes;
    private long rowBytes;
    private int onlySet = NoSet;

    /// <summary>The fingers of every slot for the first stage, by position.</summary>
    public SegmentFingers Fingers { get; } = new();

    /// <summary>Slots appended so far (the writer's view).</summary>
    public int Slots { get; private set; }

    public int Rows => firstRow[Slots];

    public long Bytes => arena.Capacity;

    /// <summary>Mean bytes of a slot's rows.</summary>
    public long BytesPerSlot => Slots == 0 ? 0 : rowBytes / Slots;

    /// <summary>Bytes of what was appended, dead or not: rows, their columns and slots.</summary>
    public long UsedBytes => CostOf(new RowSize(Slots, Rows, Fingers.Count, rowBytes, eyes?.Bytes ?? 0));

    /// <summary>The irises once more, for the block engine; null while there is none.</summary>
    public SegmentEyes? Eyes => Volatile.Read(ref eyes);

    /// <summary>
    /// The gallery set of every slot where all are active and of one set; -1 where they are not. Once -1, always -1.
    /// </summary>
    public int OnlySet => Volatile.Read(ref onlySet);

    /// <summary>Bytes that some encounters take in any segment.</summary>
    public static long CostOf(RowSize size) => size.Bytes + size.LaneBytes
        + ((long)size.Encounters * (Unsafe.SizeOf<SlotColumns>() + sizeof(int)))
        + ((long)size.Rows * (sizeof(int) + Unsafe.SizeOf<BiometricPosition>()))
        + ((long)size.Fingers * Stage1Blocks.BytesPerFinger);

    public bool HasRoomFor(RowSize size) => size.Encounters <= MostSlots - Slots
        && size.Rows <= MostRows - Rows && size.Bytes <= arena.Capacity - arena.Used;

    /// <summary>Appends an encounter; the caller has asked <see cref="HasRoomFor"/>.</summary>
    public int Append(in SlotColumns columns, EncounterRows rows)
    {
        int row = Rows;
        for (int i = 0; i < rows.Count; i++)
        {
            Append(row++, rows.PositionOf(i), rows.Row(i));
        }

        return Close(columns, row);
    }

    /// <summary>Appends a copy of another segment's slot, with other columns.</summary>
    public int AppendCopy(in SlotColumns columns, SlotRef source)
    {
        int row = Rows;
        (int first, int end) = source.Segment.RowsOf(source.Slot);
        for (int i = first; i < end; i++)
        {
            Append(row++, source.Segment.PositionOf(i), source.Segment.Row(i)[..source.Segment.RowBytes(i)]);
        }

        return Close(columns, row);
    }

    /// <summary>Has searches find the irises that were appended; before the snapshot that shows them.</summary>
    public void Settle() => eyes?.Settle();

    public ref readonly SlotColumns Columns(int slot) => ref slots[slot];

    /// <summary>The rows of a slot: first, and one past the last.</summary>
    public (int First, int End) RowsOf(int slot) => (firstRow[slot], firstRow[slot + 1]);

    public BiometricPosition PositionOf(int row) => rowPosition[row];

    /// <summary>Memory from the start of a row on; the row's header knows its length.</summary>
    public ReadOnlySpan<byte> Row(int row) => arena.From(rowOffset[row]);

    /// <summary>What a slot's rows take.</summary>
    public RowSize SizeOf(int slot)
    {
        (int first, int end) = RowsOf(slot);
        int bytes = 0;
        int fingers = 0;
        for (int row = first; row < end; row++)
        {
            bytes += RowBytes(row);
            fingers += IsFinger(row) ? 1 : 0;
        }

        bytes += fingers > 0 ? RowArena.MostGap : 0;

        return new RowSize(1, end - first, fingers, bytes, LaneBytes: 0);
    }

    /// <summary>Bytes of a slot's irises once more, as lanes of blocks.</summary>
    public long LaneBytesOf(int slot)
    {
        (int first, int end) = RowsOf(slot);
        long bytes = 0;
        for (int row = first; row < end; row++)
        {
            bytes += RulesOf(row).LaneBytesOf(Row(row));
        }

        return bytes;
    }

    /// <summary>
    /// 64 slots' bits: set where the slot's identity has several encounters (<see cref="Identity.HasSeveral"/>).
    /// </summary>
    public ulong Several(int word) => Volatile.Read(ref several[word]);

    /// <summary>States that the slot's identity has several encounters; before the snapshot that shows two.</summary>
    public void MarkSeveral(int slot) =>
        Volatile.Write(ref several[slot >> 6], several[slot >> 6] | (1UL << (slot & 63)));

    public int RowBytes(int row) => EncounterRows.LengthOf(rowPosition[row], Row(row));

    /// <summary>What a row has in common with the samples that it is compared with.</summary>
    public ComparableKey KeyOf(int row) => RulesOf(row).KeyOf(rowPosition[row], Row(row));

    /// <summary>Whether a row is in <see cref="Fingers"/> too.</summary>
    public bool IsFinger(int row) => rowPosition[row].Modality switch
    {
        Modality.Finger => true,
        Modality.Iris => false,
    };

    /// <summary>Whether a row is in <see cref="Eyes"/> too.</summary>
    public bool IsIris(int row) => rowPosition[row].Modality switch
    {
        Modality.Finger => false,
        Modality.Iris => true,
    };

    private ModalityRules RulesOf(int row) => ModalityTable.Of(rowPosition[row].Modality);

    private void Append(int row, BiometricPosition position, ReadOnlySpan<byte> bytes)
    {
        rowPosition[row] = position;
        Span<byte> into = arena.Take(bytes.Length, RulesOf(row).RowAlignment, out rowOffset[row]);
        bytes.CopyTo(into);
        if (IsFinger(row))
        {
            Fingers.Append(position, into, Slots);
        }
    }

    private int Close(in SlotColumns columns, int endRow)
    {
        slots[Slots] = columns;
        firstRow[Slots + 1] = endRow;
        for (int row = firstRow[Slots]; row < endRow; row++)
        {
            if (IsIris(row))
            {
                if (eyes is null)
                {
                    Volatile.Write(ref eyes, new SegmentEyes(this));
                }

                eyes.Add(Slots, row, rowPosition[row]);
            }
        }

        bool alike = columns.IsActive && (onlySet == NoSet || onlySet == columns.GallerySet);
        Volatile.Write(ref onlySet, alike ? columns.GallerySet : -1);
        rowBytes += SizeOf(Slots).Bytes;
        return Slots++;
    }
}
