using System.Buffers;
using System.Runtime.InteropServices;
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
/// One writer, any number of readers. Eyes are taken as their rows come and settled together before a snapshot shows
/// them: many neighbouring lanes are written at once. A reader looks at what is pending first and at the block after;
/// the writer fills the block first and ends the pending after: a slot that a reader's snapshot holds is always seen in
/// one of the two.
/// </remarks>
internal sealed class EyeLanes(IrisShape shape, BiometricPosition position, bool sharedMask)
{
    /// <summary>
    /// Eyes a block is made for: visiting so many takes a tenth of a millisecond, a block of D2048 takes 200 KB.
    /// </summary>
    public const int LeastEyes = 64;

    /// <summary>Eyes of one word of lanes that are written faster side by side than one by one.</summary>
    private const int FewEyes = 6;

    private const int WordsPerBlock = IrisBlock.Lanes / 64;

    private readonly IrisBlock?[] blocks = new IrisBlock?[Segment.MostSlots / IrisBlock.Lanes];
    private readonly ulong[] present = new ulong[Segment.MostSlots / 64];
    private readonly ulong[] pending = new ulong[Segment.MostSlots / 64];
    private readonly List<(int Slot, int Row)> waiting = [];
    private readonly List<(int Slot, int Row)> added = [];

    public IrisShape Shape { get; } = shape;

    public BiometricPosition Position { get; } = position;

    public bool SharedMask { get; } = sharedMask;

    /// <summary>Bytes of each row of this kind.</summary>
    public int RowBytes { get; } = IrisRow.BytesOf(shape, sharedMask);

    /// <summary>Words of the slots of a block whose eyes wait for it.</summary>
    public ulong Pending(int block, int word) => Volatile.Read(ref pending[(block * WordsPerBlock) + word]);

    /// <summary>Null while too few eyes are there. Ask for <see cref="Pending"/> before.</summary>
    public IrisBlock? Block(int block) => Volatile.Read(ref blocks[block]);

    /// <summary>The block after this one, if any.</summary>
    public IrisBlock? Behind(int block) => block + 1 < blocks.Length ? Block(block + 1) : null;

    /// <summary>Words of the slots of a block that have an eye in it.</summary>
    public ulong Present(int block, int word) => Volatile.Read(ref present[(block * WordsPerBlock) + word]);

    /// <summary>Whether a row of the position is of this kind.</summary>
    public bool Holds(ReadOnlySpan<byte> row) =>
        IrisRow.ShapeOf(row) == Shape && IrisRow.HasSharedMask(row) == SharedMask;

    /// <summary>Takes the eye of a slot, until <see cref="Settle"/>.</summary>
    /// <param name="slot">The slot, no earlier one than the last.</param>
    /// <param name="row">Its row in the segment.</param>
    /// <returns>False, and nothing is done, where the slot has an eye of this kind already.</returns>
    public bool TryAdd(int slot, int row)
    {
        if (added.Count > 0 && added[^1].Slot == slot)
        {
            return false;
        }

        added.Add((slot, row));
        return true;
    }

    /// <summary>Has searches find what was taken; before the snapshot that shows it.</summary>
    public void Settle(Segment segment)
    {
        Span<(int Slot, int Row)> left = CollectionsMarshal.AsSpan(added);
        while (left.Length > 0)
        {
            int block = left[0].Slot / IrisBlock.Lanes;
            int end = 1;
            while (end < left.Length && left[end].Slot / IrisBlock.Lanes == block)
            {
                end++;
            }

            SettleBlock(segment, block, left[..end]);
            left = left[end..];
        }

        added.Clear();
    }

    private void SettleBlock(Segment segment, int at, ReadOnlySpan<(int Slot, int Row)> eyes)
    {
        if (blocks[at] is { } block)
        {
            Write(block, segment, eyes);
            return;
        }

        if (waiting.Count > 0 && waiting[0].Slot / IrisBlock.Lanes != at)
        {
            // What an earlier block left stays pending: too few ever came.
            waiting.Clear();
        }

        waiting.AddRange(eyes);
        foreach ((int slot, _) in eyes)
        {
            Volatile.Write(ref pending[slot >> 6], pending[slot >> 6] | (1UL << (slot & 63)));
        }

        if (waiting.Count < LeastEyes)
        {
            return;
        }

        block = new IrisBlock(Shape, SharedMask);
        Write(block, segment, CollectionsMarshal.AsSpan(waiting));
        waiting.Clear();
        Volatile.Write(ref blocks[at], block);
        for (int word = at * WordsPerBlock; word < (at + 1) * WordsPerBlock; word++)
        {
            Volatile.Write(ref pending[word], 0);
        }
    }

    private void Write(IrisBlock block, Segment segment, ReadOnlySpan<(int Slot, int Row)> eyes)
    {
        ulong[] scratch = ArrayPool<ulong>.Shared.Rent(IrisRow.ScratchWords(Shape) + (2 * Shape.Words * 64));
        while (eyes.Length > 0)
        {
            int word = eyes[0].Slot >> 6;
            int end = 1;
            while (end < eyes.Length && eyes[end].Slot >> 6 == word)
            {
                end++;
            }

            Write(block, segment, eyes[..end], scratch);
            Volatile.Write(ref present[word], present[word] | Bits(eyes[..end]));
            eyes = eyes[end..];
        }

        ArrayPool<ulong>.Shared.Return(scratch);
    }

    /// <summary>Writes eyes of one word of slots, side by side where they are many.</summary>
    private void Write(
        IrisBlock block, Segment segment, ReadOnlySpan<(int Slot, int Row)> eyes, Span<ulong> scratch)
    {
        Span<ulong> unpacked = scratch[..IrisRow.ScratchWords(Shape)];
        Span<ulong> codes = scratch.Slice(unpacked.Length, Shape.Words * 64);
        Span<ulong> masks = scratch.Slice(unpacked.Length + codes.Length, codes.Length);
        bool together = eyes.Length >= FewEyes;
        if (together)
        {
            codes.Clear();
            masks.Clear();
        }

        foreach ((int slot, int row) in eyes)
        {
            ReadOnlySpan<ulong> words = IrisRow.Unpack(segment.Row(row), Shape, unpacked);
            ReadOnlySpan<ulong> mask = words[(words.Length / 2)..];
            if (!together)
            {
                block.Write(slot % IrisBlock.Lanes, words, mask);
                continue;
            }

            for (int i = 0; i < Shape.Words; i++)
            {
                codes[(i * 64) + (slot & 63)] = words[i];
                masks[(i * 64) + (slot & 63)] = mask[i];
            }
        }

        if (together)
        {
            block.WriteWord(eyes[0].Slot % IrisBlock.Lanes / 64, codes, masks);
        }
    }

    private static ulong Bits(ReadOnlySpan<(int Slot, int Row)> eyes)
    {
        ulong bits = 0;
        foreach ((int slot, _) in eyes)
        {
            bits |= 1UL << (slot & 63);
        }

        return bits;
    }
}
