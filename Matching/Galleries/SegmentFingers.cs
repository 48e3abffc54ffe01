using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Fingers.Stage1;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Galleries;

/// <summary>
/// The fingers of a segment as the first stage reads them: one run of blocks for each position, so that like meets
/// like, each finger tagged with its slot. Written with the rows, so that the very next search meets a new finger at
/// full speed.
/// </summary>
internal sealed class SegmentFingers
{
    /// <summary>The unknown position and ten fingers.</summary>
    public const int Positions = 11;

    private readonly Stage1Blocks?[] blocks = new Stage1Blocks?[Positions];

    /// <summary>Fingers of every position.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of memory taken.</summary>
    public long Bytes => blocks.Sum(of => of?.Bytes ?? 0);

    /// <summary>The fingers of a position; null where there are none.</summary>
    /// <param name="position">Standard code, 0 unknown.</param>
    public Stage1Blocks? Of(int position) => Volatile.Read(ref blocks[position]);

    /// <summary>Appends a finger of a slot.</summary>
    public void Append(BiometricPosition position, ReadOnlySpan<byte> row, int slot)
    {
        Stage1Blocks? of = blocks[position.Finger];
        if (of is null)
        {
            of = new Stage1Blocks();
            Volatile.Write(ref blocks[position.Finger], of);
        }

        of.Append(FingerRow.Over(row), (ushort)slot);
        Count++;
    }
}
