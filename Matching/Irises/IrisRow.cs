using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MatchCluster.Matching.Irises.Blocks;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Irises;

/// <summary>
/// A gallery row: one code and its mask, identity-major. 8 bytes of header (rows and
/// columns of 16 bits; wavelets, phases, flags and encoder of 8), the code's words, the mask's. Where both
/// phases of every cell share their mask bit it is kept once (flag 1), filled up with zeros to whole words:
/// 392 bytes for D2048, 2,408 for 12,800 bits, 3,080 for W16384; otherwise 520, 3,208 and 4,104.
/// </summary>
/// <remarks>
/// Words are in the byte order of the machine: rows are rebuilt at load, never stored or sent. Kernels read what
/// <see cref="Unpack"/> makes of a row.
/// </remarks>
public static class IrisRow
{
    private const int HeaderBytes = 8;
    private const int WordsPerLine = 8;
    private const byte SharedMask = 1;
    private const int FlagsOffset = 6;
    private const int EncoderOffset = 7;

    /// <summary>Bytes of the row of a code, a multiple of 8.</summary>
    /// <exception cref="ArgumentException">The code contradicts its shape.</exception>
    public static int BytesOf(IrisCode code)
    {
        ArgumentNullException.ThrowIfNull(code);
        Check(code);
        return BytesOf(code.Shape, KeepsMaskOnce(code));
    }

    /// <summary>Bytes that a row of this shape takes at most.</summary>
    /// <exception cref="ArgumentException">The shape is not valid.</exception>
    public static int MostBytesOf(IrisShape shape)
    {
        Check(shape);
        return BytesOf(shape, sharedMask: false);
    }

    /// <summary>Bytes of the row that begins here.</summary>
    /// <exception cref="ArgumentException">It states no valid shape.</exception>
    public static int LengthOf(ReadOnlySpan<byte> row)
    {
        IrisShape shape = ShapeOf(row);
        Check(shape);
        return BytesOf(shape, HasSharedMask(row));
    }

    /// <summary>Writes the row; bytes of <paramref name="row"/> beyond it stay as they are.</summary>
    /// <exception cref="ArgumentException">
    /// The code contradicts its shape, or the row is too short for it.
    /// </exception>
    public static void Write(IrisCode code, Span<byte> row)
    {
        ArgumentNullException.ThrowIfNull(code);
        Check(code);
        IrisShape shape = code.Shape;
        bool once = KeepsMaskOnce(code);
        row = row[..CheckLength(row.Length, shape, once)];
        BinaryPrimitives.WriteUInt16LittleEndian(row, (ushort)shape.Rows);
        BinaryPrimitives.WriteUInt16LittleEndian(row[2..], (ushort)shape.Columns);
        row[4] = (byte)shape.Wavelets;
        row[5] = (byte)shape.Phases;
        row[FlagsOffset] = once ? SharedMask : (byte)0;
        row[EncoderOffset] = (byte)code.Encoder;
        Span<ulong> words = MemoryMarshal.Cast<byte, ulong>(row[HeaderBytes..]);
        code.Code.Span.CopyTo(words);
        Span<ulong> mask = words[shape.Words..];
        if (once)
        {
            for (int i = 0; i < mask.Length; i++)
            {
                ulong high = (2 * i) + 1 < shape.Words ? code.Mask.Span[(2 * i) + 1] : 0;
                mask[i] = Firsts(code.Mask.Span[2 * i]) | (Firsts(high) << 32);
            }
        }
        else
        {
            code.Mask.Span.CopyTo(mask);
        }
    }

    /// <summary>The shape a row states; not a valid one where nothing has been written.</summary>
    /// <exception cref="ArgumentException">The row is shorter than its header.</exception>
    public static IrisShape ShapeOf(ReadOnlySpan<byte> row)
    {
        if (row.Length < HeaderBytes)
        {
            throw new ArgumentException(
                $"found an iris row of {row.Length} bytes, wanted at least {HeaderBytes}");
        }

        return new IrisShape(
            BinaryPrimitives.ReadUInt16LittleEndian(row), BinaryPrimitives.ReadUInt16LittleEndian(row[2..]),
            row[4], row[5]);
    }

    /// <summary>The code of a row; its place on the body is not in the row.</summary>
    /// <exception cref="ArgumentException">The row states no valid shape or is too short for it.</exception>
    public static IrisCode Read(ReadOnlySpan<byte> row, BiometricPosition position)
    {
        IrisShape shape = ShapeOf(row);
        Check(shape);
        ReadOnlySpan<ulong> words = Unpack(row, shape, new ulong[ScratchWords(shape)]);
        return new IrisCode
        {
            Position = position,
            Shape = shape,
            Code = words[..shape.Words].ToArray(),
            Mask = words.Slice(PaddedWords(shape), shape.Words).ToArray(),
            Encoder = EncoderOf(row),
        };
    }

    /// <summary>Whether both phases of every cell share their mask bit; true of codes with one phase, too.</summary>
    internal static bool HasSharedMask(ReadOnlySpan<byte> row) =>
        row[5] != 2 || row[FlagsOffset] == SharedMask;

    /// <summary>What made the code of a row.</summary>
    internal static IrisEncoderId EncoderOf(ReadOnlySpan<byte> row) => (IrisEncoderId)row[EncoderOffset];

    /// <summary>Words of a code (or of a mask) with its filling, a multiple of 8.</summary>
    internal static int PaddedWords(IrisShape shape) =>
        (shape.Words + WordsPerLine - 1) / WordsPerLine * WordsPerLine;

    /// <summary>Words of which <see cref="Unpack"/> takes a part that begins at a cache line.</summary>
    internal static int ScratchWords(IrisShape shape) => (2 * PaddedWords(shape)) + WordsPerLine - 1;

    /// <summary>
    /// Code then mask of a row known to state this shape, <see cref="PaddedWords"/> each, filled up with zero words so
    /// that no kernel has a tail.
    /// </summary>
    /// <param name="row">The row.</param>
    /// <param name="shape">What it states.</param>
    /// <param name="scratch"><see cref="ScratchWords"/>, best on the stack or pinned; written.</param>
    /// <exception cref="ArgumentException">The row is too short.</exception>
    internal static ReadOnlySpan<ulong> Unpack(ReadOnlySpan<byte> row, IrisShape shape, Span<ulong> scratch)
    {
        bool once = shape.Phases == 2 && HasSharedMask(row);
        row = row[..CheckLength(row.Length, shape, once)];
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(row[HeaderBytes..]);
        int padded = PaddedWords(shape);
        Span<ulong> unpacked = scratch.Slice(WordsToLine(scratch), 2 * padded);
        Span<ulong> code = unpacked[..padded];
        Span<ulong> mask = unpacked[padded..];
        words[..shape.Words].CopyTo(code);
        code[shape.Words..].Clear();
        mask[shape.Words..].Clear();
        if (once)
        {
            Twice(MemoryMarshal.Cast<ulong, uint>(words[shape.Words..])[..shape.Words], mask);
        }
        else
        {
            words[shape.Words..].CopyTo(mask);
        }

        return unpacked;
    }

    /// <summary>
    /// Words to skip to stand on a multiple of 64 bytes: a load that crosses a cache line costs two, and the widest
    /// kernel would cross one at every load.
    /// </summary>
    /// <param name="memory">Memory on the stack or pinned; other memory may move away from the line.</param>
    internal static unsafe int WordsToLine(Span<ulong> memory)
    {
        nuint address = (nuint)Unsafe.AsPointer(ref memory[0]);
        return (int)((64 - (address % 64)) % 64 / sizeof(ulong));
    }

    internal static void Check(IrisCode code)
    {
        Check(code.Shape);
        if (code.Code.Length != code.Shape.Words || code.Mask.Length != code.Shape.Words)
        {
            throw new ArgumentException(
                $"found {code.Code.Length} words of code and {code.Mask.Length} of mask, wanted "
                + $"{code.Shape.Words} of each for the shape {code.Shape}");
        }
    }

    private static bool KeepsMaskOnce(IrisCode code) =>
        code.Shape.Phases == 2 && IrisBlock.HasSharedMask(code.Shape, code.Mask.Span);

    /// <summary>Bytes of the rows of a shape whose phases share their masks, or do not.</summary>
    internal static int BytesOf(IrisShape shape, bool sharedMask)
    {
        int maskWords = sharedMask && shape.Phases == 2 ? (shape.Words + 1) / 2 : shape.Words;
        return HeaderBytes + ((shape.Words + maskWords) * sizeof(ulong));
    }

    /// <summary>Every second bit, the lowest first: 32 bits.</summary>
    private static ulong Firsts(ulong x)
    {
        x &= 0x5555555555555555;
        x = (x | (x >> 1)) & 0x3333333333333333;
        x = (x | (x >> 2)) & 0x0F0F0F0F0F0F0F0F;
        x = (x | (x >> 4)) & 0x00FF00FF00FF00FF;
        x = (x | (x >> 8)) & 0x0000FFFF0000FFFF;
        return (uint)(x | (x >> 16));
    }

    /// <summary>Every bit twice: 32 bits make a word.</summary>
    private static void Twice(ReadOnlySpan<uint> bits, Span<ulong> words)
    {
        int i = 0;
        for (; Vector256.IsHardwareAccelerated && i + Vector256<uint>.Count <= bits.Length; i += Vector256<uint>.Count)
        {
            (Vector256<ulong> low, Vector256<ulong> high) = Vector256.Widen(Vector256.Create(bits[i..]));
            Twice(low).CopyTo(words[i..]);
            Twice(high).CopyTo(words[(i + Vector256<ulong>.Count)..]);
        }

        for (; i < bits.Length; i++)
        {
            ulong x = bits[i];
            x = (x | (x << 16)) & 0x0000FFFF0000FFFF;
            x = (x | (x << 8)) & 0x00FF00FF00FF00FF;
            x = (x | (x << 4)) & 0x0F0F0F0F0F0F0F0F;
            x = (x | (x << 2)) & 0x3333333333333333;
            x = (x | (x << 1)) & 0x5555555555555555;
            words[i] = x | (x << 1);
        }
    }

    private static Vector256<ulong> Twice(Vector256<ulong> x)
    {
        x = (x | (x << 16)) & Vector256.Create(0x0000FFFF0000FFFFUL);
        x = (x | (x << 8)) & Vector256.Create(0x00FF00FF00FF00FFUL);
        x = (x | (x << 4)) & Vector256.Create(0x0F0F0F0F0F0F0F0FUL);
        x = (x | (x << 2)) & Vector256.Create(0x3333333333333333UL);
        x = (x | (x << 1)) & Vector256.Create(0x5555555555555555UL);
        return x | (x << 1);
    }

    private static void Check(IrisShape shape)
    {
        if (!shape.IsValid)
        {
            throw new ArgumentException(
                $"found the iris shape {shape}, wanted one that IrisShape.IsValid accepts");
        }
    }

    private static int CheckLength(int length, IrisShape shape, bool sharedMask)
    {
        int wanted = BytesOf(shape, sharedMask);
        return length >= wanted
            ? wanted
            : throw new ArgumentException(
                $"found an iris row of {length} bytes, wanted {wanted} for the shape {shape}");
    }
}
