namespace MatchCluster.Matching.Fingers.Stage1;

/// <summary>
/// The blocks of many fingers, in the order in which they came. One writer appends; readers beside it see every
/// finger that was appended before they asked for the <see cref="Count"/>.
/// </summary>
internal sealed class Stage1Blocks
{
    /// <summary>Blocks of the first piece of memory, doubled with each further one up to the largest.</summary>
    private const int SmallestPiece = 1;

    private const int LargestPiece = 64;

    private Piece[] pieces = [];
    private int room;
    private int count;

    /// <summary>Fingers appended.</summary>
    public int Count => Volatile.Read(ref count);

    /// <summary>Blocks that hold at least one.</summary>
    public int Blocks => (Count + Stage1Parameters.Rows - 1) / Stage1Parameters.Rows;

    /// <summary>Bytes of memory taken.</summary>
    public long Bytes => (long)Volatile.Read(ref room) * Stage1Block.Bytes;

    /// <summary>Appends a finger; its index is the count before.</summary>
    public void Append(in FingerRow row)
    {
        if (count == room * Stage1Parameters.Rows)
        {
            int blocks = pieces.Length == 0
                ? SmallestPiece
                : Math.Min(2 * pieces[^1].Blocks, LargestPiece);
            Volatile.Write(ref pieces, [.. pieces, new Piece(room, blocks)]);
            Volatile.Write(ref room, room + blocks);
        }

        Piece last = pieces[^1];
        Stage1Block.Put(last.Block((count / Stage1Parameters.Rows) - last.First), count % Stage1Parameters.Rows, row);
        Volatile.Write(ref count, count + 1);
    }

    /// <summary>
    /// Shows every block to a visitor, in order. The caller says how many fingers it knows of: those of the last
    /// block beyond them are being written.
    /// </summary>
    public void Visit<TVisitor>(ref TVisitor visitor)
        where TVisitor : IStage1Visitor
    {
        int blocks = Blocks;
        foreach (Piece piece in Volatile.Read(ref pieces))
        {
            for (int i = 0; i < piece.Blocks && piece.First + i < blocks; i++)
            {
                visitor.Visit(piece.Block(i), (piece.First + i) * Stage1Parameters.Rows);
            }
        }
    }

    /// <summary>Pinned memory of some blocks, aligned to a cache line.</summary>
    private sealed class Piece
    {
        private const int Alignment = 64;
        private readonly ushort[] memory;
        private readonly int start;

        public Piece(int first, int blocks)
        {
            First = first;
            Blocks = blocks;
            memory = GC.AllocateUninitializedArray<ushort>(
                (blocks * Stage1Block.Length) + (Alignment / sizeof(ushort)), pinned: true);
            start = Misalignment(memory) / sizeof(ushort);
            for (int i = 0; i < blocks; i++)
            {
                Stage1Block.Clear(Block(i));
            }
        }

        public int First { get; }

        public int Blocks { get; }

        public Span<ushort> Block(int index) =>
            memory.AsSpan(start + (index * Stage1Block.Length), Stage1Block.Length);

        private static unsafe int Misalignment(ushort[] pinned)
        {
            nuint address = (nuint)System.Runtime.CompilerServices.Unsafe.AsPointer(ref pinned[0]);
            return (int)((Alignment - (address % Alignment)) % Alignment);
        }
    }
}

/// <summary>Sees the blocks of a gallery one by one.</summary>
internal interface IStage1Visitor
{
    /// <param name="block">The block.</param>
    /// <param name="first">Index of its first finger.</param>
    void Visit(ReadOnlySpan<ushort> block, int first);
}
