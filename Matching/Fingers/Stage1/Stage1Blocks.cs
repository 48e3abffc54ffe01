using System.Numerics;

namespace MatchCluster.Matching.Fingers.Stage1;

/// <summary>
/// The blocks of many fingers, in the order in which they came. One writer appends; readers beside it see every
/// finger that was appended before they asked for the <see cref="Count"/>.
/// </summary>
internal sealed class Stage1Blocks
{
    /// <summary>Memory comes in pieces of 1, 2, 4 ... blocks, up to this power of two: 64.</summary>
    private const int LargestPieceShift = 6;

    private const int LargestPiece = 1 << LargestPieceShift;

    private Stage1Piece[] pieces = [];
    private int count;

    /// <summary>Bytes that a finger takes; free memory after the fingers is not counted.</summary>
    public const int BytesPerFinger = Stage1Block.Bytes / Stage1Parameters.Rows;

    /// <summary>Number of fingers appended.</summary>
    public int Count => Volatile.Read(ref count);

    /// <summary>Blocks that hold at least one.</summary>
    public int Blocks => (Count + Stage1Parameters.Rows - 1) / Stage1Parameters.Rows;

    /// <summary>Bytes of memory taken.</summary>
    public long Bytes => Volatile.Read(ref pieces).Sum(piece => (long)piece.Blocks * Stage1Block.Bytes);

    /// <summary>Appends a finger; its index is the count before.</summary>
    /// <param name="row">The finger.</param>
    /// <param name="tag">What the caller calls it.</param>
    public void Append(in FingerRow row, ushort tag)
    {
        (int piece, int place) = PlaceOf(count / Stage1Parameters.Rows);
        if (piece == pieces.Length)
        {
            int blocks = 1 << Math.Min(piece, LargestPieceShift);
            Volatile.Write(ref pieces, [.. pieces, new Stage1Piece(blocks)]);
        }

        Stage1Block.Put(pieces[piece].Block(place), count % Stage1Parameters.Rows, row, tag);
        Volatile.Write(ref count, count + 1);
    }

    /// <summary>A block; templates beyond the count that the reader knows are not there yet.</summary>
    public ReadOnlySpan<ushort> Block(int index)
    {
        (int piece, int place) = PlaceOf(index);
        return Volatile.Read(ref pieces)[piece].Block(place);
    }

    private static (int Piece, int Place) PlaceOf(int block)
    {
        if (block < LargestPiece)
        {
            int piece = BitOperations.Log2((uint)block + 1);
            return (piece, block + 1 - (1 << piece));
        }

        int beyond = block - (LargestPiece - 1);
        return (LargestPieceShift + (beyond >> LargestPieceShift), beyond & (LargestPiece - 1));
    }
}
