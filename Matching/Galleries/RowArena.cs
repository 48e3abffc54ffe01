using System.Runtime.CompilerServices;

namespace MatchCluster.Matching.Galleries;

/// <summary>
/// Append-only memory for rows, aligned to 64 bytes. It lies on the pinned object heap: the collector never moves it
/// and frees it when the last snapshot that reads it is gone, so no reader can meet freed memory.
/// </summary>
internal sealed class RowArena
{
    public const int Alignment = 64;

    private readonly byte[] memory;
    private readonly int start;

    public RowArena(int capacityBytes)
    {
        memory = GC.AllocateUninitializedArray<byte>(capacityBytes + Alignment, pinned: true);
        start = Misalignment(memory);
        Capacity = capacityBytes;
    }

    public int Capacity { get; }

    public int Used { get; private set; }

    /// <summary>Takes the next <paramref name="bytes"/> (a multiple of 64); the caller has checked the room.</summary>
    public Span<byte> Take(int bytes, out int offset)
    {
        if (bytes % Alignment != 0 || bytes > Capacity - Used)
        {
            throw new InvalidOperationException(
                $"row of {bytes} bytes: wanted a multiple of {Alignment}, at most {Capacity - Used}");
        }

        offset = Used;
        Used += bytes;
        return memory.AsSpan(start + offset, bytes);
    }

    /// <summary>The rest of the arena from a row on; the row knows its own length.</summary>
    public ReadOnlySpan<byte> From(int offset) => memory.AsSpan(start + offset, Capacity - offset);

    private static unsafe int Misalignment(byte[] pinned)
    {
        nuint address = (nuint)Unsafe.AsPointer(ref pinned[0]);
        return (int)((Alignment - (address % Alignment)) % Alignment);
    }
}
