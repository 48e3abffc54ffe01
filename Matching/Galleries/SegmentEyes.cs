using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Irises.Blocks;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Galleries;

/// <summary>Every eye of a segment beside its rows, for the block engine. See <see cref="EyeLanes"/>.</summary>
internal sealed class SegmentEyes(Segment segment)
{
    private readonly ulong[] repeated = new ulong[Segment.MostSlots / 64];
    private EyeLanes[] kinds = [];
    private bool isSettled = true;

    /// <summary>The kinds so far; grows by replacement.</summary>
    public EyeLanes[] Kinds => Volatile.Read(ref kinds);

    /// <summary>Bytes of the eyes in blocks, as if every block were full.</summary>
    public long Bytes { get; private set; }

    /// <summary>
    /// Words of the slots that must be visited whatever the blocks say: eyes that wait for a block, and a second eye
    /// of a kind, which has no lane.
    /// </summary>
    public ulong Uncovered(int block, int word)
    {
        ulong slots = Volatile.Read(ref repeated[(block * (IrisBlock.Lanes / 64)) + word]);
        foreach (EyeLanes kind in Kinds)
        {
            slots |= kind.Pending(block, word);
        }

        return slots;
    }

    /// <summary>Takes a row of a slot that is being appended, until <see cref="Settle"/>.</summary>
    public void Add(int slot, int row, BiometricPosition position)
    {
        ReadOnlySpan<byte> memory = segment.Row(row);
        IrisShape shape = IrisRow.ShapeOf(memory);
        bool shared = IrisRow.HasSharedMask(memory);
        EyeLanes? kind = Array.Find(
            kinds, k => k.Shape == shape && k.Position == position && k.SharedMask == shared);
        if (kind is null)
        {
            kind = new EyeLanes(shape, position, shared);
            Volatile.Write(ref kinds, [.. kinds, kind]);
        }

        if (!kind.TryAdd(slot, row))
        {
            Volatile.Write(ref repeated[slot >> 6], repeated[slot >> 6] | (1UL << (slot & 63)));
        }

        Bytes += IrisBlock.BytesPerEye(shape, shared);
        isSettled = false;
    }

    /// <summary>Has searches find what was taken; before the snapshot that shows it.</summary>
    public void Settle()
    {
        if (!isSettled)
        {
            foreach (EyeLanes kind in kinds)
            {
                kind.Settle(segment);
            }

            isSettled = true;
        }
    }

    /// <summary>Bytes that an iris row will take in blocks.</summary>
    public static int BytesOf(IrisCode code) =>
        IrisBlock.BytesPerEye(code.Shape, IrisBlock.HasSharedMask(code.Shape, code.Mask.Span));
}
