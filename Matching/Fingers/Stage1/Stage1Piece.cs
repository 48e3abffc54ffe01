using System.Runtime.CompilerServices;

namespace MatchCluster.Matching.Fingers.Stage1;

/// <summary>Pinned memory of some blocks, aligned to a cache line; each begins without templates.</summary>
internal sealed class Stage1Piece
{
    private const int Alignment = 64;
    private readonly ushort[] memory;
    private readonly int start;

    public Stage1Piece(int blocks)
    {
        Blocks = blocks;
        memory = GC.AllocateUninitializedArray<ushort>(
            (blocks * Stage1Block.Length) + (Alignment / sizeof(ushort)), pinned: true);
        start = Misalignment(memory) / sizeof(ushort);
        for (int i = 0; i < blocks; i++)
        {
            Stage1Block.Clear(Block(i));
        }
    }

    public int Blocks { get; }

    public Span<ushort> Block(int index) => memory.AsSpan(start + (index * Stage1Block.Length), Stage1Block.Length);

    private static unsafe int Misalignment(ushort[] pinned)
    {
        nuint address = (nuint)Unsafe.AsPointer(ref pinned[0]);
        return (int)((Alignment - (address % Alignment)) % Alignment);
    }
}
