using System.Runtime.CompilerServices;

namespace MatchCluster.Matching.Galleries;

/// <summary>
/// Append-only memory for rows, aligned as each asks for. It lies on the pinned object heap: the collector never moves
/// it and frees it when the last snapshot that reads it is gone, so no reader can meet freed memory.
/// </summary>
internal sealed class RowArena
{
    /// <summary>The widest alignment there is: a cache line.</summary>
    public const int MostAlignment = 64;

    /// <summary>Bytes of the room a row may cost beyond its own.</summary>
    public const int MostGap = MostAlignment - sizeof(ulong);

    private readonly byte[] memory;
    private readonly int start;

    public RowArena(int capacityBytes)
    {
        memory = GC.AllocateUninitializedArray<byte>(capacityBytes + MostAlignment, pinned: true);
        start = Misalignment(memory);
        Capacity = capacityBytes;
    }

    public int Capacity { get; }

    public int Used { get; private set; }

    /// <summary>Takes the next <paramref name="bytes"/>; the caller has checked the room.</summary>
    /// <param name="bytes">A multiple of the alignment.</param>
    /// <param name="alignment">8, 16, 32 or 64.</param>
    /// <param name="offset">Where it begins.</param>
    public Span<byte> Take(int bytes, int alignment, out int offset)
    {
        offset = (Used + alignment - 1) & -alignment;
        if (bytes % alignment != 0 || bytes > Capacity - offset)
        {
            throw new InvalidOperationException(
                $"row of {bytes} bytes: wanted a multiple of {alignment}, at most {Capacity - offset}");
        }

        Used = offset + bytes;
        return memory.AsSpan(start + offset, bytes);
    }

    /// <summary>The rest of the arena from a row on; the row knows its own length.</summary>
    public ReadOnlySpan<byte> From(int offset) => memory.AsSpan(start + offset, Capacity - offset);

    private static unsafe int Misalignment(byte[] pinned)
    {
        nuint address = (nuint)Unsafe.AsPointer(ref pinned[0]);
        return (int)((MostAlignment - (address % MostAlignment)) % MostAlignment);
    }
}
