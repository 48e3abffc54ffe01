using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Images.Records;

/// <summary>
/// Finds the pictures in bytes: a finger image record (ISO/IEC 19794-4, INCITS 381), an iris image record (ISO/IEC
/// 19794-6, or records of Type-17 of ANSI/NIST-ITL), or a picture alone.
/// Wrappers are taken off before (<see cref="Templates.Wrappers.BirWrapper"/>).
/// </summary>
public static class PictureRecords
{
    /// <summary>Pictures of one record: ten fingers and two eyes, some of them twice.</summary>
    internal const int MostPictures = 32;

    private static ReadOnlySpan<byte> FingerMagic => "FIR\0"u8;

    private static ReadOnlySpan<byte> IrisMagic => "IIR\0"u8;

    /// <summary>Whether bytes begin as a record with pictures inside.</summary>
    public static bool IsRecord(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith(FingerMagic) || bytes.StartsWith(IrisMagic) || IrisType17.IsRecord(bytes);

    /// <summary>The pictures, or the first thing that is wrong.</summary>
    public static Decoded<RecordPictures> Read(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > ImageLimits.MostFileBytes)
        {
            return new Rejection(-1, $"a record of {bytes.Length} bytes", $"at most {ImageLimits.MostFileBytes}");
        }

        ReadOnlySpan<byte> span = bytes.Span;
        if (!IsRecord(span))
        {
            return new RecordPictures(null, [new RecordPicture { Bytes = bytes }], []);
        }

        if (IrisType17.IsRecord(span))
        {
            return IrisType17.Read(bytes);
        }

        ReadOnlySpan<byte> version = span[4..Math.Min(8, span.Length)];
        return span.StartsWith(FingerMagic)
            ? version.SequenceEqual("010\0"u8) ? FingerImages2005.Read(bytes)
                : version.SequenceEqual("020\0"u8) ? FingerImages2011.Read(bytes)
                : Unknown("finger", version)
            : version.SequenceEqual("010\0"u8) || version.SequenceEqual("013\0"u8) ? IrisImages2005.Read(bytes)
                : version.SequenceEqual("020\0"u8) ? IrisImages2011.Read(bytes)
                : Unknown("iris", version);
    }

    private static Rejection Unknown(string kind, ReadOnlySpan<byte> version) => new(
        4, $"an image record ({kind}) of version {Convert.ToHexString(version)}", "version 010 (2005) or 020 (2011)");
}
