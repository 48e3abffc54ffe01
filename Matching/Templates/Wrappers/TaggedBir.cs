using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Templates.Wrappers;

/// <summary>
/// Biometric information templates of ISO/IEC 7816-11 and 19785-3 (tags 7F61, 7F60): data objects 5F2E and 7F2E, the
/// latter with the minutiae in 81 where they are a card's.
/// </summary>
internal static class TaggedBir
{
    private const int Group = 0x7F61;
    private const int Template = 0x7F60;
    private const int Data = 0x5F2E;
    private const int ConstructedData = 0x7F2E;
    private const int Minutiae = 0x81;
    private const int MostDepth = 4;

    public static bool Begins(ReadOnlySpan<byte> bytes) => bytes is [0x7F, 0x60 or 0x61, ..];

    public static Decoded<WrappedBlocks> Read(ReadOnlyMemory<byte> bytes)
    {
        List<ReadOnlyMemory<byte>> blocks = [];
        Rejection? fault = Walk(bytes, 0, bytes.Length, 0, blocks);
        return fault is not null ? fault
            : blocks.Count == 0 ? new Rejection(0, "a biometric information template without data", "tag 5F2E or 7F2E")
            : new WrappedBlocks("ISO/IEC 7816-11 BIT", blocks);
    }

    private static Rejection? Walk(
        ReadOnlyMemory<byte> bytes, int start, int end, int depth, List<ReadOnlyMemory<byte>> blocks)
    {
        int at = start;
        while (at < end)
        {
            if (Next(bytes.Span, at, end) is not { } found)
            {
                return new Rejection(at, "a data object that does not end inside its wrapper", "whole ones");
            }

            if (blocks.Count >= BirWrapper.MostBlocks)
            {
                return new Rejection(at, $"more than {BirWrapper.MostBlocks} records", "fewer");
            }

            if (found.Tag == Data)
            {
                blocks.Add(bytes[found.Content..found.End]);
            }
            else if (found.Tag == ConstructedData)
            {
                Found? inner = Next(bytes.Span, found.Content, found.End);
                blocks.Add(inner is { Tag: Minutiae } card ? bytes[card.Content..card.End]
                    : bytes[found.Content..found.End]);
            }
            else if (found.Tag is Group or Template && depth < MostDepth
                && Walk(bytes, found.Content, found.End, depth + 1, blocks) is { } fault)
            {
                return fault;
            }

            at = found.End;
        }

        return null;
    }

    /// <summary>The data object at an offset, with a tag of one or two bytes and a length of up to four.</summary>
    private static Found? Next(ReadOnlySpan<byte> bytes, int at, int end)
    {
        if (at + 2 > end)
        {
            return null;
        }

        int tag = bytes[at++];
        if ((tag & 0x1F) == 0x1F)
        {
            tag = (tag << 8) | bytes[at++];
        }

        if (at >= end)
        {
            return null;
        }

        long length = bytes[at++];
        if (length > 0x84 || length == 0x80)
        {
            return null;
        }

        if (length > 0x80)
        {
            int count = (int)length - 0x80;
            length = 0;
            for (; count > 0 && at < end; count--)
            {
                length = (length << 8) | bytes[at++];
            }

            if (count > 0)
            {
                return null;
            }
        }

        return length <= end - at ? new Found(tag, at, at + (int)length) : null;
    }

    private readonly record struct Found(int Tag, int Content, int End);
}
