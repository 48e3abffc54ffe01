namespace MatchCluster.Matching.Tests.Images;

/// <summary>Image records laid out by hand from the standards' tables.</summary>
internal static class RecordBytes
{
    /// <summary>ISO/IEC 19794-4:2005, or INCITS 381-2004 where it has a product identifier.</summary>
    public static byte[] Finger2005(bool isAnsi, int compression, int ppi, params Picture[] pictures)
    {
        byte[][] views =
        [
            .. pictures.Select(picture => (byte[])
            [
                .. Int(14 + picture.Bytes.Length), (byte)picture.Position, 1, 1, (byte)picture.Quality, 0,
                .. Word(picture.Width), .. Word(picture.Height), 0, .. picture.Bytes,
            ]),
        ];
        byte[] tail =
        [
            .. isAnsi ? Int(0x00120034) : [], .. Word(0), .. Word(31), (byte)pictures.Length, 1, .. Word(ppi),
            .. Word(ppi), .. Word(ppi), .. Word(ppi), 8, (byte)compression, 0, 0, .. views.SelectMany(view => view),
        ];
        return [.. "FIR\0"u8, .. "010\0"u8, 0, 0, .. Int(14 + tail.Length), .. tail];
    }

    /// <summary>ISO/IEC 19794-4:2011 with a quality block, a certificate and a comment after each picture.</summary>
    public static byte[] Finger2011(int compression, int pixelsPerCm, params Picture[] pictures)
    {
        byte[][] all =
        [
            .. pictures.Select((picture, i) => Measured(
            [
                .. new byte[9], 0, .. Word(0), .. Word(0), 1, (byte)picture.Quality, .. Word(1), .. Word(1), 1, 1, 2, 3,
                (byte)picture.Position, (byte)i, 2, .. Word(pixelsPerCm), .. Word(pixelsPerCm), .. Word(pixelsPerCm),
                .. Word(pixelsPerCm), 8, (byte)compression, 0, .. Word(picture.Width), .. Word(picture.Height),
                .. Int(picture.Bytes.Length), .. picture.Bytes, 0, 3, 0, 6, 65, 66,
            ])),
        ];
        byte[] tail = [.. Word(pictures.Length), 1, 1, .. all.SelectMany(each => each)];
        return [.. "FIR\0"u8, .. "020\0"u8, .. Int(12 + tail.Length), .. tail];
    }

    /// <summary>ISO/IEC 19794-6:2005: one picture of each eye.</summary>
    public static byte[] Iris2005(int format, Picture right, Picture left)
    {
        byte[] tail =
        [
            .. Word(0), 2, .. Word(45), .. Word(0x15), .. Word(200), .. Word(format), .. Word(right.Width),
            .. Word(right.Height), 8, 0, .. new byte[16],
            1, .. Word(1), .. Word(1), (byte)right.Quality, .. Word(0), .. Word(0), .. Int(right.Bytes.Length),
            .. right.Bytes,
            2, .. Word(1), .. Word(1), (byte)left.Quality, .. Word(0), .. Word(0), .. Int(left.Bytes.Length),
            .. left.Bytes,
        ];
        return [.. "IIR\0"u8, .. "010\0"u8, .. Int(12 + tail.Length), .. tail];
    }

    /// <summary>ISO/IEC 19794-6:2011.</summary>
    public static byte[] Iris2011(int format, params Picture[] pictures)
    {
        byte[][] all =
        [
            .. pictures.Select((picture, i) => Measured(
            [
                .. new byte[9], 0, .. Word(0), .. Word(0), 1, (byte)picture.Quality, .. Word(1), .. Word(1), .. Word(i),
                (byte)picture.Position, 1, (byte)format, 0, .. Word(picture.Width), .. Word(picture.Height), 8,
                .. new byte[18], .. Int(picture.Bytes.Length), .. picture.Bytes,
            ])),
        ];
        byte[] tail = [.. Word(pictures.Length), 0, (byte)pictures.Length, .. all.SelectMany(each => each)];
        return [.. "IIR\0"u8, .. "020\0"u8, .. Int(12 + tail.Length), .. tail];
    }

    private static byte[] Measured(byte[] rest) => [.. Int(rest.Length + 4), .. rest];

    private static byte[] Word(int value) => [(byte)(value >> 8), (byte)value];

    private static byte[] Int(int value) =>
        [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];

    internal readonly record struct Picture(int Position, int Width, int Height, int Quality, byte[] Bytes);
}
