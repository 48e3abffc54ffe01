using System.Xml;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Templates.Wrappers;

/// <summary>
/// The XML form of ISO/IEC 19785-3 that national identity systems send: elements BIR, nested or side by side, each with
/// its data as base64 in BDB. There are no document types, no entities and nothing outside the text.
/// </summary>
internal static class XmlBir
{
    private const int MostDepth = 16;
    private const int MostElements = 10_000;

    /// <summary>Bytes of one tag. The reader compares the attributes of an element with each other.</summary>
    private const int MostTagBytes = 4096;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    public static bool Begins(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> text = bytes.StartsWith(ByteOrderMark) ? bytes[3..] : bytes;
        text = text.TrimStart(" \t\r\n"u8);
        return text.StartsWith("<?xml"u8) || text.StartsWith("<BIR"u8)
            || (text.StartsWith("<"u8) && text[..Math.Min(text.Length, 64)].IndexOf(":BIR"u8) > 0);
    }

    public static Decoded<WrappedBlocks> Read(ReadOnlyMemory<byte> bytes)
    {
        if (HasLongTag(bytes.Span))
        {
            return new Rejection(-1, $"a tag of more than {MostTagBytes} bytes", "elements BIR with their data");
        }

        XmlReaderSettings settings = new()
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersInDocument = bytes.Length + 1,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
        };
        try
        {
            using MemoryStream stream = new(bytes.ToArray(), writable: false);
            using XmlReader reader = XmlReader.Create(stream, settings);
            return Read(reader);
        }
        catch (XmlException wrong)
        {
            return new Rejection(-1, $"XML that is broken in line {wrong.LineNumber}", "elements BIR with their data");
        }
    }

    /// <summary>Whether more bytes than a tag may have stand from one of its brackets to the other. Comments and
    /// CDATA have no attributes.</summary>
    private static bool HasLongTag(ReadOnlySpan<byte> bytes)
    {
        while (bytes.IndexOf((byte)'<') is var begin and >= 0)
        {
            bytes = bytes[begin..];
            if (bytes.StartsWith("<!"u8))
            {
                bytes = bytes[1..];
                continue;
            }

            int length = bytes[..Math.Min(bytes.Length, MostTagBytes)].IndexOf((byte)'>');
            if (length < 0)
            {
                return bytes.Length > MostTagBytes;
            }

            bytes = bytes[length..];
        }

        return false;
    }

    private static Decoded<WrappedBlocks> Read(XmlReader reader)
    {
        List<ReadOnlyMemory<byte>> blocks = [];
        bool isBir = false;
        int elements = 0;
        bool more = reader.Read();
        while (more)
        {
            if (reader.NodeType != XmlNodeType.Element)
            {
                more = reader.Read();
                continue;
            }

            isBir |= reader.LocalName == "BIR";
            if (!isBir || reader.Depth > MostDepth || ++elements > MostElements)
            {
                return new Rejection(-1, "XML that is no biometric information record", "elements BIR with their data");
            }

            if (reader.LocalName != "BDB" || reader.IsEmptyElement)
            {
                more = reader.Read();
                continue;
            }

            // The text's end is the next node already.
            if (Base64Text.Decode(reader.ReadElementContentAsString()) is not { } block)
            {
                return new Rejection(-1, $"BDB {blocks.Count + 1} that is not base64", "base64");
            }

            blocks.Add(block);
            if (blocks.Count > BirWrapper.MostBlocks)
            {
                return new Rejection(-1, $"more than {BirWrapper.MostBlocks} records", "fewer");
            }

            more = reader.ReadState == ReadState.Interactive;
        }

        return blocks.Count == 0 ? new Rejection(-1, "a BIR without data", "an element BDB")
            : new WrappedBlocks("XML BIR", blocks);
    }
}
