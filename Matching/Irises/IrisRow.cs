using System.Buffers.Binary;
using System.Runtime.InteropServices;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Irises;

/// <summary>
/// A gallery row: one code and its mask, identity-major. 64 bytes of header (rows, columns, wavelets, phases,
/// 16 bits each; the rest zero), then the code's words, then the mask's, each filled up with zero words to 64
/// bytes so that no kernel has a tail. 576 bytes for D2048, 3,264 for 12,800 bits, 4,160 for W16384.
/// </summary>
/// <remarks>
/// Words are in the byte order of the machine: rows are rebuilt at load, never stored or sent.
/// </remarks>
public static class IrisRow
{
    private const int HeaderBytes = 64;
    private const int ShapeBytes = 8;
    private const int WordsPerLine = 8;

    /// <summary>Bytes of a row, a multiple of 64.</summary>
    /// <exception cref="ArgumentException">The shape is not valid.</exception>
    public static int BytesOf(IrisShape shape)
    {
        Check(shape);
        return HeaderBytes + (2 * PaddedWords(shape) * sizeof(ulong));
    }

    /// <summary>Writes the row; bytes of <paramref name="row"/> beyond it stay as they are.</summary>
    /// <exception cref="ArgumentException">
    /// The code contradicts its shape, or the row is too short for it.
    /// </exception>
    public static void Write(IrisCode code, Span<byte> row)
    {
        Check(code);
        row = row[..CheckLength(row.Length, code.Shape)];
        row.Clear();
        BinaryPrimitives.WriteUInt16LittleEndian(row, (ushort)code.Shape.Rows);
        BinaryPrimitives.WriteUInt16LittleEndian(row[2..], (ushort)code.Shape.Columns);
        BinaryPrimitives.WriteUInt16LittleEndian(row[4..], (ushort)code.Shape.Wavelets);
        BinaryPrimitives.WriteUInt16LittleEndian(row[6..], (ushort)code.Shape.Phases);
        Span<ulong> words = MemoryMarshal.Cast<byte, ulong>(row[HeaderBytes..]);
        code.Code.Span.CopyTo(words);
        code.Mask.Span.CopyTo(words[PaddedWords(code.Shape)..]);
    }

    /// <summary>The shape a row states; not a valid one where nothing has been written.</summary>
    /// <exception cref="ArgumentException">The row is shorter than the four numbers of a shape.</exception>
    public static IrisShape ShapeOf(ReadOnlySpan<byte> row)
    {
        if (row.Length < ShapeBytes)
        {
            throw new ArgumentException(
                $"found an iris row of {row.Length} bytes, wanted at least {ShapeBytes}");
        }

        return new IrisShape(
            BinaryPrimitives.ReadUInt16LittleEndian(row),
            BinaryPrimitives.ReadUInt16LittleEndian(row[2..]),
            BinaryPrimitives.ReadUInt16LittleEndian(row[4..]),
            BinaryPrimitives.ReadUInt16LittleEndian(row[6..]));
    }

    /// <summary>The code of a row; its place on the body is not in the row.</summary>
    /// <exception cref="ArgumentException">The row states no valid shape or is too short for it.</exception>
    public static IrisCode Read(ReadOnlySpan<byte> row, BiometricPosition position)
    {
        IrisShape shape = ShapeOf(row);
        ReadOnlySpan<ulong> words = WordsOf(row, shape);
        return new IrisCode
        {
            Position = position,
            Shape = shape,
            Code = words[..shape.Words].ToArray(),
            Mask = words.Slice(PaddedWords(shape), shape.Words).ToArray(),
        };
    }

    /// <summary>Words of a code (or of a mask) with its filling, a multiple of 8.</summary>
    internal static int PaddedWords(IrisShape shape) =>
        (shape.Words + WordsPerLine - 1) / WordsPerLine * WordsPerLine;

    /// <summary>Code then mask, <see cref="PaddedWords"/> each, of a row known to state this shape.</summary>
    internal static ReadOnlySpan<ulong> WordsOf(ReadOnlySpan<byte> row, IrisShape shape) =>
        MemoryMarshal.Cast<byte, ulong>(row[..CheckLength(row.Length, shape)][HeaderBytes..]);

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

    private static void Check(IrisShape shape)
    {
        if (!shape.IsValid)
        {
            throw new ArgumentException(
                $"found the iris shape {shape}, wanted one that IrisShape.IsValid accepts");
        }
    }

    private static int CheckLength(int length, IrisShape shape)
    {
        int wanted = BytesOf(shape);
        return length >= wanted
            ? wanted
            : throw new ArgumentException(
                $"found an iris row of {length} bytes, wanted {wanted} for the shape {shape}");
    }
}
