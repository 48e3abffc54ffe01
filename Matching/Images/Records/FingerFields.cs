using MatchCluster.Matching.Model;
using MatchCluster.Matching.Templates;

namespace MatchCluster.Matching.Images.Records;

/// <summary>What the finger image records of all years have in common.</summary>
internal static class FingerFields
{
    /// <summary>Uncompressed, not packed or packed; at 8 bits a pixel they are the same.</summary>
    private const int MostPlain = 1;
    private const int PixelsPerInch = 1;
    private const int PixelsPerCm = 2;
    private const int PlainRightThumb = 11;
    private const int PlainLeftThumb = 12;

    /// <summary>Stated pixels per inch, from two directions in either unit; null where none are stated.</summary>
    public static int? Ppi(ref RecordReader reader, int units, List<string> warnings)
    {
        int across = reader.Word("horizontal resolution of the picture");
        int down = reader.Word("vertical resolution of the picture");
        return units switch
        {
            PixelsPerInch => StatedResolution.OfInches(across, down, warnings),
            PixelsPerCm => StatedResolution.OfCentimetres(across, down, warnings),
            _ => null,
        };
    }

    /// <summary>The picture with the finger of its position code.</summary>
    public static RecordPicture? Picture(
        ref RecordReader reader, ReadOnlyMemory<byte> bytes, FingerImage finger, int length)
    {
        int at = reader.Offset;
        reader.Skip(length, "picture");
        if (reader.Failed)
        {
            return null;
        }

        bool isSlap = SlapPositions.FromLeft(finger.Position) is not null;
        if (finger.Position > PlainLeftThumb && !isSlap)
        {
            reader.Reject(at, $"position code {finger.Position}", "a finger or a slap, 0..15 or 40..50");
            return null;
        }

        if (finger.Compression <= MostPlain && finger.Depth != 8)
        {
            reader.Reject(at, $"pixels of {finger.Depth} bits", "8");
            return null;
        }

        int code = finger.Position switch
        {
            PlainRightThumb => 1,
            PlainLeftThumb => 6,
            _ => isSlap ? 0 : finger.Position,
        };

        // The bytes decide: many records say one compression and hold another.
        ReadOnlyMemory<byte> content = bytes.Slice(at, length);
        bool isPlain = ImageMagic.Of(content.Span) is null || length == finger.Width * finger.Height;
        return new RecordPicture
        {
            Position = BiometricPosition.OfFinger(code),
            Slap = isSlap ? finger.Position : null,
            Bytes = content,
            Raw = finger.Compression <= MostPlain && isPlain ? new RawSize(finger.Width, finger.Height) : null,
            Ppi = finger.Ppi,
            Quality = finger.Quality <= 100 ? finger.Quality : null,
        };
    }
}

/// <summary>The fields that stand before a finger's picture.</summary>
internal readonly record struct FingerImage(
    int Position, int Width, int Height, int Depth, int Compression, int? Ppi, int Quality);
