using System.Buffers.Binary;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Templates.Wrappers;

/// <summary>
/// Takes biometric information records (ISO/IEC 19785, CBEFF) off what they wrap: the XML form, the tagged form of
/// cards, the PIV form of 88 bytes, and BioAPI's header of 16 bytes. Bytes that are none of them come back as they are.
/// </summary>
public static class BirWrapper
{
    /// <summary>Records inside one wrapper: ten fingers and two eyes, some of them twice.</summary>
    internal const int MostBlocks = 32;

    private const int PivHeaderBytes = 88;
    private const int PivVersion = 3;
    private const int BioApiHeaderBytes = 16;

    /// <summary>The blocks inside, or the bytes themselves as the only one.</summary>
    /// <param name="bytes">At most what a picture or a template may have; longer ones are not looked into.</param>
    public static Decoded<WrappedBlocks> Unwrap(ReadOnlyMemory<byte> bytes)
    {
        ReadOnlySpan<byte> span = bytes.Span;
        if (XmlBir.Begins(span))
        {
            return XmlBir.Read(bytes);
        }

        if (TaggedBir.Begins(span))
        {
            return TaggedBir.Read(bytes);
        }

        if (PivBlock(span) is { } piv)
        {
            return new WrappedBlocks("CBEFF for PIV cards", [bytes[piv]]);
        }

        return BeginsBioApi(span) ? new WrappedBlocks("BioAPI BIR", [bytes[BioApiHeaderBytes..]])
            : new WrappedBlocks(null, [bytes]);
    }

    /// <summary>
    /// Where the block lies in the patron format of NIST SP 800-76: version 3, and lengths that give the whole.
    /// </summary>
    private static Range? PivBlock(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= PivHeaderBytes || bytes[0] != PivVersion)
        {
            return null;
        }

        long block = BinaryPrimitives.ReadUInt32BigEndian(bytes[2..]);
        int signature = BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]);
        return PivHeaderBytes + block + signature == bytes.Length
            ? PivHeaderBytes..(PivHeaderBytes + (int)block) : null;
    }

    /// <summary>The whole record's length, in either byte order, and a known record after the header.</summary>
    private static bool BeginsBioApi(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= BioApiHeaderBytes + 4)
        {
            return false;
        }

        bool isLength = BinaryPrimitives.ReadUInt32LittleEndian(bytes) == (uint)bytes.Length
            || BinaryPrimitives.ReadUInt32BigEndian(bytes) == (uint)bytes.Length;
        ReadOnlySpan<byte> inner = bytes[BioApiHeaderBytes..];
        return isLength
            && (inner.StartsWith("FMR\0"u8) || inner.StartsWith("FIR\0"u8) || inner.StartsWith("IIR\0"u8));
    }
}

/// <summary>What a wrapper holds.</summary>
/// <param name="Wrapper">Its name for a sentence; null for bytes without one.</param>
/// <param name="Blocks">The records or pictures inside; at least one.</param>
public sealed record WrappedBlocks(string? Wrapper, IReadOnlyList<ReadOnlyMemory<byte>> Blocks);
