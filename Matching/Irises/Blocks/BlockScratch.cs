using System.Runtime.CompilerServices;

namespace MatchCluster.Matching.Irises.Blocks;

/// <summary>
/// A thread's memory for block passes, grown to what was asked of it so far: half a megabyte for D2048, which the
/// second-level cache keeps from one block to the next.
/// </summary>
internal sealed unsafe class BlockScratch
{
    private ulong[] memory = [];

    /// <summary>Bytes aligned to a plane; their content is whatever the last pass left.</summary>
    public byte* Take(int bytes)
    {
        int words = (bytes + IrisBlock.PlaneBytes) / sizeof(ulong);
        if (memory.Length < words)
        {
            memory = GC.AllocateArray<ulong>(words, pinned: true);
        }

        nuint address = (nuint)Unsafe.AsPointer(ref memory[0]);
        return (byte*)((address + IrisBlock.PlaneBytes - 1) & ~(nuint)(IrisBlock.PlaneBytes - 1));
    }
}
