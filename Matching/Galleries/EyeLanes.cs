using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Irises.Blocks;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Galleries;

/// <summary>
/// The eyes of one kind (shape, place, kind of mask) in a segment, as blocks: lane l of block b is the eye of slot 512
/// b + l. A block is made when enough of its slots have such an eye; until then they are pending, and a search visits
/// them.
/// </summary>
/// <remarks>
/// One writer, any number of readers. A reader looks at what is pending first and at the block after; the writer fills
/// the block first and ends the pending after: a slot that a reader's snapshot holds is always seen in one of the two.
/// </remarks>
internal sealed class EyeLanes(IrisShape shape, BiometricPosition position, bool sharedMask)
{
    /// <summary>
    /// Eyes a block is made for: visiting so many takes a tenth of a millisecond, a block of D2048 takes 200 KB.
    /// </summary>
    public const int LeastEyes = 64;

    private const int WordsPerBlock = IrisBlock.Lanes / 64;

    private readonly IrisBlock?[] blocks = new IrisBlock?[Segment.MostSlots / IrisBlock.Lanes];
    private readonly ulong[] present = new ulong[Segment.MostSlots / 64];
    private readonly ulong[] pending = new ulong[Segment.MostSlots / 64];
    private readonly List<(int Slot, int Row)> waiting = [];
    private readonly ulong[] scratch = GC.AllocateArray<ulong>(IrisRow.ScratchWords(shape), pinned: true);

    public IrisShape Shape { get; } = shape;

    public BiometricPosition Position { get; } = position;

    public bool SharedMask { get; } = sharedMask;

    /// <summary>Words of the slots of a block whose eyes wait for it.</summary>
    public ulong Pending(int block, int word) => Volatile.Read(ref pending[(block * WordsPerBlock) + word]);

    /// <summary>Null while too few eyes are there. Ask for <see cref="Pending"/> before.</summary>
    public IrisBlock? Block(int block) => Volatile.Read(ref blocks[block]);

    /// <summary>Words of the slots of a block that have an eye in it.</summary>
    public ulong Present(int block, int word) => Volatile.Read(ref present[(block * WordsPerBlock) + word]);

    public bool Has(int slot) => ((present[slot >> 6] | pending[slot >> 6]) >> (slot & 63) & 1) != 0;

    /// <summary>Whether a row of the position is of this kind.</summary>
    public bool Holds(ReadOnlySpan<byte> row) =>
        IrisRow.ShapeOf(row) == Shape && IrisRow.HasSharedMask(row) == SharedMask;

    /// <summary>Takes the eye of a slot that has none of this kind yet.</summary>
    /// <param name="segment">Whose slot it is.</param>
    /// <param name="slot">The slot.</param>
    /// <param name="row">Its row in the segment.</param>
    public void Add(Segment segment, int slot, int row)
    {
        int at = slot / IrisBlock.Lanes;
        if (blocks[at] is { } block)
        {
            Write(block, segment, slot, row);
            return;
        }

        if (waiting.Count > 0 && waiting[0].Slot / IrisBlock.Lanes != at)
        {
            // What an earlier block left stays pending: too few ever came.
            waiting.Clear();
        }

        waiting.Add((slot, row));
        Volatile.Write(ref pending[slot >> 6], pending[slot >> 6] | (1UL << (slot & 63)));
        if (waiting.Count < LeastEyes)
        {
            return;
        }

        block = new IrisBlock(Shape, SharedMask);
        foreach ((int waitingSlot, int waitingRow) in waiting)
        {
            Write(block, segment, waitingSlot, waitingRow);
        }

        waiting.Clear();
        Volatile.Write(ref blocks[at], block);
        for (int word = at * WordsPerBlock; word < (at + 1) * WordsPerBlock; word++)
        {
            Volatile.Write(ref pending[word], 0);
        }
    }

    private void Write(IrisBlock block, Segment segment, int slot, int row)
    {
        ReadOnlySpan<ulong> words = IrisRow.Unpack(segment.Row(row), Shape, scratch);
        block.Write(slot % IrisBlock.Lanes, words, words[(words.Length / 2)..]);
        Volatile.Write(ref present[slot >> 6], present[slot >> 6] | (1UL << (slot & 63)));
    }
}
