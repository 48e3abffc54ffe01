using System.Buffers.Binary;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Templates;

/// <summary>
/// The extended data after a view's minutiae: a 16-bit length, then areas, each with its type and its length (16 bits
/// each, counted in the length). Read are the mark of the extractor and the block of ridge detail; ridge counts, cores
/// and blocks of others are passed over. Written are those two and, in the ISO formats, the standard's own area of
/// cores and deltas.
/// </summary>
internal static class ExtendedData
{
    /// <summary>The length of all areas.</summary>
    public const int LengthBytes = 2;

    private const int AreaHeaderBytes = 4;

    /// <summary>Bytes by which the length of the last extended data may be too large; NIST's sample has 1.</summary>
    private const int MostMissingBytes = 16;

    /// <summary>
    /// The block of ridge detail; null where there is none, or a damaged one, which the answer says. Extended data of
    /// the last view may be cut: their length is a few bytes off in records of the field, or the record declares the
    /// length that it had whole. By more than that they are a sign of a misread number of minutiae.
    /// </summary>
    /// <param name="reader">Stands at the length.</param>
    /// <param name="minutiae">Those of the view.</param>
    /// <param name="isLast">Whether the record ends with this view.</param>
    /// <param name="extractor">What the mark says.</param>
    public static RidgeBlock? Read(
        ref RecordReader reader, Minutia[] minutiae, bool isLast, out FingerExtractorId extractor)
    {
        int at = reader.Offset;
        int length = reader.Word("extended data length");
        int missing = length - reader.Remaining;
        if (isLast && missing > 0
            && (missing <= MostMissingBytes || reader.DeclaresToEndAt((long)reader.Offset + length)))
        {
            reader.Forgive(ForgivenKind.ExtendedData, at, length);
            length = reader.Remaining;
        }

        int start = reader.Offset;
        ReadOnlySpan<byte> areas = reader.Take(length, "extended data");
        extractor = ExtractorMark.In(areas);
        return ReadAreas(ref reader, start, areas, minutiae);
    }

    /// <summary>Bytes of a view's extended data, their length among them.</summary>
    /// <param name="view">The view.</param>
    /// <param name="isIso">Whether the format is one of ISO, which has the area of cores and deltas.</param>
    public static int Measure(FingerView view, bool isIso) => LengthBytes + AreaBytes(view, isIso);

    /// <summary>Writes a view's extended data, their length first.</summary>
    /// <param name="writer">Has room for <see cref="Measure"/>.</param>
    /// <param name="view">The view.</param>
    /// <param name="isIso">As for <see cref="Measure"/>.</param>
    public static void Write(ref RecordWriter writer, FingerView view, bool isIso)
    {
        RidgeBlock? block = view.OwnRidges;
        writer.Word(AreaBytes(view, isIso));
        ExtractorMark.Write(ref writer, view.Extractor);
        if (block is null)
        {
            return;
        }

        if (HasPoints(block, isIso))
        {
            writer.Word(SingularPointArea.Type);
            writer.Word(AreaHeaderBytes + SingularPointArea.Measure(block.Detail!.Points));
            SingularPointArea.Write(ref writer, block.Detail.Points, view);
        }

        writer.Word(RidgeBlockCodec.AreaType);
        writer.Word(AreaHeaderBytes + RidgeBlockCodec.Measure(block));
        writer.Bytes(RidgeBlockCodec.Encode(block, view.Minutiae));
    }

    private static int AreaBytes(FingerView view, bool isIso) =>
        ExtractorMark.Measure(view.Extractor) + RidgeBytes(view.OwnRidges, isIso);

    private static int RidgeBytes(RidgeBlock? block, bool isIso) => block is null ? 0
        : AreaHeaderBytes + RidgeBlockCodec.Measure(block)
            + (HasPoints(block, isIso)
                ? AreaHeaderBytes + SingularPointArea.Measure(block.Detail!.Points) : 0);

    private static bool HasPoints(RidgeBlock block, bool isIso) => isIso && block.Detail is { Points.Count: > 0 };

    /// <summary>The first area that is ours counts. Areas that do not add up are nobody's: the rest is passed over.
    /// </summary>
    private static RidgeBlock? ReadAreas(
        ref RecordReader reader, int start, ReadOnlySpan<byte> areas, Minutia[] minutiae)
    {
        int at = 0;
        while (areas.Length - at >= AreaHeaderBytes)
        {
            int type = BinaryPrimitives.ReadUInt16BigEndian(areas[at..]);
            int length = BinaryPrimitives.ReadUInt16BigEndian(areas[(at + 2)..]);
            bool isWhole = length >= AreaHeaderBytes && length <= areas.Length - at;
            ReadOnlySpan<byte> data = areas[(at + AreaHeaderBytes)..(isWhole ? at + length : areas.Length)];
            if (type == RidgeBlockCodec.AreaType && RidgeBlockCodec.IsOurs(data))
            {
                RidgeBlock? block = isWhole ? RidgeBlockCodec.Decode(data, minutiae) : null;
                if (block is null)
                {
                    reader.Forgive(ForgivenKind.RidgeDetail, start + at, length);
                }

                return block;
            }

            if (!isWhole)
            {
                return null;
            }

            at += length;
        }

        return null;
    }
}
