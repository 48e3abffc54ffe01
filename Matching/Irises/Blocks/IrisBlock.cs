using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Irises.Blocks;

/// <summary>
/// 512 eyes of one shape, turned on their side: one plane of 64 bytes for each bit of the code and one for each bit
/// of the mask, the eye of lane l in bit l of every plane, in the order of <see cref="PlaneOrder"/>. Where both phases
/// of a cell share their mask bit one plane serves the two. For D2048 with shared masks 384 bytes an eye, else 512.
/// </summary>
/// <remarks>
/// One writer fills lanes in any order, each once, while readers run: a word it changes keeps the bits of every other
/// lane, and readers are told of a lane (<see cref="Galleries.GallerySnapshot"/>) only after it is written. A lane
/// that was not written has an empty mask.
/// </remarks>
internal sealed unsafe class IrisBlock
{
    public const int Lanes = 512;

    /// <summary>Bytes of a plane.</summary>
    public const int PlaneBytes = Lanes / 8;

    private const int Words = Lanes / 64;

    private readonly ulong[] memory;
    private readonly ushort[] validBits = new ushort[Lanes];
    private readonly int maskPhases;
    private readonly int maskShift;

    public IrisBlock(IrisShape shape, bool sharedMask)
    {
        Shape = shape;
        maskPhases = sharedMask ? shape.Phases : 1;
        maskShift = maskPhases - 1;
        int planes = shape.Bits + (shape.Bits / maskPhases);
        memory = GC.AllocateArray<ulong>((planes * Words) + (Words - 1), pinned: true);
        nuint address = (nuint)Unsafe.AsPointer(ref memory[0]);
        Planes = (byte*)((address + PlaneBytes - 1) & ~(nuint)(PlaneBytes - 1));
    }

    public IrisShape Shape { get; }

    /// <summary>Bytes of the planes and the lanes' counts of valid bits.</summary>
    public int Bytes => (memory.Length * sizeof(ulong)) + (Lanes * sizeof(ushort));

    /// <summary>Set bits of each lane's mask; 0 where no eye was written.</summary>
    public ReadOnlySpan<ushort> ValidBits => validBits;

    /// <summary>Bytes of one eye in a full block.</summary>
    public static int BytesPerEye(IrisShape shape, bool sharedMask) =>
        ((shape.Bits + (shape.Bits / (sharedMask ? shape.Phases : 1))) / 8) + sizeof(ushort);

    /// <summary>Whether the phases of every cell of this mask are valid together.</summary>
    public static bool HasSharedMask(IrisShape shape, ReadOnlySpan<ulong> mask)
    {
        const ulong FirstOfTwo = 0x5555555555555555;
        if (shape.Phases == 2)
        {
            foreach (ulong word in mask)
            {
                if (((word ^ (word >> 1)) & FirstOfTwo) != 0)
                {
                    return false;
                }
            }
        }

        return true;
    }

    /// <summary>The lanes whose eye has at least <paramref name="least"/> valid bits.</summary>
    /// <param name="least">How many, at least 1.</param>
    /// <param name="lanes">8 words.</param>
    public void LanesWith(int least, Span<ulong> lanes)
    {
        Vector128<ushort> wanted = Vector128.Create((ushort)least);
        ref ushort first = ref validBits[0];
        for (int word = 0; word < Words; word++)
        {
            ulong found = 0;
            for (int part = 0; part < 64; part += Vector128<ushort>.Count)
            {
                Vector128<ushort> valid = Vector128.LoadUnsafe(ref first, (nuint)((word * 64) + part));
                uint enough = Vector128.GreaterThanOrEqual(valid, wanted).ExtractMostSignificantBits();
                found |= (ulong)enough << part;
            }

            lanes[word] = found;
        }
    }

    /// <summary>Writes an eye into an empty lane.</summary>
    /// <param name="lane">0..511.</param>
    /// <param name="code">The code, at least shape.Words words.</param>
    /// <param name="mask">At least shape.Words words, which say which bits of the code are valid.</param>
    public void Write(int lane, ReadOnlySpan<ulong> code, ReadOnlySpan<ulong> mask)
    {
        ReadOnlySpan<int> order = PlaneOrder.Of(Shape);
        ulong bit = 1UL << (lane % 64);
        ulong* at = (ulong*)Planes + (lane / 64);
        int valid = 0;
        for (int word = 0; word < Shape.Words; word++)
        {
            // Bits that are not valid stay 0: their values do not matter, and fewer words are touched.
            for (ulong left = code[word] & mask[word]; left != 0; left &= left - 1)
            {
                at[order[(word * 64) + BitOperations.TrailingZeroCount(left)] * Words] |= bit;
            }

            valid += BitOperations.PopCount(mask[word]);
        }

        ulong* masks = (ulong*)(Planes + (Shape.Bits * PlaneBytes)) + (lane / 64);
        for (int word = 0; word < Shape.Words; word++)
        {
            ulong firsts = maskPhases == 2 ? mask[word] & 0x5555555555555555 : mask[word];
            for (ulong left = firsts; left != 0; left &= left - 1)
            {
                masks[(order[(word * 64) + BitOperations.TrailingZeroCount(left)] >> maskShift) * Words] |= bit;
            }
        }

        validBits[lane] = (ushort)valid;
        GC.KeepAlive(this);
    }

    /// <summary>
    /// Writes eyes into empty lanes of one word, 64 lanes side by side: a bit of each at a time costs twenty times as
    /// much.
    /// </summary>
    /// <param name="word">0..7: lane 64 * word and the 63 after it.</param>
    /// <param name="codes">64 words, one a lane, for each word of the code; changed.</param>
    /// <param name="masks">64 words, one a lane, for each word of the mask; zero where there is no
    /// eye.</param>
    public void WriteWord(int word, Span<ulong> codes, Span<ulong> masks)
    {
        ReadOnlySpan<int> order = PlaneOrder.Of(Shape);
        ulong* at = (ulong*)Planes + word;
        ulong* maskAt = (ulong*)(Planes + (Shape.Bits * PlaneBytes)) + word;
        for (int i = 0; i < Shape.Words; i++)
        {
            Span<ulong> code = codes.Slice(i * BitTranspose.Size, BitTranspose.Size);
            Span<ulong> mask = masks.Slice(i * BitTranspose.Size, BitTranspose.Size);
            for (int lane = 0; lane < BitTranspose.Size; lane++)
            {
                code[lane] &= mask[lane];
                validBits[(word * BitTranspose.Size) + lane] += (ushort)BitOperations.PopCount(mask[lane]);
            }

            BitTranspose.Run(code);
            BitTranspose.Run(mask);
            int bit = i * BitTranspose.Size;
            for (int b = 0; b < BitTranspose.Size; b++)
            {
                at[order[bit + b] * Words] |= code[b];
            }

            for (int b = 0; b < BitTranspose.Size; b += maskPhases)
            {
                maskAt[(order[bit + b] >> maskShift) * Words] |= mask[b];
            }
        }

        GC.KeepAlive(this);
    }

    /// <summary>The first plane, aligned to 64 bytes; keep this object alive while it is used.</summary>
    internal byte* Planes { get; }

    /// <summary>The byte offset of the mask's plane that goes with a plane of the code.</summary>
    /// <param name="plane">Place of a plane in <see cref="PlaneOrder"/>.</param>
    internal int MaskOffset(int plane) => (Shape.Bits + (plane >> maskShift)) * PlaneBytes;
}
